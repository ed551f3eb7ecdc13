"""What the programme leaves to the queue; the module `tasks` carries it out."""

from django.utils.translation import gettext_lazy as _

from muntada.foundations.jobs.kinds import job_kind
from muntada.foundations.tasks import LETTER_RETRY, PATIENT, task
from muntada.people.rules import Role


@job_kind(title=_("Make a timetable"), roles=(Role.SECRETARIAT,))
def run_timetable(*, timetable_id: int) -> None:
    """Make a timetable that was ordered."""


@job_kind(title=_("Make a selection"), roles=(Role.SECRETARIAT,), queue=PATIENT, goes_on=True)
def run_selection(*, selection_id: int) -> None:
    """Make a selection that was ordered, and work out what it says of costs and prices."""


@job_kind(title=_("Publish all decisions"), roles=(Role.SECRETARIAT,))
def publish_decisions(*, selection_id: int) -> None:
    """Publish what a selection decides."""


@job_kind(title=_("Programme as a book"), roles=(Role.SECRETARIAT,))
def make_book(*, release_id: int, language: str) -> None:
    """Set a printed programme."""


@job_kind(title=_("Take in a programme"), roles=(Role.SECRETARIAT,))
def take_in_file() -> None:
    """Take in a file somebody looked at."""


@task(retry=LETTER_RETRY)
def send_asking(*, kind: str, pk: int, round_: int) -> None:
    """Write to somebody who is asked to take part."""


@task(retry=LETTER_RETRY)
def send_merge_letter(*, merge_id: int, person_id: int, news: str) -> None:
    """Tell somebody concerned what is proposed for two requests, or what became of it."""


@task(retry=LETTER_RETRY)
def send_place_letter(*, place_id: int, person_id: int) -> None:
    """Tell one of the secretariat that a place became free, and who comes first."""


@task(retry=LETTER_RETRY)
def send_release_letter(*, letter_id: int) -> None:
    """Tell one person what a release changes for them."""
