"""Reviewing: by what, who reads what, how far it is, and one review."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page, role
from muntada.foundations.pages import (
    READS_AND_WRITES,
    answer_form,
    refusals_as_messages,
    refusals_shown_in,
)
from muntada.people.rules import Role
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.queries.requests import request_at
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.reviews import actions
from muntada.programme.reviews.forms import AskForm, ReviewerConflictForm, ReviewForm, ReviewTermsForm
from muntada.programme.reviews.models import Review, ReviewTerms
from muntada.programme.reviews.queries import (
    judged,
    progress_of,
    review_of,
    reviewed_before,
    reviews_of,
    terms_of,
    to_review,
)
from muntada.programme.reviews.rules import require_reviewer
from muntada.programme.sessions.rules import services_in_words

REVIEWER = role(Role.REVIEWER)


@forum_page(may=REVIEWER, stage=Stage.PROGRAMME)
def mine(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show a reviewer what they were asked to read, what is left first."""
    given = list(reviews_of(forum_request.person, forum_request.forum)) if forum_request.person else []
    context = {
        "terms": terms_of(forum_request.forum),
        "left": [one for one in given if not one.given_at and not one.conflict and is_open(one)],
        "done": [one for one in given if one.given_at],
        "stepped_back": [one for one in given if one.conflict],
    }
    return render(request, "programme/reviews/reviews_mine.html", context)


def is_open(review: Review) -> bool:
    return review.request.state == RequestState.SUBMITTED


@forum_page(may=REVIEWER, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def review(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show a request to who reviews it, without those behind it where that is so, and keep what they say."""
    kept = request_at(forum_request, number)
    found = review_of(kept, forum_request.person)
    require_reviewer(is_assigned=found is not None)
    terms = terms_of(forum_request.forum)
    if found is None or terms is None:
        return redirect("programme:reviews", forum_request.forum.slug)
    is_stepping_back = "conflict" in request.POST
    sent = request.POST or None
    form = ReviewForm(None if is_stepping_back else sent, terms=terms.terms, review=found)
    if not found.saved_at:
        form.suggests("comment_language")
    conflict = ReviewerConflictForm(sent if is_stepping_back else None)
    used: ReviewForm | ReviewerConflictForm = conflict if is_stepping_back else form
    if request.method == "POST" and used.is_valid():
        with refusals_shown_in(used):
            _answer(request, forum_request, found, used)
            return redirect("programme:reviews", forum_request.forum.slug)
    return answer_form(
        request, "programme/reviews/review.html", used, _page(kept, found, terms, form, conflict)
    )


def _answer(
    request: HttpRequest, forum_request: ForumRequest, found: Review, form: ReviewForm | ReviewerConflictForm
) -> None:
    actor = forum_request.actor(Role.REVIEWER)
    if isinstance(form, ReviewerConflictForm):
        actions.step_back(
            review=found, reason=form.cleaned_data["reason"], actor=actor, now=forum_request.now
        )
        messages.success(request, gettext("Thank you for saying so. Somebody else will read this request."))
        return
    is_given = "give" in request.POST
    actions.save_review(
        review=found, said=form.judgement(), is_given=is_given, actor=actor, now=forum_request.now
    )
    said = gettext("Your review is given.") if is_given else gettext("Kept. It counts once you give it.")
    messages.success(request, said)


def _page(
    kept: SessionRequest, found: Review, terms: ReviewTerms, form: ReviewForm, conflict: ReviewerConflictForm
) -> dict[str, object]:
    return {
        "kept": kept,
        "review": found,
        "terms": terms,
        "form": form,
        "conflict_form": conflict,
        "needs": services_in_words(kept.needs),
        "marks": [form[code] for code in form.codes],
        "words": [form[name] for name in ("comment", "comment_language", "note")],
        "is_open": kept.state == RequestState.SUBMITTED,
    }


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def overview(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show how far reviewing is and what the reviewers say; ask them, remind them."""
    if request.method == "POST":
        _ask(request, forum_request)
        return redirect("programme:review_overview", forum_request.forum.slug)
    terms = terms_of(forum_request.forum)
    is_decided = request.GET.get("state") == "decided"
    waiting, decided = to_review(forum_request.forum), reviewed_before(forum_request.forum)
    context = {
        "terms": terms,
        "is_decided": is_decided,
        "counts": {"waiting": waiting.count(), "decided": decided.count()},
        "rows": judged(forum_request.forum, terms.terms, decided if is_decided else waiting) if terms else [],
        "progress": progress_of(forum_request.forum),
        "ask_form": AskForm(forum=forum_request.forum),
    }
    return render(request, "programme/reviews/reviews_overview.html", context)


def _ask(request: HttpRequest, forum_request: ForumRequest) -> None:
    actor = forum_request.actor(Role.SECRETARIAT)
    with refusals_as_messages(request):
        if "remind" in request.POST:
            people = actions.remind_reviewers(forum=forum_request.forum, actor=actor, now=forum_request.now)
            sentence = ngettext(
                "%(count)s reviewer was reminded.", "%(count)s reviewers were reminded.", people
            )
            messages.success(request, sentence % {"count": people})
        else:
            sharing = actions.ask_reviewers(forum=forum_request.forum, actor=actor, now=forum_request.now)
            asked = len(sharing.pairs)
            sentence = ngettext("%(count)s review was asked for.", "%(count)s reviews were asked for.", asked)
            messages.success(request, sentence % {"count": asked})
            if sharing.short:
                sentence = ngettext(
                    "%(count)s request has too few readers without a conflict of interest.",
                    "%(count)s requests have too few readers without a conflict of interest.",
                    len(sharing.short),
                )
                messages.warning(request, sentence % {"count": len(sharing.short)})


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def ask(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Give one request to one reviewer by hand."""
    kept = request_at(forum_request, number)
    form = AskForm(request.POST, forum=forum_request.forum)
    if form.is_valid():
        reviewer = form.cleaned_data["reviewer"]
        with refusals_as_messages(request):
            actions.ask_reviewer(
                request=kept,
                reviewer=reviewer,
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
            messages.success(request, gettext("%(name)s is asked to review it.") % {"name": reviewer})
    else:
        messages.error(request, gettext("Please choose a reviewer."))
    return redirect("programme:review_overview", forum_request.forum.slug)


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def terms(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Set by what requests are reviewed."""
    form = ReviewTermsForm(
        request.POST or None, kept=terms_of(forum_request.forum), forum=forum_request.forum
    )
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.set_terms(
                forum=forum_request.forum,
                terms=form.terms(),
                due_date=form.cleaned_data["due_date"],
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
            messages.success(request, gettext("Kept. Now reviewers can be asked."))
            return redirect("programme:review_overview", forum_request.forum.slug)
    return answer_form(request, "programme/reviews/review_terms.html", form, {"form": form})
