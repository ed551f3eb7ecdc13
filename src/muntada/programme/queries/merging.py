"""Which session requests are to be asked for as one, who is asked, and who agreed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.queries import Here
from muntada.foundations.errors import NotThere
from muntada.people.models import Person
from muntada.people.rules import Role
from muntada.programme.models import MergeRole, RequestMerge, SessionRequest
from muntada.programme.rules.requests import RequestState

_SHOWN = ("symbol__forum", "author", "organisation")


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
        both = [merge.leading, merge.second if merge.leading == merge.first else merge.first]
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
    standing = RequestMerge.objects.filter(
        joint__in=[one.pk for one in requests], merged_at__isnull=False, unmerged_at=None
    )
    return {one.joint_id: one for one in _with_requests(standing) if one.joint_id is not None}


def _with_requests(merges: QuerySet[RequestMerge]) -> QuerySet[RequestMerge]:
    columns = [f"{side}__{column}" for side in ("first", "second") for column in _SHOWN]
    return merges.select_related(*columns, "joint__symbol__forum", "proposed_by")


def joint_of(request: SessionRequest) -> SessionRequest | None:
    """Return the joint request this one is asked for in now, if it is."""
    theirs = Q(first=request) | Q(second=request)
    merge = (
        RequestMerge.objects.filter(theirs, merged_at__isnull=False, unmerged_at=None)
        .select_related("joint__symbol__forum", "joint__session")
        .first()
    )
    return merge.joint if merge else None


def standing_request(request: SessionRequest) -> SessionRequest:
    """Return the request in which this one is decided on: itself, or what it was joined into."""
    while (joint := joint_of(request)) is not None:
        request = joint
    return request


def merges_of(here: Here, request: SessionRequest) -> list[RequestMerge]:
    """Return every merge of a request, or by which it was made, that may be seen; the newest first."""
    theirs = Q(first=request) | Q(second=request) | Q(joint=request)
    return list(_with_requests(RequestMerge.objects.filter(theirs, _seen_by(here))))


def merge_at(here: Here, number: int, pk: int) -> RequestMerge:
    """Return a merge as it stands beside one of its requests."""
    beside = (
        Q(first__symbol__number=number) | Q(second__symbol__number=number) | Q(joint__symbol__number=number)
    )
    seen = RequestMerge.objects.filter(beside, _seen_by(here), first__forum=here.forum, pk=pk)
    found = _with_requests(seen).first()
    if found is None:
        raise NotThere(
            gettext("There is no such proposal here. Please look at the page of the session request."),
            "merge",
        )
    return found


def _seen_by(here: Here) -> Q:
    """Everybody sees what was joined; what is only proposed, or was declined, those concerned alone."""
    if here.has(Role.SECRETARIAT):
        return Q()
    made = Q(merged_at__isnull=False)
    if here.person is None:
        return made
    return made | Q(first__author=here.person) | Q(second__author=here.person) | Q(proposed_by=here.person)


def asked_to_join(here: Here) -> list[RequestMerge]:
    """Return the proposals of this forum that wait for this person's consent."""
    if here.person is None:
        return []
    waits = Q(first__author=here.person, first_consented_at=None) | Q(
        second__author=here.person, second_consented_at=None
    )
    undecided = RequestMerge.objects.filter(waits, first__forum=here.forum, declined_at=None, merged_at=None)
    return list(_with_requests(undecided))


def waiting_proposals_of(person: Person) -> int:
    return RequestMerge.objects.filter(proposed_by=person, declined_at=None, merged_at=None).count()


def proposals_since(person: Person, since: datetime) -> int:
    """Return how many joinings somebody proposed since then, with those declined or taken back."""
    return RequestMerge.objects.filter(proposed_by=person, proposed_at__gt=since).count()


def proposals_of_two(first: SessionRequest, second: SessionRequest, person: Person, since: datetime) -> int:
    """Return how often it was proposed since then that two be asked for as one.

    An author of one of them is asked for their own proposals only, so that nobody else uses these up.
    """
    authors = {first.author_id, second.author_id}
    asked = RequestMerge.objects.filter(first=first, second=second, proposed_at__gt=since)
    if person.pk in authors:
        return asked.filter(proposed_by=person).count()
    return asked.exclude(proposed_by__in=[one for one in authors if one is not None]).count()


def standing_merge_by(joint: SessionRequest) -> RequestMerge | None:
    """Return the merge by which a joint request was made and stands, if it was."""
    standing = RequestMerge.objects.filter(joint=joint, merged_at__isnull=False, unmerged_at=None)
    return _with_requests(standing).first()


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
