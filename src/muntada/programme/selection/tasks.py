from muntada.foundations.jobs.running import Run, carries_out
from muntada.programme.selection import task_types
from muntada.programme.selection.actions import selection_decisions, selection_runs
from muntada.programme.selection.models import Selection


@carries_out(task_types.run_selection)
def run_selection(run: Run, *, selection_id: int) -> None:
    """Make a selection that was ordered."""
    selection = Selection.objects.select_related("forum").get(pk=selection_id)
    selection_runs.run_selection(run=run, selection=selection)


@carries_out(task_types.publish_decisions)
def publish_decisions(run: Run, *, selection_id: int) -> None:
    """Publish what a selection decides; a thousand decisions with their letters keep no page waiting."""
    selection = Selection.objects.select_related("forum").get(pk=selection_id)
    selection_decisions.carry_out_publication(run=run, selection=selection)
