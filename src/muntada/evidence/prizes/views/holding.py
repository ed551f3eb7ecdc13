"""Pages of the secretariat for a showcase."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from muntada.evidence.prizes.actions import awards, judging
from muntada.evidence.prizes.actions import rounds as actions
from muntada.evidence.prizes.forms.rounds import (
    CategoryForm,
    ExpertForm,
    NamesForm,
    PhaseForm,
    ShowcaseForm,
    TieForm,
)
from muntada.evidence.prizes.models import Showcase, ShowcaseExpert, ShowcasePhase
from muntada.evidence.prizes.queries import rounds as queries
from muntada.evidence.prizes.queries.judging import ExpertProgress, declared_in, progress_of
from muntada.evidence.prizes.queries.results import standings_of, voters_of
from muntada.evidence.prizes.rules.rounds import Award, Phase, PhasePeriod, PrizeStep, lets_experts_change
from muntada.evidence.prizes.views.rounds import frame
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.errors import NotThere
from muntada.foundations.pages import (
    READS_AND_WRITES,
    answer_form,
    refusals_as_messages,
    refusals_shown_in,
)
from muntada.people.rules import Role

# The announcement due in each state.
DUE = {PrizeStep.JUDGED: Award.NOMINEE, PrizeStep.VOTED: Award.CHAMPION, PrizeStep.CHOSEN: Award.WINNER}


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def new(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Create a showcase, private until opened."""
    form = ShowcaseForm(request.POST or None, languages=forum_request.forum.languages)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            kept = actions.prepare_showcase(
                forum=forum_request.forum,
                plan=form.plan(),
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
            messages.success(
                request, gettext("Prepared, with a category for each line. Only you see it yet.")
            )
            return _hold(forum_request, kept)
    context = {"form": form, "back_address": reverse("evidence:showcases", args=[forum_request.forum.slug])}
    return answer_form(request, "evidence/prizes/showcase_rules.html", form, context)


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def rules(request: HttpRequest, forum_request: ForumRequest, edition: str) -> HttpResponse:
    """Change rules; after opening, only names and texts."""
    kept = queries.showcase_at(forum_request, edition)
    kind = NamesForm if kept.opened_at else ShowcaseForm
    form: NamesForm | ShowcaseForm = kind(
        request.POST or None, languages=forum_request.forum.languages, kept=kept
    )
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            kept = actions.set_showcase_rules(
                showcase=kept,
                plan=form.plan(),
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
            messages.success(request, gettext("Kept."))
            return _hold(forum_request, kept)
    return answer_form(
        request,
        "evidence/prizes/showcase_rules.html",
        form,
        frame(forum_request, kept) | {"form": form, "back_address": _hold_address(forum_request, kept)},
    )


def _hold(forum_request: ForumRequest, kept: Showcase) -> HttpResponse:
    return redirect("evidence:showcase_hold", forum_request.forum.slug, kept.edition)


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE)
def hold(request: HttpRequest, forum_request: ForumRequest, edition: str) -> HttpResponse:
    """Show pending work, and the progress of experts and votes."""
    return _hold_page(request, forum_request, queries.showcase_at(forum_request, edition))


def _hold_page(
    request: HttpRequest, forum_request: ForumRequest, kept: Showcase, refused: PhaseForm | None = None
) -> HttpResponse:
    step = queries.step_here(kept, forum_request.now)
    rows = queries.phases_shown(kept, forum_request.now)
    forms = [
        (one, refused if refused and refused.phase == one.row.phase else PhaseForm(row=one.row))
        for one in rows
    ]
    context = frame(forum_request, kept) | {
        "phases": forms,
        "numbers": queries.numbers_of(kept),
        "categories": kept.categories.count(),
        "due": DUE[step].value if step in DUE else "",
        "voters": voters_of(kept) if kept.nominees_at else None,
    }
    return render(request, "evidence/prizes/showcase_hold.html", context, status=422 if refused else 200)


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=("POST",))
def open_it(request: HttpRequest, forum_request: ForumRequest, edition: str) -> HttpResponse:
    """Publish the showcase."""
    kept = queries.showcase_at(forum_request, edition)
    return _done(
        request,
        forum_request,
        kept,
        lambda: actions.open_showcase(
            showcase=kept, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now
        ),
        gettext("The showcase is public, and its rules stand."),
    )


