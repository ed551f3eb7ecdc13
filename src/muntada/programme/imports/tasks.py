from muntada.foundations.jobs.running import Run, carries_out
from muntada.programme.imports import task_types
from muntada.programme.imports.actions import imports


@carries_out(task_types.take_in_file)
def take_in_file(run: Run) -> None:
    """Import a previewed file."""
    imports.carry_out_file(run=run)
