"""Which session requests are to be asked for as one, who is asked, and who agreed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.utils.translation import gettext

from muntada.forums.merging.queries import STANDING, UNDECIDED, beside, seen_by, waiting_for
from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotThere
from muntada.programme.requests.models.merging import MergeRole, RequestMerge
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.merging import MERGE_OTHERS
from muntada.programme.requests.rules.requests import RequestState

ORIGINALS_READ = SessionRequest.objects.select_related("symbol__forum", "author", "organisation", "form")
# Both sides in one query would be twenty tables, which PostgreSQL plans for longer than it reads them.
MERGES_READ = RequestMerge.objects.select_related("joint__symbol__forum", "proposed_by").prefetch_related(
    Prefetch("first", ORIGINALS_READ), Prefetch("second", ORIGINALS_READ)
)


def originals_of(requests: Iterable[SessionRequest]) -> list[SessionRequest]:
    """Return the requests themselves, and in the place of a joint one the two that are asked for in it.

    What was joined more than once is followed down to what people wrote, each once, the leading one first.
    """
    found: dict[int, SessionRequest] = {}
    waiting = list(requests)
    made = _made(waiting)
    while waiting:
        request = waiting.pop(0)
        merge = made.get(request.pk)
        if merge is None:
            found.setdefault(request.pk, request)
            continue
        both = [merge.leading, merge.following]
        made |= _made(both)
        waiting = [*both, *waiting]
    return list(found.values())


def parts_agreed(requests: Iterable[SessionRequest]) -> dict[int, str]:
    """Return the parts that were agreed on when requests were joined, by speaker; of two the later holds."""
    parts: dict[int, str] = {}
    waiting = list(requests)
    while waiting:
        merges = list(_made(waiting).values())
        for role in MergeRole.objects.filter(merge__in=merges):
            parts.setdefault(role.speaker_id, role.part)
        waiting = [one for merge in merges for one in (merge.first, merge.second)]
    return parts


def _made(requests: Sequence[SessionRequest]) -> dict[int, RequestMerge]:
    joints = [one.pk for one in requests]
    # Few requests are joint: the merge is read with all that belongs to it only where there is one.
    if not RequestMerge.objects.filter(STANDING, joint__in=joints).exists():
        return {}
    standing = MERGES_READ.filter(STANDING, joint__in=joints)
    return {one.joint_id: one for one in standing if one.joint_id is not None}


def joint_of(request: SessionRequest) -> SessionRequest | None:
    """Return the joint request this one is asked for in now, if it is."""
    theirs = Q(first=request) | Q(second=request)
    joint_id = RequestMerge.objects.filter(theirs, STANDING).values_list("joint", flat=True).first()
    # Few requests are joint.
    if joint_id is None:
        return None
    return SessionRequest.objects.select_related("symbol__forum", "session").get(pk=joint_id)


def standing_request(request: SessionRequest) -> SessionRequest:
    """Return the request in which this one is decided on: itself, or what it was joined into."""
    while (joint := joint_of(request)) is not None:
        request = joint
    return request


def merges_of(forum_request: ForumRequest, request: SessionRequest) -> list[RequestMerge]:
    """Return every merge of a request, or by which it was made, that may be seen; the newest first."""
    theirs = Q(first=request) | Q(second=request) | Q(joint=request)
    return list(MERGES_READ.filter(theirs, seen_by(forum_request, MERGE_OTHERS)))


def merge_at(forum_request: ForumRequest, number: int, pk: int) -> RequestMerge:
    """Return a merge as it stands beside one of its requests."""
    seen = MERGES_READ.filter(beside(number), seen_by(forum_request, MERGE_OTHERS))
    found = seen.filter(first__forum=forum_request.forum, pk=pk).first()
    if found is None:
        raise NotThere(
            gettext("There is no such proposal here. Please look at the page of the session request."),
            "merge",
        )
    return found


def asked_to_join(forum_request: ForumRequest) -> list[RequestMerge]:
    """Return the proposals of this forum that wait for this person's consent."""
    if forum_request.person is None:
        return []
    return list(MERGES_READ.filter(waiting_for(forum_request.person), first__forum=forum_request.forum))


def asked_already(forum: Forum) -> dict[frozenset[int], RequestMerge]:
    """Return the proposals that wait for an answer, by the two they are about."""
    waiting = MERGES_READ.filter(UNDECIDED, first__forum=forum)
    return {frozenset((one.first_id, one.second_id)): one for one in waiting}


def standing_merge_by(joint: SessionRequest) -> RequestMerge | None:
    """Return the merge by which a joint request was made and stands, if it was."""
    return MERGES_READ.filter(STANDING, joint=joint).first()


@dataclass(frozen=True)
class NearShown:
    """A request that seems to ask for the same, as a page shows it."""

    request: SessionRequest
    percent: int
    words: tuple[str, ...]


def near_shown(forum: Forum, near: Sequence[tuple[int, int, tuple[str, ...]]]) -> list[NearShown]:
    """Return requests that were found to be near, with their words in common; those that still wait."""
    rows = SessionRequest.objects.filter(
        forum=forum, pk__in=[pk for pk, _, _ in near], state=RequestState.SUBMITTED
    ).select_related("symbol__forum")
    found = {one.pk: one for one in rows}
    return [NearShown(found[pk], percent, words) for pk, percent, words in near if pk in found]