def _done(
    request: HttpRequest,
    forum_request: ForumRequest,
    kept: Showcase,
    act: Callable[[], object],
    sentence: str,
) -> HttpResponse:
    """Run an action, and report its result on the secretariat's page."""
    with refusals_as_messages(request):
        act()
        messages.success(request, sentence)
    return _hold(forum_request, kept)


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=("POST",))
def drop(request: HttpRequest, forum_request: ForumRequest, edition: str) -> HttpResponse:
    """Delete an unopened showcase."""
    kept = queries.showcase_at(forum_request, edition)
    actions.drop_showcase(showcase=kept, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now)
    messages.success(request, gettext("The prepared showcase is thrown away."))
    return redirect("evidence:showcases", forum_request.forum.slug)


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=("POST",))
def move(request: HttpRequest, forum_request: ForumRequest, edition: str, phase: str) -> HttpResponse:
    """Change the dates of a phase, or end it now."""
    kept = queries.showcase_at(forum_request, edition)
    row = ShowcasePhase.objects.filter(showcase=kept, phase=phase).first()
    if row is None:
        raise NotThere(gettext("This showcase has no such phase."), "phase")
    form = PhaseForm(request.POST, row=row)
    if "now" in request.POST:
        # Ending now needs no dates.
        form.fields["closes_at"].required = form.fields["opens_at"].required = False
    if form.is_valid():
        said = form.cleaned_data
        period = PhasePeriod(said["opens_at"] or row.opens_at, said["closes_at"] or row.closes_at)
        if "now" in request.POST:
            period = PhasePeriod(row.opens_at, forum_request.now)
        elif _minute(period.opens_at) == _minute(row.opens_at):
            period = PhasePeriod(row.opens_at, period.closes_at)
        with refusals_shown_in(form):
            actions.move_phase(
                showcase=kept,
                phase=Phase(phase),
                period=period,
                reason=said["reason"],
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
            messages.success(request, gettext("The dates are moved; the reason is shown to everybody."))
            return _hold(forum_request, kept)
    return _hold_page(request, forum_request, kept, form)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def categories(request: HttpRequest, forum_request: ForumRequest, edition: str) -> HttpResponse:
    """Show the categories, and create missing ones."""
    kept = queries.showcase_at(forum_request, edition)
    if request.method == "POST":
        made = actions.make_categories(
            showcase=kept, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now
        )
        if made:
            sentence = ngettext("%(count)s category was made.", "%(count)s categories were made.", made)
            messages.success(request, sentence % {"count": made})
        else:
            messages.info(request, gettext("There is a category for each line already."))
        return redirect("evidence:showcase_categories", forum_request.forum.slug, edition)
    rows = queries.categories_of(kept)
    return render(
        request, "evidence/prizes/showcase_categories.html", frame(forum_request, kept) | {"categories": rows}
    )


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def category(request: HttpRequest, forum_request: ForumRequest, edition: str, pk: int) -> HttpResponse:
    """Rename a category."""
    kept = queries.showcase_at(forum_request, edition)
    one = queries.category_at(kept, pk)
    form = CategoryForm(request.POST or None, languages=forum_request.forum.languages, kept=one)
    if request.method == "POST" and form.is_valid():
        actions.rename_category(
            category=one,
            titles=form.words("title"),
            actor=forum_request.actor(Role.SECRETARIAT),
            now=forum_request.now,
        )
        messages.success(request, gettext("Kept."))
        return redirect("evidence:showcase_categories", forum_request.forum.slug, edition)
    context = frame(forum_request, kept) | {"category": one, "form": form}
    return answer_form(request, "evidence/prizes/showcase_category.html", form, context)


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=("POST",))
def remove_category(request: HttpRequest, forum_request: ForumRequest, edition: str, pk: int) -> HttpResponse:
    """Delete an empty category."""
    kept = queries.showcase_at(forum_request, edition)
    one = queries.category_at(kept, pk)
    actions.remove_category(category=one, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now)
    messages.success(request, gettext("The category is taken out. It can be made again from its line."))
    return redirect("evidence:showcase_categories", forum_request.forum.slug, edition)


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def experts(request: HttpRequest, forum_request: ForumRequest, edition: str) -> HttpResponse:
    """Appoint experts, and show their progress."""
    kept = queries.showcase_at(forum_request, edition)
    form = ExpertForm(request.POST or None, showcase=kept)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            named = judging.name_expert(
                showcase=kept,
                email=form.cleaned_data["email"],
                categories=form.cleaned_data["categories"],
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
            sentence = gettext("%(name)s is among the experts, and told by letter.")
            messages.success(request, sentence % {"name": named})
            return redirect("evidence:showcase_experts", forum_request.forum.slug, edition)
    context = frame(forum_request, kept) | {
        "form": form,
        "may_change": lets_experts_change(queries.step_here(kept, forum_request.now), kept.terms.winner_by),
        "progress": [(one, _end_address(forum_request, kept, one)) for one in progress_of(kept)],
        "declared": declared_in(kept),
    }
    return answer_form(request, "evidence/prizes/showcase_experts.html", form, context)


def _end_address(forum_request: ForumRequest, kept: Showcase, one: ExpertProgress) -> str:
    """Return where it is said that somebody judges no longer."""
    args = [forum_request.forum.slug, kept.edition, one.expert.pk]
    return reverse("evidence:showcase_end_expert", args=args)


def _hold_address(forum_request: ForumRequest, kept: Showcase) -> str:
    return reverse("evidence:showcase_hold", args=[forum_request.forum.slug, kept.edition])


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=("POST",))
def end_expert(request: HttpRequest, forum_request: ForumRequest, edition: str, pk: int) -> HttpResponse:
    """End an appointment."""
    kept = queries.showcase_at(forum_request, edition)
    found = ShowcaseExpert.objects.select_related("showcase", "person").filter(showcase=kept, pk=pk).first()
    if found is None:
        raise NotThere(gettext("There is no such expert in this showcase."), "expert")
    judging.end_expert(expert=found, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now)
    sentence = gettext("%(name)s judges no longer. What they said counts again if you name them again.")
    messages.success(request, sentence % {"name": found.person})
    return redirect("evidence:showcase_experts", forum_request.forum.slug, edition)


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE)
def decide(request: HttpRequest, forum_request: ForumRequest, edition: str) -> HttpResponse:
    """Show the pending announcement, and ties to settle."""
    return _decide_page(request, forum_request, queries.showcase_at(forum_request, edition))


