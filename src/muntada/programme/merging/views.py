"""Pages to propose and decide on merges of session requests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from muntada.forums.merging.actions import require_may_decide
from muntada.forums.merging.queries import doors_of
from muntada.forums.merging.rules import MergeState, joined_text, overlap, overlap_sides
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.pages import (
    ANYONE,
    READS_AND_WRITES,
    SIGNED_IN,
    answer_form,
    put_refusal,
    refusals_shown_in,
)
from muntada.foundations.whole_numbers import whole_number
from muntada.people.rules import Role
from muntada.programme.merging import actions
from muntada.programme.merging.actions import leave_joint
from muntada.programme.merging.adapter import NearPair, near_pairs
from muntada.programme.merging.forms import SYMBOL_LENGTH, JoiningForm, MergingReasonForm
from muntada.programme.merging.rules import may_be_undone
from muntada.programme.requests.models.merging import RequestMerge
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.queries import merging
from muntada.programme.requests.queries.requests import request_at, requests_in
from muntada.programme.requests.rules.merging import MERGE_OTHERS, Leads
from muntada.programme.requests.rules.requests import (
    DESCRIPTION_LENGTH,
    UNDECIDED,
    RequestState,
    symbols_given,
)
from muntada.programme.requests.rules.speakers import SpeakerAnswer
from muntada.programme.reviews.queries import whose_names_are_hidden
from muntada.record.models import Symbol
from muntada.record.rules import SymbolKind

PAIRS_SHOWN = 60
ENDINGS: Mapping[str, Callable[..., object]] = {
    "decline": actions.decline_joining,
    "part": actions.part,
    "leave": leave_joint,
}
TWO = 2


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def propose_joining(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Choose another request, compare both, and propose a joint one."""
    one = request_at(forum_request, number)
    _require_may_propose(forum_request, one)
    asked = request.POST.get("other", "") if request.method == "POST" else request.GET.get("with", "")
    asked = asked.strip()[:SYMBOL_LENGTH]
    context: dict[str, object] = {"kept": one, "asked": asked}
    try:
        actions.require_joinable(one, one)
        other = _other(forum_request, one, asked) if asked else None
    except Refused as refusal:
        return render(
            request, "programme/merging/propose_joining.html", context | {"refusal": refusal}, status=422
        )
    if other is None:
        return render(request, "programme/merging/propose_joining.html", context)
    hidden = whose_names_are_hidden(forum_request, [one, other])
    people = _people([each for each in (one, other) if each.pk not in hidden])
    form = JoiningForm(
        request.POST or None,
        two=(one, other),
        people=people,
        initial={
            "other": other.symbol.short if other.symbol else "",
            "title": one.title,
            "text": joined_text(one.description, other.description, DESCRIPTION_LENGTH),
            "language": one.language,
            "leads": Leads.FIRST.value,
        },
    )
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            merge = actions.propose_joining(
                forum_request=forum_request, request=one, other=other, joint=form.joint()
            )
            messages.success(request, gettext("It is proposed. Both authors are asked by letter."))
            return redirect(merge)
    compared = overlap(one.description, other.description)
    context |= {
        "form": form,
        "other": other,
        "hidden": hidden,
        "overlap": compared,
        "overlap_sides": overlap_sides(compared, one, other),
    }
    return answer_form(request, "programme/merging/propose_joining.html", form, context)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME)
