"""Pages of an expert: entries to judge, and the choice of winners."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from muntada.evidence.prizes.actions import judging as actions
from muntada.evidence.prizes.forms.entries import ExpertConflictForm, MarksForm
from muntada.evidence.prizes.models import Showcase, ShowcaseExpert
from muntada.evidence.prizes.queries import judging
from muntada.evidence.prizes.queries import rounds as queries
from muntada.evidence.prizes.queries.judging import ExpertSheet, ToJudge
from muntada.evidence.prizes.rules.rounds import PrizeStep
from muntada.evidence.prizes.views.rounds import frame
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotAllowed, NotThere
from muntada.foundations.pages import READS_AND_WRITES, SIGNED_IN, refusals_shown_in


def _expert(forum_request: ForumRequest, edition: str) -> tuple[Showcase, ShowcaseExpert]:
    kept = queries.showcase_at(forum_request, edition)
    expert = judging.expert_of(kept, forum_request.person)
    if expert is None:
        sentence = gettext("This page is for the experts of the showcase. The secretariat names them.")
        raise NotAllowed(sentence, "expert")
    return kept, expert


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE)
def judge(request: HttpRequest, forum_request: ForumRequest, edition: str) -> HttpResponse:
    """Show an expert's tasks and progress."""
    kept, expert = _expert(forum_request, edition)
    context = frame(forum_request, kept)
    if context["step"] in {PrizeStep.COUNTED.value, PrizeStep.CHOICE.value, PrizeStep.CHOSEN.value}:
        choices = judging.choices_of(expert)
        context |= {
            "choices": choices,
            "picked": sum(one.picked is not None for one in choices),
            "is_open": context["step"] == PrizeStep.CHOICE.value,
        }
        return render(request, "evidence/prizes/showcase_choose.html", context)
    sheet = judging.sheet_of(expert)
    counts = {category.line.code: len(rows) for category, rows in sheet.categories}
    chosen = queries.split_by(counts, request.GET.get("line", ""))
    context |= {
        "sheet": sheet,
        "chosen": chosen,
        "shown": [one for one in sheet.categories if not chosen or one[0].line.code == chosen],
        "is_open": context["step"] == PrizeStep.NOMINATION.value,
    }
    return render(request, "evidence/prizes/showcase_judge.html", context)


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def judge_entry(request: HttpRequest, forum_request: ForumRequest, edition: str, pk: int) -> HttpResponse:
    """Judge an entry, then go to the next."""
    kept, expert = _expert(forum_request, edition)
    sheet = judging.sheet_of(expert)
    asked = _asked(sheet, pk)
    form = MarksForm(request.POST or None, terms=kept.terms, asked=asked)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.judge_entry(expert=expert, entry=asked.entry, marks=form.marks(), now=forum_request.now)
            messages.success(request, gettext("Kept. You can change it until the nomination closes."))
            return _onward(forum_request, kept, expert)
    return _entry_page(request, forum_request, kept, sheet, asked, form, ExpertConflictForm())


def _entry_page(
    request: HttpRequest,
    forum_request: ForumRequest,
    kept: Showcase,
    sheet: ExpertSheet,
    asked: ToJudge,
    form: MarksForm,
    conflict: ExpertConflictForm,
) -> HttpResponse:
    context = frame(forum_request, kept) | {
        "asked": asked,
        "sheet": sheet,
        "form": form,
        "conflict": conflict,
    }
    context["is_open"] = context["step"] == PrizeStep.NOMINATION.value
    status = 422 if form.errors or conflict.errors else 200
    return render(request, "evidence/prizes/showcase_judge_entry.html", context, status=status)


def _asked(sheet: ExpertSheet, pk: int) -> ToJudge:
    found = next((one for one in sheet.all if one.entry.pk == pk), None)
    if found is None:
        raise NotThere(gettext("This entry is not among those you were asked to judge."), "entry")
    return found


def _onward(forum_request: ForumRequest, kept: Showcase, expert: ShowcaseExpert) -> HttpResponse:
    """Go to the next entry without a judgement, or back to the sheet."""
    following = judging.sheet_of(expert).next
    if following is None:
        return redirect("evidence:showcase_judge", forum_request.forum.slug, kept.edition)
    return redirect(
        "evidence:showcase_judge_entry", forum_request.forum.slug, kept.edition, following.entry.pk
    )


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=("POST",))
def declare(request: HttpRequest, forum_request: ForumRequest, edition: str, pk: int) -> HttpResponse:
    """Declare a conflict of interest."""
    kept, expert = _expert(forum_request, edition)
    sheet = judging.sheet_of(expert)
    asked = _asked(sheet, pk)
    form = ExpertConflictForm(request.POST)
    if not form.is_valid():
        return _entry_page(
            request, forum_request, kept, sheet, asked, MarksForm(None, terms=kept.terms, asked=asked), form
        )
    actions.declare_conflict(
        expert=expert, entry=asked.entry, reason=form.cleaned_data["reason"], now=forum_request.now
    )
    messages.success(request, gettext("Your conflict of interest is noted; you do not judge this entry."))
    return _onward(forum_request, kept, expert)


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=("POST",))
def take_back(request: HttpRequest, forum_request: ForumRequest, edition: str, pk: int) -> HttpResponse:
    """Delete a judgement."""
    _kept, expert = _expert(forum_request, edition)
    asked = _asked(judging.sheet_of(expert), pk)
    actions.take_back_judgement(expert=expert, entry=asked.entry, now=forum_request.now)
    messages.success(request, gettext("Taken back. You can judge this entry anew."))
    return redirect("evidence:showcase_judge_entry", forum_request.forum.slug, edition, pk)


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=("POST",))
def pick(request: HttpRequest, forum_request: ForumRequest, edition: str, pk: int) -> HttpResponse:
    """Choose the winner of a category."""
    kept, expert = _expert(forum_request, edition)
    entry = queries.entry_at(kept, pk)
    actions.pick_winner(expert=expert, entry=entry, now=forum_request.now)
    messages.success(request, gettext("Kept. You can change it until the choice closes."))
    address = reverse("evidence:showcase_judge", args=[forum_request.forum.slug, edition])
    return redirect(f"{address}#category-{entry.category_id}")
