"""Tasks of timetables; the module `tasks` implements them."""

from django.utils.translation import gettext_lazy as _

from muntada.foundations.jobs.kinds import job_kind
from muntada.people.rules import Role


@job_kind(title=_("Make a timetable"), roles=(Role.SECRETARIAT,))
def run_timetable(*, timetable_id: int) -> None:
    """Make a timetable that was ordered."""
