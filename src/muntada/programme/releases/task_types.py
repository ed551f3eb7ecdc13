from django.utils.translation import gettext_lazy as _

from muntada.foundations.jobs.kinds import job_kind
from muntada.foundations.tasks import LETTER_RETRY, task
from muntada.people.rules import Role


@job_kind(title=_("Programme as a book"), roles=(Role.SECRETARIAT,))
def make_book(*, release_id: int, language: str) -> None:
    """Set a printed programme."""


@task(retry=LETTER_RETRY)
def send_release_letter(*, letter_id: int) -> None:
    """Tell one person what a release changes for them."""
