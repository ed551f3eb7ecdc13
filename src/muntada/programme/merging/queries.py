from muntada.programme.merging.rules import Resting
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.sessions.models import Session
from muntada.programme.timetable.models import Release, Timetable


def resting_on(session: Session, joint: SessionRequest) -> Resting:
    """Return what is based on the session of a joint request, without deleted drafts."""
    releases = Release.objects.filter(entries__session=session).order_by("number")
    drafts = Timetable.objects.filter(placements__session=session, discarded_at=None, release=None)
    others = session.requests.exclude(pk=joint.pk).select_related("symbol__forum")
    return Resting(
        session=session.symbol.short,
        releases=tuple(releases.values_list("number", flat=True)),
        timetables=tuple(drafts.order_by("number").values_list("number", flat=True)),
        others=tuple(one.symbol.short for one in others if one.symbol),
    )
