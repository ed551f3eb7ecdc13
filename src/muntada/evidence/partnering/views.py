"""Pages of needs, offers and introductions."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from muntada.evidence.initiatives.queries.cooperation import scheme_of_regions
from muntada.evidence.partnering import actions, queries
from muntada.evidence.partnering.adapter import PartneringFilter, fits_of
from muntada.evidence.partnering.forms import IntroductionAnswerForm, LetterForm, PartneringForm, as_typed
from muntada.evidence.partnering.models import Partnering
from muntada.evidence.partnering.queries import Party
from muntada.evidence.partnering.rules import SUPPORT_NAMES, SoughtOrOffered
from muntada.forums.queries import ForumRequest, is_open, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotAllowed
from muntada.foundations.pages import (
    ANYONE,
    READS_AND_WRITES,
    SIGNED_IN,
    answer_form,
    refusals_shown_in,
)

PER_PAGE = 20
FITS_SHOWN = 10
SHOWN = ("fits", SoughtOrOffered.SOUGHT.value, SoughtOrOffered.OFFERED.value)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def partnering(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show matches, needs or offers, filtered by line, region and kind."""
    wanted = PartneringFilter.of(request.GET.dict())
    today = forum_request.forum.day_at(forum_request.now)
    standing = list(queries.standing_entries(forum_request.forum, today)[: queries.MOST_STANDING])
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else SHOWN[0]
    fits = [fit for fit in fits_of(standing) if wanted.chooses(fit.sought) and wanted.chooses(fit.offered)]
    by_side = {
        side.value: [one for one in standing if one.side == side and wanted.chooses(one)]
        for side in SoughtOrOffered
    }
    rows: list[Any] = fits if shown == "fits" else by_side[shown]
    context = {
        "shown": shown,
        "wanted": wanted,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "counts": {"fits": len(fits)} | {side: len(found) for side, found in by_side.items()},
        "lines": lines_of(forum_request.forum),
        "regions": scheme_of_regions().own_groups,
        "kinds": SUPPORT_NAMES.items(),
        "may_enter": is_open(forum_request.forum, Stage.EVIDENCE, forum_request.now),
    }
    return render(request, "evidence/partnering/partnering.html", context)


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE)
def own_partnering(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show a person's entries and introductions."""
    entries = queries.own_entries(forum_request)
    context = {
        "entries": [(entry, queries.is_listed_for(entry, forum_request)) for entry in entries],
        "letters": queries.letters_of(forum_request),
        "may_enter": is_open(forum_request.forum, Stage.EVIDENCE, forum_request.now),
    }
    return render(request, "evidence/partnering/partnering_own.html", context)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def entry(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Show an entry with its matches, and the form for an introduction."""
    found = queries.entry_at(forum_request, pk)
    return _page(request, forum_request, found, LetterForm(initial={"language": get_language()}))


def _page(
    request: HttpRequest, forum_request: ForumRequest, found: Partnering, form: LetterForm
) -> HttpResponse:
    today = forum_request.forum.day_at(forum_request.now)
    stands = queries.is_listed_for(found, forum_request)
    standing = (
        list(queries.standing_entries(forum_request.forum, today)[: queries.MOST_STANDING]) if stands else []
    )
    is_own = forum_request.person is not None and found.entered_by_id == forum_request.person.pk
    context = {
        "entry": found,
        "stands": stands,
        "fits": fits_of(standing, of=found.pk)[:FITS_SHOWN],
        "regions": [scheme_of_regions().title_of(code) for code in found.regions],
        "may_change": queries.may_change_entry(found, forum_request),
        "may_write": stands and not is_own,
        "letter": queries.letter_to(found, forum_request.person),
        "form": form,
    }
    return answer_form(request, "evidence/partnering/partnering_entry.html", form, context)


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=("POST",))
def write(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Send an introduction."""
    found = queries.entry_at(forum_request, pk)
    form = LetterForm(request.POST)
    if form.is_valid():
        with refusals_shown_in(form):
            actions.introduce(entry=found, forum_request=forum_request, **form.cleaned_data)
            sentence = gettext("Your letter is on its way. The answer comes by letter, and stands here.")
            messages.success(request, sentence)
            return redirect(found)
    return _page(request, forum_request, found, form)


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def enter(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Enter a need or offer."""
    parties = queries.parties_of(forum_request.forum, forum_request.person)
    known = {"language": get_language(), "side": request.GET.get("side", "")}
    form = _form(request, forum_request, parties, known | {"party": request.GET.get("party", "")}).suggests()
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            made = actions.enter_partnering(forum_request=forum_request, new=form.partnering())
            messages.success(request, gettext("It stands. What fits it is shown below."))
            return redirect(made)
    context = {
        "form": form,
        "parties": parties,
        "is_open": is_open(forum_request.forum, Stage.EVIDENCE, forum_request.now),
    }
    return answer_form(request, "evidence/partnering/partnering_form.html", form, context)


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def change(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Change or extend an entry."""
    found = queries.entry_at(forum_request, pk)
    if not queries.may_change_entry(found, forum_request):
        sentence = gettext("Only the person who entered this, or the secretariat, can change or close it.")
        raise NotAllowed(sentence, "change")
    typed = as_typed(found)
    parties = queries.parties_of(forum_request.forum, forum_request.person)
    if typed["party"] not in {party.key for party in parties}:
        own = Party(str(typed["party"]), str(found.organisation), found.organisation, found.initiative)
        parties = [own, *parties]
    form = _form(request, forum_request, parties, typed)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.change_partnering(entry=found, new=form.partnering(), forum_request=forum_request)
            messages.success(request, gettext("The entry was changed, and stands."))
            return redirect(found)
    context = {
        "form": form,
        "entry": found,
        "parties": parties,
        "is_open": is_open(forum_request.forum, Stage.EVIDENCE, forum_request.now),
    }
    return answer_form(request, "evidence/partnering/partnering_form.html", form, context)


def _form(
    request: HttpRequest, forum_request: ForumRequest, parties: list[Party], initial: dict[str, Any]
) -> PartneringForm:
    return PartneringForm(
        request.POST or None, lines=lines_of(forum_request.forum), parties=parties, initial=initial
    )


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=("POST",))
def close(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    found = queries.entry_at(forum_request, pk)
    actions.close_partnering(entry=found, forum_request=forum_request)
    messages.success(request, gettext("The entry is closed. Change it to have it stand again."))
    return redirect(found)


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=("GET", "HEAD", "POST"))
def introduction(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Show an introduction to its two sides; its recipient answers it."""
    letter = queries.letter_at(forum_request, pk)
    form = IntroductionAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.answer_introduction(
                letter=letter,
                accepts=request.POST.get("wish") == "yes",
                text=form.cleaned_data["text"],
                forum_request=forum_request,
            )
            messages.success(request, gettext("Your answer is on its way."))
            return redirect(letter)
    is_receiver = forum_request.person is not None and letter.entry.entered_by_id == forum_request.person.pk
    context = {"letter": letter, "form": form, "may_answer": is_receiver and letter.answered_at is None}
    return answer_form(request, "evidence/partnering/introduction.html", form, context)
