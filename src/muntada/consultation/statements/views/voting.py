"""Pages to vote on statements and review one's votes."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from muntada.consultation.calls import queries as calls
from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES, CallVotesOpenTo
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.consultation.calls.views.calls import call_context, typed
from muntada.consultation.statements.actions import voters
from muntada.consultation.statements.actions.votes import cast_on, undo_vote
from muntada.consultation.statements.forms import BanForm, DeclareForm
from muntada.consultation.statements.models import Vote
from muntada.consultation.statements.queries import statements
from muntada.consultation.statements.queries.votes import ballot_at, has_organisation, obstacle_of, voters_in
from muntada.consultation.statements.rules.votes import VoterHere
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import NotThere, Refused, SignInFirst
from muntada.foundations.pages import ANYONE, answer_form, refusals_shown_in
from muntada.foundations.sent_forms import may_repeat
from muntada.foundations.whole_numbers import whole_number

PER_PAGE = 25
VALUES = {"agree": 1, "disagree": -1, "pass": 0}
DIGITS_OF_A_VOTE = 18
# Skipped statements kept in the address; older ones return.
SKIPS_REMEMBERED = 40
# The cookie with the key of an anonymous voter.
KEY_COOKIE = "voter"
KEY_SALT = "muntada.consultation.voter"
KEY_LENGTH = 32
KEY_AGE = 60 * 60 * 24 * 365


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def vote(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show one statement after the other; skipped ones return at the end."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    key = key_to_vote(request, forum_request, card.call)
    voter = statements.voter_of(card.call, forum_request, key)
    skipped = _skipped(request)
    asked = statements.ballot_of(card.call, forum_request, voter, skipped, key)
    number = asked.row.statement.symbol.number if asked.row else 0
    here_again = reverse("consultation:vote", args=[forum_request.forum.slug, slug])
    following = [one for one in skipped if one != number] + [number]
    context = voting_context(forum_request, card, "vote", voter) | {
        "ballot": asked,
        "row": asked.row,
        "vote_next": f"{here_again}?skip={_joined(skipped)}" if skipped else here_again,
        "skip_url": f"{here_again}?skip={_joined(following[-SKIPS_REMEMBERED:])}",
        "asks_who": voter is not None and not voter.kind and _may_declare(card.call, forum_request, voter),
    }
    return with_key(request, render(request, "consultation/statements/vote.html", context), key)


@may_repeat("A vote that stands already is not written again, and votes are written many at a time.")
@forum_page(may=ANYONE, stage=Stage.CONSULTATION, methods=("POST",), asks_roles=False)
def cast(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Record a vote and continue."""
    value = VALUES.get(request.POST.get("value", ""))
    if value is None:
        raise Refused(gettext("A vote is agree, disagree or pass. Please choose one of them."), "vote-value")
    key = key_of(request, must_be_ours=True)
    ballot = ballot_at(forum_request, number, key)
    cast_on(
        forum_request=forum_request,
        ballot=ballot,
        value=value,
        important="important" in request.POST,
        key=key,
    )
    return _onward(request, forum_request, number)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION, methods=("POST",))
