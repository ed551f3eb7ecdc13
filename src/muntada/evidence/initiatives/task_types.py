"""Tasks of initiatives; the module `tasks` implements them."""

from django.utils.translation import gettext_lazy as _

from muntada.forums.rules.roles import SECRETARIAT
from muntada.foundations.jobs.kinds import job_kind
from muntada.foundations.tasks import LETTER_RETRY, LONG, task


@task(retry=LETTER_RETRY)
def send_news(*, initiative_id: int) -> None:
    """Notify the author that an entry was published or sent back."""


@job_kind(title=_("Many initiatives at once"), roles=SECRETARIAT, goes_on=True)
def take_in_table() -> None:
    """Import a table of initiatives."""


@task(queue=LONG, is_single=True)
def look_for_duplicates(*, forum_id: int) -> None:
    """Search a forum for duplicates."""


@task(retry=LETTER_RETRY)
def send_same(*, pair_id: int) -> None:
    """Notify an author that their entry was withdrawn as a duplicate."""
