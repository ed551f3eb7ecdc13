from muntada.foundations.jobs.running import Run, carries_out
from muntada.programme.exports import actions
from muntada.programme.releases import task_types as releases
from muntada.programme.timetable.models import Release


@carries_out(releases.make_book)
def make_book(run: Run, *, release_id: int, language: str) -> None:
    """Make a printed programme."""
    release = Release.objects.select_related("forum").get(pk=release_id)
    actions.make_book(run=run, release=release, language=language)
