"""Public pages of a showcase: state, entries, ballot, result."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext

from muntada.evidence.prizes.actions import entries, votes
from muntada.evidence.prizes.exports import RESULT_COLUMNS, as_result_rows
from muntada.evidence.prizes.forms.entries import EnterForm
from muntada.evidence.prizes.models import Showcase, ShowcaseCategory, ShowcaseEntry
from muntada.evidence.prizes.queries import rounds as queries
from muntada.evidence.prizes.queries.judging import expert_of
from muntada.evidence.prizes.queries.votes import ballots_of, digest_of_browser, obstacle_to_vote
from muntada.evidence.prizes.rules.rounds import (
    AWARD_NAMES,
    JUDGED_BY_NAMES,
    VOTES_OPEN_TO_NAMES,
    WINNER_BY_NAMES,
    PrizeStep,
    PrizeVotesOpenTo,
)
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.downloads import streamed_download
from muntada.foundations.errors import NotThere, Refused, SignInFirst
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.pages import (
    ANYONE,
    READS_AND_WRITES,
    SIGNED_IN,
    answer_form,
    refusals_shown_in,
)
from muntada.foundations.sent_forms import may_repeat
from muntada.foundations.sheets import CSV, csv_parts
from muntada.foundations.whole_numbers import whole_number
from muntada.people.rules import Role

ENTERING_ROLES = (Role.SECRETARIAT, Role.PARTICIPANT)
# The cookie with the secret that gives a browser without an account one vote per category.
KEY_COOKIE, KEY_SALT = "showcase-voter", "muntada.evidence.showcase"
KEY_LENGTH, KEY_AGE = 32, 60 * 60 * 24 * 365
DIGITS_OF_AN_ENTRY = 15


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def showcases(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """List the showcases of the forum."""
    return render(request, "evidence/prizes/showcases.html", {"cards": queries.cards_of(forum_request)})


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def showcase(request: HttpRequest, forum_request: ForumRequest, edition: str) -> HttpResponse:
    """Show the state, entries, rules and result of a showcase."""
    kept = queries.showcase_at(forum_request, edition)
    shelves = queries.shelves_of(kept, request.GET.get("line", ""))
    context = frame(forum_request, kept) | {
        "shelves": shelves,
        "pages": _pages(request, shelves),
        "phases": queries.phases_shown(kept, forum_request.now),
        "numbers": queries.numbers_of(kept),
        "award_names": AWARD_NAMES,
        "said": {
            "judged_by": JUDGED_BY_NAMES[kept.terms.judged_by],
            "votes_open_to": VOTES_OPEN_TO_NAMES[kept.terms.votes_open_to],
            "winner_by": WINNER_BY_NAMES[kept.terms.winner_by],
        },
    }
    return render(request, "evidence/prizes/showcase.html", context)


def _pages(request: HttpRequest, shelves: queries.Shelves) -> list[tuple[queries.Shelf, Page[ShowcaseEntry]]]:
    """Paginate a category with many entries."""
    number = request.GET.get("page") if shelves.is_split else None
    return [(one, Paginator(one.entries, queries.ALL_AT_ONCE).get_page(number)) for one in shelves.shown]


def frame(forum_request: ForumRequest, kept: Showcase) -> dict[str, object]:
    """Return the context of all pages of a showcase."""
    card = queries.card_of(kept, forum_request.now)
    return {
        "showcase": kept,
        "terms": kept.terms,
        "card": card,
        "step": card.step.value,
        "may_hold": forum_request.has(Role.SECRETARIAT),
        "expert": expert_of(kept, forum_request.person),
    }


@may_repeat("A person has one vote in a category, and the last word holds.")
@forum_page(may=ANYONE, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def vote(request: HttpRequest, forum_request: ForumRequest, edition: str) -> HttpResponse:
    """Show the ballot, and record a vote; continue with the next category."""
    kept = queries.showcase_at(forum_request, edition)
    key = _key_of(request)
    if request.method == "POST":
        named = request.POST.get("entry", "")
        entry_id = whole_number(named, digits=DIGITS_OF_AN_ENTRY)
        if entry_id is None:
            raise Refused(gettext("Please choose one of the nominees, then vote."), "no-choice")
        digest = digest_of_browser(kept, key)
        entry = votes.cast_showcase_vote(
            forum_request=forum_request, showcase=kept, entry_id=entry_id, browser=digest
        )
        messages.success(request, gettext("Your vote is in. You can change it until the vote closes."))
        ballots = ballots_of(forum_request, kept, digest)
        ballot = next(one for one in ballots if one.category.pk == entry.category_id)
        return _onward(kept, ballot.next_category or ballot.category)
    if not key and forum_request.person is None and kept.votes_open_to == PrizeVotesOpenTo.ANYONE:
        key = get_random_string(KEY_LENGTH)
    response = _ballot_page(request, forum_request, kept, digest_of_browser(kept, key))
    return _with_key(request, response, key)


def _ballot_page(
    request: HttpRequest, forum_request: ForumRequest, kept: Showcase, browser: str
) -> HttpResponse:
    step = queries.step_here(kept, forum_request.now)
    if kept.nominees_at is None:
        raise NotThere(gettext("The ballot is here once the nominees are announced."), "no-ballot")
    ballots = ballots_of(forum_request, kept, browser)
    counts = {one.category.line.code: len(one.nominees) for one in ballots}
    chosen = queries.split_by(counts, request.GET.get("line", ""))
    obstacle = obstacle_to_vote(forum_request, kept, browser)
    context = frame(forum_request, kept) | {
        "ballots": ballots,
        "shown": [one for one in ballots if not chosen or one.category.line.code == chosen],
        "chosen": chosen,
        "voted": sum(one.chosen is not None for one in ballots),
        "is_open": step is PrizeStep.VOTE,
        "obstacle": obstacle,
        "asks_sign_in": isinstance(obstacle, SignInFirst),
    }
    return render(request, "evidence/prizes/showcase_vote.html", context)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE, methods=("POST",))
def take_back(request: HttpRequest, forum_request: ForumRequest, edition: str, pk: int) -> HttpResponse:
    """Delete one's vote in a category."""
    kept = queries.showcase_at(forum_request, edition)
    gone = votes.take_back_vote(
        forum_request=forum_request,
        showcase=kept,
        category_id=pk,
        browser=digest_of_browser(kept, _key_of(request)),
    )
    if gone:
        messages.success(request, gettext("Your vote in this category is taken back."))
    else:
        messages.info(request, gettext("This was done already; nothing was changed."))
    return _onward(kept, queries.category_at(kept, pk))


