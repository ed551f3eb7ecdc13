"""What themes leave to the queue; a module `tasks` carries it out."""

from django.utils.translation import gettext_lazy as _
from procrastinate import RetryStrategy

from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.foundations.jobs.kinds import job_kind

# A reading that could not begin, as when the database was away; one that broke off is ordered by people.
READING_RETRY = RetryStrategy(max_attempts=5, wait=30)


@job_kind(title=_("Suggested themes"), roles=ANSWERING_ROLES, retry=READING_RETRY)
def suggest_themes() -> None:
    """Read all public texts of a forum for the themes in them."""