def join_chosen(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Lead from two requests chosen in the list to their proposal."""
    asked = {one for one in map(whole_number, request.GET.getlist("request")) if one is not None}
    chosen = [
        one.symbol
        for one in requests_in(forum_request.forum).filter(symbol__number__in=asked)[: TWO + 1]
        if one.symbol
    ]
    if len(chosen) != TWO:
        sentence = gettext(
            "Please choose two session requests: their authors are asked whether they agree to ask for one "
            "session together. Where three belong together, join two first, then the joint one and the third."
        )
        messages.warning(request, sentence)
        return redirect("programme:requests", forum_request.forum.slug)
    first, second = chosen
    return redirect(_propose_address(forum_request, first, second))


def _propose_address(forum_request: ForumRequest, first: Symbol | None, second: Symbol | None) -> str:
    if first is None or second is None:
        return ""
    page = reverse("programme:propose_joining", args=[forum_request.forum.slug, first.number])
    return f"{page}?{urlencode({'with': second.short})}"


def _require_may_propose(forum_request: ForumRequest, one: SessionRequest) -> None:
    is_author = forum_request.person is not None and one.author_id == forum_request.person.pk
    if not is_author and not forum_request.has(Role.SECRETARIAT):
        sentence = gettext("Only an author of one of the two, or the secretariat, can propose this.")
        raise NotAllowed(sentence, "merge-side")


def _other(forum_request: ForumRequest, one: SessionRequest, words: str) -> SessionRequest:
    """Return the named request, or why the two cannot be merged."""
    named = symbols_given(words)
    if len(named) != 1 or named[0].kind is not SymbolKind.REQUEST or named[0].number == _number(one):
        sentence = gettext("Please choose another session request to be asked for together with this one.")
        raise Refused(sentence, "merge-itself", "other")
    other = request_at(forum_request, named[0].number)
    # Checked before showing texts, and before somebody writes a joint text in vain.
    actions.require_joinable(one, other)
    return other


def _number(request: SessionRequest) -> int:
    return request.symbol.number if request.symbol else 0


def _people(requests: list[SessionRequest]) -> list[RequestSpeaker]:
    rows = RequestSpeaker.objects.filter(request__in=merging.originals_of(requests))
    return list(rows.exclude(answer=SpeakerAnswer.NO).order_by("request", "position", "pk"))


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def joining(request: HttpRequest, forum_request: ForumRequest, number: int, pk: int) -> HttpResponse:
    """Show a proposal: both requests, the joint one, parts and consents."""
    return _page(request, forum_request, merging.merge_at(forum_request, number, pk), None)


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=("POST",))
def decide_joining(request: HttpRequest, forum_request: ForumRequest, number: int, pk: int) -> HttpResponse:
    """Consent, decline or undo, by button."""
    kept = merging.merge_at(forum_request, number, pk)
    require_may_decide(MERGE_OTHERS, forum_request=forum_request, merge=kept)
    step = request.POST.get("step", "")
    form = MergingReasonForm(request.POST if step != "consent" else None)
    try:
        if step == "consent":
            actions.consent_to_joining(forum_request=forum_request, merge=kept)
            return redirect(kept)
        if step in ENDINGS and form.is_valid():
            ENDINGS[step](forum_request=forum_request, merge=kept, reason=form.cleaned_data["reason"])
            return redirect(kept)
    except Refused as refusal:
        if step == "consent" and not isinstance(refusal, NotAllowed):
            messages.error(request, str(refusal))
            return redirect(kept)
        put_refusal(form, refusal)
    return _page(request, forum_request, kept, form)


def _page(
    request: HttpRequest, forum_request: ForumRequest, kept: RequestMerge, form: MergingReasonForm | None
) -> HttpResponse:
    doors = doors_of(forum_request, kept, MERGE_OTHERS)
    is_undecided = kept.joint is not None and kept.joint.state in UNDECIDED
    may_part = (
        doors.may_undo
        and kept.joint is not None
        and may_be_undone(kept.joint.state, by_secretariat=forum_request.has(Role.SECRETARIAT))
    )
    readable = RequestState.WITHDRAWN not in (kept.first.state, kept.second.state)
    parts = {role.speaker_id: role.part for role in kept.roles.all()}
    hidden = whose_names_are_hidden(forum_request, [kept.first, kept.second])
    people = _who_does_what(kept, parts) if readable and not hidden else []
    compared = overlap(kept.first.description, kept.second.description) if readable else None
    context = {
        "merge": kept,
        "state": kept.state.value,
        # Undone merges are withdrawn; proposals are visible to those concerned only.
        "words_shown": kept.state is MergeState.MERGED or doors.is_concerned,
        "overlap": compared,
        "overlap_sides": overlap_sides(compared, kept.first, kept.second) if compared else (),
        "people": people,
        "hidden": hidden,
        "doors": doors,
        "may_part": may_part,
        "is_decided": may_part and not is_undecided,
        "form": form or MergingReasonForm(),
    }
    return render(request, "programme/merging/joining.html", context, status=422 if form is not None else 200)


def _who_does_what(kept: RequestMerge, parts: dict[int, str]) -> list[tuple[str, str]]:
    """Return names with parts, once each."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for one in _people([kept.leading, kept.following]):
        one.part = parts.get(one.pk, one.part)
        found.setdefault((one.key, one.part), (one.name, one.part_name))
    return list(found.values())


@dataclass(frozen=True)
class PairShown:
    """Two requests that ask for nearly the same. `address` proposes to ask for them as one."""

    one: SessionRequest
    other: SessionRequest
    pair: NearPair
    merge: RequestMerge | None
    address: str


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME)
def overlaps(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show similar undecided requests, for the secretariat."""
    pairs = near_pairs(forum_request.forum)[:PAIRS_SHOWN]
    wanted = {pk for pair in pairs for pk in (pair.one_id, pair.other_id)}
    rows = {one.pk: one for one in requests_in(forum_request.forum).filter(pk__in=wanted)}
    asked = merging.asked_already(forum_request.forum)
    shown = [
        PairShown(
            rows[pair.one_id],
            rows[pair.other_id],
            pair,
            asked.get(frozenset((pair.one_id, pair.other_id))),
            _propose_address(forum_request, rows[pair.one_id].symbol, rows[pair.other_id].symbol),
        )
        for pair in pairs
        if {pair.one_id, pair.other_id} <= {*rows}
    ]
    return render(request, "programme/merging/overlaps.html", {"pairs": shown})