def _onward(kept: Showcase, category: ShowcaseCategory) -> HttpResponse:
    address = reverse("evidence:showcase_vote", args=[kept.forum.slug, kept.edition])
    return redirect(f"{address}?line={category.line.code}#category-{category.pk}")


def _key_of(request: HttpRequest) -> str:
    return str(request.get_signed_cookie(KEY_COOKIE, default="", salt=KEY_SALT))


def _with_key(request: HttpRequest, response: HttpResponse, key: str) -> HttpResponse:
    if key and key != _key_of(request):
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


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def enter(request: HttpRequest, forum_request: ForumRequest, edition: str) -> HttpResponse:
    """Enter one's own initiative."""
    kept = queries.showcase_at(forum_request, edition)
    own = queries.own_in(forum_request, kept)
    free = [one for one in own if not one.obstacle and one.entry is None]
    asked = request.GET.get("initiative", "")
    initial = {"initiative": asked} if any(str(one.initiative.pk) == asked for one in free) else {}
    form = EnterForm(request.POST or None, showcase=kept, own=free, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_shown_in(form):
            entries.enter_initiative(
                showcase=kept,
                category=said["category"],
                initiative=form.own[said["initiative"]],
                case=said["case"],
                consents=said["consents"],
                actor=forum_request.actor(Role.PARTICIPANT),
                now=forum_request.now,
            )
            messages.success(request, gettext("It is entered. You can take it out again below."))
            return redirect("evidence:showcase_enter", forum_request.forum.slug, edition)
    context = frame(forum_request, kept) | {
        "form": form,
        "own": own,
        "free": free,
        "is_open": queries.step_here(kept, forum_request.now) is PrizeStep.ENTRY,
    }
    return answer_form(request, "evidence/prizes/showcase_enter.html", form, context)


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=("POST",))
def withdraw_entry(request: HttpRequest, forum_request: ForumRequest, edition: str, pk: int) -> HttpResponse:
    """Withdraw an entry."""
    kept = queries.showcase_at(forum_request, edition)
    entries.withdraw_entry(
        entry=queries.entry_at(kept, pk), actor=forum_request.actor(*ENTERING_ROLES), now=forum_request.now
    )
    messages.success(request, gettext("The initiative is taken out of the showcase."))
    return redirect("evidence:showcase_enter", forum_request.forum.slug, edition)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by()
def results(_request: HttpRequest, forum_request: ForumRequest, edition: str) -> StreamingHttpResponse:
    """Serve the counted vote as a table."""
    kept = queries.showcase_at(forum_request, edition)
    if kept.champions_at is None:
        raise NotThere(gettext("The result is here once the vote is counted."), "not-counted")
    rows = as_result_rows(kept)
    name = f"{forum_request.forum.slug}-showcase-{edition}.csv"
    return streamed_download(csv_parts(RESULT_COLUMNS, rows), name, CSV)