def _decide_page(
    request: HttpRequest,
    forum_request: ForumRequest,
    kept: Showcase,
    refused: tuple[int, TieForm] | None = None,
) -> HttpResponse:
    award = DUE.get(queries.step_here(kept, forum_request.now))
    if award is None:
        raise NotThere(gettext("There is nothing to announce now: no phase has just ended."), "nothing-due")
    standings = standings_of(kept, award)
    rows = [
        (
            one,
            (refused[1] if refused and refused[0] == one.category.pk else TieForm(standing=one))
            if one.drawn.tied
            else None,
        )
        for one in standings
    ]
    context = frame(forum_request, kept) | {
        "award": award.value,
        "rows": rows,
        "taken": sum(len(one.taken) for one in standings),
        "open_ties": sum(not one.is_clear for one in standings),
    }
    return render(request, "evidence/prizes/showcase_decide.html", context, status=422 if refused else 200)


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=("POST",))
def settle(request: HttpRequest, forum_request: ForumRequest, edition: str, pk: int) -> HttpResponse:
    """Settle a tie with a reason."""
    kept = queries.showcase_at(forum_request, edition)
    award = DUE.get(queries.step_here(kept, forum_request.now))
    standing = next(
        (one for one in standings_of(kept, award) if one.category.pk == pk) if award else iter(()), None
    )
    if award is None or standing is None:
        raise NotThere(gettext("There is nothing to settle in this category now."), "nothing-due")
    form = TieForm(request.POST, standing=standing)
    if form.is_valid():
        with refusals_shown_in(form):
            awards.settle_tie(
                category=standing.category,
                award=award,
                chosen=form.chosen_pks(),
                reason=form.cleaned_data["reason"],
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
            messages.success(request, gettext("Settled. You can change it until you announce."))
            return redirect("evidence:showcase_decide", forum_request.forum.slug, edition)
    return _decide_page(request, forum_request, kept, (pk, form))


@forum_page(may=BY_SECRETARIAT, stage=Stage.EVIDENCE, methods=("POST",))
def announce(request: HttpRequest, forum_request: ForumRequest, edition: str) -> HttpResponse:
    """Announce the result of the finished phase."""
    kept = queries.showcase_at(forum_request, edition)
    award = DUE.get(queries.step_here(kept, forum_request.now))
    if award is None or request.POST.get("award") != award.value:
        messages.info(request, gettext("This was done already; nothing was changed."))
        return _hold(forum_request, kept)
    return _done(
        request,
        forum_request,
        kept,
        lambda: awards.announce(
            showcase=kept, award=award, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now
        ),
        gettext("Announced. Those who entered are told by letter."),
    )