def undo(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Restore the vote before a given one."""
    key, named = key_of(request, must_be_ours=True), request.POST.get("vote", "")
    vote_id = whole_number(named, digits=DIGITS_OF_A_VOTE) or 0
    kept = undo_vote(
        forum_request=forum_request, ballot=ballot_at(forum_request, number, key), vote_id=vote_id, key=key
    )
    say_done(request, gettext("Your vote is again what it was before."), is_new=kept.is_new)
    return _onward(request, forum_request, number)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def my_votes(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show one's votes, to change or restore them."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    voter = statements.voter_of(card.call, forum_request, key_of(request))
    listed = statements.my_votes(card.call, voter)
    form = DeclareForm(initial={"kind": voter.kind, "country": voter.country} if voter else None)
    return _my_votes_page(request, forum_request, card, voter, listed, form)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION, methods=("POST",))
def declare(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Store a voter's declaration."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    voter = statements.voter_of(card.call, forum_request, key_of(request, must_be_ours=True))
    form = DeclareForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            voters.declare(
                forum_request=forum_request,
                call=card.call,
                voter=voter,
                kind=form.cleaned_data["kind"],
                country=form.cleaned_data["country"],
            )
            messages.success(request, gettext("Thank you. It is used for counts by group only."))
            return redirect("consultation:my_votes", forum_request.forum.slug, slug)
    listed = statements.my_votes(card.call, voter)
    return _my_votes_page(request, forum_request, card, voter, listed, form)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION)
def voter_list(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show voters by number of votes, without names, with bans."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    context = call_context(forum_request, card, "statements") | {
        "page": Paginator(voters_in(card.call), PER_PAGE).get_page(request.GET.get("page"))
    }
    return render(request, "consultation/statements/voters.html", context)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("GET", "HEAD", "POST"))
def ban(request: HttpRequest, forum_request: ForumRequest, slug: str, pk: int) -> HttpResponse:
    """Exclude a voter's votes, or include them again."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    found = voters_in(card.call).filter(pk=pk).first()
    if found is None:
        raise NotThere(gettext("There is no such voter in this call."), "voter-unknown")
    form, actor = BanForm(typed(request)), forum_request.actor(*ANSWERING_ROLES)
    if request.method == "POST" and request.POST.get("to") == "in":
        is_new = voters.let_vote_again(call=card.call, voter_id=pk, actor=actor, now=forum_request.now)
        say_done(request, gettext("Their votes count again."), is_new=is_new)
        return redirect("consultation:voters", forum_request.forum.slug, slug)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            reason = form.cleaned_data["reason"]
            is_new = voters.ban_voter(
                call=card.call, voter_id=pk, reason=reason, actor=actor, now=forum_request.now
            )
            say_done(request, gettext("Their votes do not count any more."), is_new=is_new)
            return redirect("consultation:voters", forum_request.forum.slug, slug)
    context = call_context(forum_request, card, "statements") | {"voter": found, "form": form}
    return answer_form(request, "consultation/statements/ban.html", form, context)


def key_of(request: HttpRequest, *, must_be_ours: bool = False) -> str:
    """Return the browser's key, empty if it has none that this site signed.

    With `must_be_ours`, a key that this site did not sign is refused.
    """
    key = request.get_signed_cookie(KEY_COOKIE, default="", salt=KEY_SALT)
    if must_be_ours and not key and request.COOKIES.get(KEY_COOKIE):
        sentence = gettext(
            "The cookie your browser sent was not made by this site, so no vote was counted. "
            "Please open the page again, and vote."
        )
        raise Refused(sentence, "voter-key-forged")
    return str(key)


def key_to_vote(request: HttpRequest, forum_request: ForumRequest, call: Call) -> str:
    """Return the browser's key, newly created if it may vote without an account."""
    may_vote = forum_request.person is None and call.votes_open_to == CallVotesOpenTo.ANYONE
    return key_of(request) or (get_random_string(KEY_LENGTH) if may_vote else "")


def with_key(request: HttpRequest, response: HttpResponse, key: str) -> HttpResponse:
    """Set the key as a cookie if it is new."""
    if key != key_of(request):
        response.set_signed_cookie(
            KEY_COOKIE,
            key,
            salt=KEY_SALT,
            max_age=KEY_AGE,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def voting_context(
    forum_request: ForumRequest, card: calls.CallCard, tab: str, voter: VoterHere | None
) -> dict[str, object]:
    """Return the context of voting pages, with obstacles."""
    shared = call_context(forum_request, card, tab)
    obstacle = obstacle_of(card.call, forum_request, voter) if shared["may_vote"] else None
    return shared | {
        "obstacle": obstacle,
        "may_cast": shared["may_vote"] and obstacle is None,
        "asks_sign_in": isinstance(obstacle, SignInFirst),
    }


def say_done(request: HttpRequest, sentence: str, *, is_new: bool) -> None:
    """Report a change, or that a repeated form changed nothing."""
    if is_new:
        messages.success(request, sentence)
    else:
        say_unchanged(request)


def say_unchanged(request: HttpRequest) -> None:
    messages.info(request, gettext("This was done already; nothing was changed."))


def _may_declare(call: Call, forum_request: ForumRequest, voter: VoterHere) -> bool:
    """Return whether a person may declare facts; not if an organization does.

    Calls without results by group ask nobody.
    """
    if call.gives_out != GivesOut.BREAKDOWN:
        return False
    return not voter.has_account and (
        forum_request.person is None or not has_organisation(forum_request.person)
    )


def _my_votes_page(
    request: HttpRequest,
    forum_request: ForumRequest,
    card: calls.CallCard,
    voter: VoterHere | None,
    listed: QuerySet[Vote],
    form: DeclareForm,
) -> HttpResponse:
    shared = voting_context(forum_request, card, "my_votes", voter)
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    is_shown = calls.results_shown(card.call, forum_request.now, voted=True)
    mattering = statements.mattering_to(page) if is_shown else {}
    context = shared | {
        "page": page,
        "rows": [(vote, mattering.get(vote.statement_id, 0)) for vote in page],
        "may_declare": shared["may_vote"]
        and voter is not None
        and _may_declare(card.call, forum_request, voter),
        "form": form,
        "vote_next": request.get_full_path() if request.method == "GET" else "",
    }
    return answer_form(request, "consultation/statements/my_votes.html", form, context)


def _onward(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    onward = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = reverse("consultation:statement", args=[forum_request.forum.slug, number])
    return redirect(onward)


def _skipped(request: HttpRequest) -> list[int]:
    words = request.GET.get("skip", "").split("-")
    return [one for one in map(whole_number, words) if one is not None][-SKIPS_REMEMBERED:]


def _joined(numbers: list[int]) -> str:
    return "-".join(map(str, numbers))
