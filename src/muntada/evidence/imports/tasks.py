"""What the queue starts: previews of imports, and importing them."""

from muntada.evidence.imports import task_types
from muntada.evidence.imports.actions import runs
from muntada.evidence.imports.queries import import_of
from muntada.foundations.jobs.running import Run, carries_out


@carries_out(task_types.look_at_import)
def look_at_import(run: Run, *, import_id: int) -> None:
    """Look at an import that somebody began."""
    runs.carry_out_look(run=run, one=import_of(run.job.forum_id, import_id))


@carries_out(task_types.take_in_import)
def take_in_import(run: Run, *, import_id: int) -> None:
    """Take in an import somebody confirmed."""
    runs.carry_out_taking(run=run, one=import_of(run.job.forum_id, import_id))
