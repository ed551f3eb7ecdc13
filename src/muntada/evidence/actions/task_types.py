"""What the stage of evidence leaves to the queue; the module `tasks` carries it out."""

from django.utils.translation import gettext_lazy as _

from muntada.evidence.rules.observations import IMPORTING_ROLES
from muntada.forums.rules.roles import SECRETARIAT
from muntada.foundations.jobs.kinds import job_kind
from muntada.foundations.tasks import LETTER_RETRY, LONG, task


@task(retry=LETTER_RETRY)
def send_news(*, initiative_id: int) -> None:
    """Tell the author that an entry was published or sent back."""


@task(retry=LETTER_RETRY)
def send_expert_named(*, expert_id: int) -> None:
    """Tell somebody that they are asked to judge the entries of a showcase."""


@task(retry=LETTER_RETRY)
def send_award(*, entry_id: int, award: str) -> None:
    """Tell whoever entered an initiative that it is nominated, a champion or a winner."""


@job_kind(title=_("Many initiatives at once"), roles=SECRETARIAT, goes_on=True)
def take_in_table() -> None:
    """Take in a table of initiatives."""


@job_kind(title=_("Imports of figures"), roles=IMPORTING_ROLES)
def look_at_import(*, import_id: int) -> None:
    """Look at an import of figures."""


@job_kind(title=_("Imports of figures"), roles=IMPORTING_ROLES)
def take_in_import(*, import_id: int) -> None:
    """Take in an import somebody confirmed."""


@task(queue=LONG, is_single=True)
def look_for_duplicates(*, forum_id: int) -> None:
    """Look a whole stocktaking through for entries that say the same."""


@task(retry=LETTER_RETRY)
def send_same(*, pair_id: int) -> None:
    """Tell an author that their entry was given up for another that says the same."""


@task(retry=LETTER_RETRY)
def send_introduction(*, letter_id: int) -> None:
    """Tell whoever seeks or offers something that somebody wrote to them."""


@task(retry=LETTER_RETRY)
def send_answer(*, letter_id: int) -> None:
    """Tell whoever wrote what was answered."""
