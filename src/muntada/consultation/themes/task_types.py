"""Tasks of themes; a module `tasks` implements them."""

from django.utils.translation import gettext_lazy as _
from procrastinate import RetryStrategy

from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.foundations.jobs.kinds import job_kind

# Retries if an analysis cannot begin; an interrupted one is ordered again by people.
READING_RETRY = RetryStrategy(max_attempts=5, wait=30)


@job_kind(title=_("Suggested themes"), roles=ANSWERING_ROLES, retry=READING_RETRY)
def suggest_themes() -> None:
    """Analyse all public texts of a forum for themes."""
