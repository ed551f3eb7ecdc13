"""Tasks of timetables."""

from muntada.foundations.jobs.running import Run, carries_out
from muntada.programme.timetable import task_types
from muntada.programme.timetable.actions import timetable_runs
from muntada.programme.timetable.models import Timetable


@carries_out(task_types.run_timetable)
def run_timetable(run: Run, *, timetable_id: int) -> None:
    """Make a timetable that was ordered."""
    timetable = Timetable.objects.select_related("forum", "made_from").get(pk=timetable_id)
    timetable_runs.run_timetable(run=run, timetable=timetable)
