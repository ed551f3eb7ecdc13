from django.utils.translation import gettext_lazy as _

from muntada.foundations.jobs.kinds import job_kind
from muntada.foundations.tasks import PATIENT
from muntada.people.rules import Role


@job_kind(title=_("Make a selection"), roles=(Role.SECRETARIAT,), queue=PATIENT, goes_on=True)
def run_selection(*, selection_id: int) -> None:
    """Make a selection that was ordered, and work out what it says of costs and prices."""


@job_kind(title=_("Publish all decisions"), roles=(Role.SECRETARIAT,))
def publish_decisions(*, selection_id: int) -> None:
    """Publish what a selection decides."""
