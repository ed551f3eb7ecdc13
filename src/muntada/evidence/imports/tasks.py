"""Jobs of imports: previews and imports."""

from muntada.evidence.imports import task_types
from muntada.evidence.imports.actions import runs
from muntada.evidence.imports.queries import import_of
from muntada.foundations.jobs.running import Run, carries_out


@carries_out(task_types.look_at_import)
def look_at_import(run: Run, *, import_id: int) -> None:
    """Preview an import."""
    runs.carry_out_look(run=run, one=import_of(run.job.forum_id, import_id))


@carries_out(task_types.take_in_import)
def take_in_import(run: Run, *, import_id: int) -> None:
    """Run a confirmed import."""
    runs.carry_out_taking(run=run, one=import_of(run.job.forum_id, import_id))
