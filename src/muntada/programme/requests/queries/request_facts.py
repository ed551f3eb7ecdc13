"""Facts about session requests, for checks, selection and merging."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Prefetch, QuerySet

from muntada.forums.models import Forum, Goal, Line
from muntada.people.models import Affiliation
from muntada.programme.requests.models.merging import RequestMerge
from muntada.programme.requests.models.request_forms import FormVersion
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.rules.merging import Leads
from muntada.programme.requests.rules.request_facts import BodyFacts, PersonFacts, RequestFacts
from muntada.programme.requests.rules.request_forms import FormTerms
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.requests.rules.speakers import GivenFacts, SpeakerAnswer, outweighing
from muntada.record.models import Edge
from muntada.record.rules import Relation, SymbolKind

__all__ = ["BodyFacts", "PersonFacts", "RequestFacts", "facts_of", "facts_of_all"]

# What a request that was withdrawn or is asked for in a joint one says is said no more, or there.
_GONE = (RequestState.DRAFT, RequestState.WITHDRAWN, RequestState.JOINED)


def facts_of_all(forum: Forum, states: Iterable[str] = ()) -> list[RequestFacts]:
    """Return the facts of all independent requests, in a constant number of queries.

    A joint request has the organizations and people of both, with agreed parts.
    """
    rows = _rows().filter(forum=forum).exclude(state__in=_GONE)
    wanted = list(states)
    return _facts(rows.filter(state__in=wanted) if wanted else rows)


def facts_of(request: SessionRequest) -> RequestFacts:
    """Return the facts of a request, also of a draft."""
    return _facts(_rows().filter(pk=request.pk))[0]


def _rows() -> QuerySet[SessionRequest]:
    stands = Affiliation.objects.filter(ended_at=None).select_related("organisation").order_by("claimed_at")
    speakers = (
        RequestSpeaker.objects.select_related("person")
        .prefetch_related("facts", Prefetch("person__affiliations", queryset=stands))
        .order_by("position", "pk")
    )
    return (
        SessionRequest.objects.select_related("symbol", "author", "organisation", "form")
        .prefetch_related(
            Prefetch("speakers", queryset=speakers),
            "co_organisers__organisation",
            Prefetch("lines", queryset=Line.objects.all()),
            Prefetch("goals", queryset=Goal.objects.all()),
        )
        .order_by("symbol__number", "pk")
    )


def _facts(rows: Iterable[SessionRequest]) -> list[RequestFacts]:
    requests = list(rows)
    joined = _joined([one.pk for one in requests])
    themes = _themes([one.symbol_id for one in requests if one.symbol_id])
    published = _published(requests)
    return [_one(request, joined.get(request.pk, ([request], {})), themes, published) for request in requests]


def _published(requests: Sequence[SessionRequest]) -> dict[tuple[int, str], FormVersion]:
    """Return the form a draft answers: the published one of its kind."""
    forums = {one.forum_id for one in requests if one.form is None}
    rows = FormVersion.objects.filter(forum__in=forums, published_at__isnull=False).order_by("version")
    return {(one.forum_id, one.kind): one for one in rows}


type Joined = tuple[Sequence[SessionRequest], Mapping[int, str]]


def _joined(joints: Sequence[int]) -> dict[int, Joined]:
    """Return the originals of joint requests, leading first, and the agreed parts."""
    found: dict[int, Joined] = {}
    waiting = {pk: pk for pk in joints}
    while waiting:
        merges = list(
            RequestMerge.objects.filter(joint__in=waiting, merged_at__isnull=False, unmerged_at=None)
            .prefetch_related("roles")
            .order_by("pk")
        )
        sides = {
            one.pk: one
            for one in _rows().filter(pk__in=[s for m in merges for s in (m.first_id, m.second_id)])
        }
        below: dict[int, int] = {}
        for merge in merges:
            if merge.joint_id is None:
                continue
            top = waiting[merge.joint_id]
            first, second = sides[merge.first_id], sides[merge.second_id]
            both = [first, second] if merge.leads == Leads.FIRST else [second, first]
            before, parts = found.get(top, ((), {}))
            kept = [one for one in before if one.pk != merge.joint_id]
            agreed = {role.speaker_id: role.part for role in merge.roles.all()}
            found[top] = ([*kept, *both], {**agreed, **parts})
            below |= {one.pk: top for one in both}
        waiting = below
    return found


def _themes(symbols: Sequence[int]) -> dict[int, tuple[str, ...]]:
    rows = Edge.objects.filter(
        source__in=symbols, relation=Relation.ANSWERS, target__kind=SymbolKind.THEME
    ).select_related("target")
    found: dict[int, list[str]] = defaultdict(list)
    for edge in rows.order_by("target__number"):
        found[edge.source_id].append(edge.target.short)
    return {source: tuple(names) for source, names in found.items()}


def _one(
    request: SessionRequest,
    joined: Joined,
    themes: Mapping[int, tuple[str, ...]],
    published: Mapping[tuple[int, str], FormVersion],
) -> RequestFacts:
    originals, parts = joined
    form = request.form or published.get((request.forum_id, request.kind))
    terms = form.terms if form else FormTerms()
    people = [
        PersonFacts(one.key, one.name, parts.get(one.pk, one.part), one.is_confirmed, _holds(one))
        for original in originals
        for one in original.speakers.all()
        if one.answer != SpeakerAnswer.NO
    ]
    return RequestFacts(
        request_id=request.pk,
        symbol=request.symbol.short if request.symbol else "",
        title=request.title,
        language=request.language,
        state=request.state,
        kind=request.kind,
        minutes=request.minutes,
        audience=request.audience,
        is_online_only=request.is_online_only,
        author_key=f"person:{request.author_id}" if request.author_id else "",
        bodies=_bodies(originals),
        people=tuple({one.key: one for one in reversed(people)}.values())[::-1],
        lines=tuple(line.code for line in request.lines.all()),
        goals=tuple(goal.code for goal in request.goals.all()),
        themes=themes.get(request.symbol_id or 0, ()),
        fewest_speakers=terms.fewest_speakers,
        most_speakers=terms.most_speakers,
    )


def _holds(speaker: RequestSpeaker) -> GivenFacts:
    """Return the facts of a speaker, else those of their account."""
    person = speaker.person
    if person is None:
        return speaker.holds
    body = next((one.organisation for one in person.affiliations.all()), None)
    account = GivenFacts(
        kind=body.kind if body else "",
        country=person.country or (body.country if body else ""),
        is_headquarters=body.is_international_headquarters if body and not person.country else False,
    )
    return outweighing(speaker.holds, account)


def _bodies(originals: Sequence[SessionRequest]) -> tuple[BodyFacts, ...]:
    """Return the organizations behind a request, the author's first, or the author."""
    found: dict[str, BodyFacts] = {}
    for request in originals:
        for body in _bodies_of(request, is_lead=not found):
            if body.key not in found or (body.is_confirmed and not found[body.key].is_confirmed):
                found[body.key] = body
    return tuple(found.values())


def _bodies_of(request: SessionRequest, *, is_lead: bool) -> Iterable[BodyFacts]:
    body, author = request.organisation, request.author
    if body is not None:
        yield BodyFacts(
            f"organisation:{body.pk}",
            body.name,
            body.kind,
            body.country,
            body.is_international_headquarters,
            is_lead=is_lead,
        )
    elif author is not None:
        yield BodyFacts(
            f"person:{author.pk}", str(author), country=author.country, is_lead=is_lead, is_person=True
        )
    for one in request.co_organisers.all():
        if one.answer == SpeakerAnswer.NO:
            continue
        known = one.organisation
        yield BodyFacts(
            f"organisation:{known.pk}" if known else f"body:{' '.join(one.shown.casefold().split())}",
            one.shown,
            one.kind or (known.kind if known else ""),
            one.country or (known.country if known else ""),
            one.is_headquarters or (known.is_international_headquarters if known else False),
            is_confirmed=one.is_confirmed,
            is_person=not one.body,
        )
