"""Reviews of session requests: criteria, assignments, judgements. Judgements are not logged publicly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.errors import NotAllowed, NotThere, Refused
from muntada.foundations.mail import send_letter
from muntada.people.models import Person
from muntada.people.rules import Role
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.reviews.models import Review, ReviewMark, ReviewTerms
from muntada.programme.reviews.queries import (
    reviewers_of,
    reviews_in,
    terms_of,
    ties_of_people,
    ties_of_request,
    to_review,
)
from muntada.programme.reviews.rules import (
    ReviewerConflict,
    ReviewRules,
    Sharing,
    conflict_of,
    require_marks,
    require_open_review,
    require_same_ground,
    require_terms,
    share_out,
)
from muntada.record import actions as record
from muntada.record.rules import Actor

# Nobody is reminded again before that.
BETWEEN_REMINDERS = timedelta(days=2)


def set_terms(
    *, forum: Forum, terms: ReviewRules, due_date: date | None, actor: Actor, now: datetime
) -> ReviewTerms:
    """Set the criteria; after the first review, only names can be changed."""
    require_role(actor, SECRETARIAT, forum.pk)
    require_terms(terms)
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        before = terms_of(forum)
        if before is not None:
            is_used = Review.objects.filter(request__forum=forum, given_at__isnull=False).exists()
            require_same_ground(before.terms, terms, is_used=is_used)
        kept, _is_new = ReviewTerms.objects.update_or_create(
            forum=forum,
            defaults={
                "criteria": [one.as_data() for one in terms.criteria],
                "lowest": terms.lowest,
                "highest": terms.highest,
                "is_blind": terms.is_blind,
                "reviewers": terms.reviewers,
                "due_date": due_date,
                "set_at": now,
            },
        )
        change: dict[str, object] = {"criteria": kept.criteria, "scale": [terms.lowest, terms.highest]}
        record.write(forum_id=forum.pk, actor=actor, verb="set_review_terms", change=change, now=now)
    return kept


def ask_reviewers(*, forum: Forum, actor: Actor, now: datetime) -> Sharing:
    """Assign reviewers to each undecided request, without conflicts of interest."""
    require_role(actor, SECRETARIAT, forum.pk)
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        kept = terms_of(forum)
        if kept is None:
            raise Refused(gettext("Please say first by what requests are reviewed."), "no-terms")
        people = list(reviewers_of(forum))
        if not people:
            raise Refused(
                gettext(
                    "Nobody has the role of a reviewer in this forum yet. Please give it to somebody first."
                ),
                "no-reviewers",
            )
        requests = list(to_review(forum))
        sharing = share_out(
            [one.pk for one in requests],
            [one.pk for one in people],
            barred=_barred(forum, requests, people),
            given=_given(forum),
            each=kept.reviewers,
        )
        Review.objects.bulk_create(
            Review(request_id=request, reviewer_id=reviewer, asked_at=now)
            for request, reviewer in sharing.pairs
        )
        change: dict[str, object] = {"requests": len(requests), "reviews": len(sharing.pairs)}
        record.write(forum_id=forum.pk, actor=actor, verb="ask_reviewers", change=change, now=now)
    return sharing


def _barred(forum: Forum, requests: list[SessionRequest], people: list[Person]) -> set[tuple[int, int]]:
    """Return the pairs excluded by known or declared conflicts."""
    ties = ties_of_people(people)
    seen = {
        (request.pk, reviewer)
        for request in requests
        for reviewer, theirs in ties.items()
        if conflict_of(theirs, ties_of_request(request))
    }
    return seen | set(reviews_in(forum).exclude(conflict="").values_list("request_id", "reviewer_id"))


def _given(forum: Forum) -> list[tuple[int, int]]:
    return list(reviews_in(forum).filter(conflict="").values_list("request_id", "reviewer_id"))


def ask_reviewer(*, request: SessionRequest, reviewer: Person, actor: Actor, now: datetime) -> Review:
    """Assign a reviewer by hand, unless they have a conflict."""
    require_role(actor, SECRETARIAT, request.forum_id)
    conflict = conflict_of(ties_of_people([reviewer])[reviewer.pk], ties_of_request(request))
    if conflict is not None:
        sentence = gettext(
            "%(name)s cannot review this request: conflict of interest. Please choose somebody else."
        )
        raise Refused(sentence % {"name": reviewer}, "conflict", "reviewer")
    with transaction.atomic():
        kept = _locked_request(request)
        require_open_review(is_decided=kept.state != RequestState.SUBMITTED)
        review, is_new = Review.objects.get_or_create(
            request=kept, reviewer=reviewer, defaults={"asked_at": now}
        )
        if review.conflict:
            raise Refused(
                gettext("This reviewer has declared a conflict of interest with this request."),
                "conflict",
                "reviewer",
            )
        if is_new:
            _log("ask_reviewer", kept, actor, now)
    return review


def step_back(*, review: Review, reason: str, actor: Actor, now: datetime) -> None:
    """Declare a conflict of interest; the review is deleted."""
    require_reviewer(review, actor=actor)
    with transaction.atomic():
        kept = _locked(review)
        require_open_review(is_decided=kept.request.state != RequestState.SUBMITTED)
        kept.conflict, kept.conflict_reason = ReviewerConflict.DECLARED, clean_line(reason)[:300]
        kept.given_at, kept.comment, kept.note = None, "", ""
        kept.save(update_fields=["conflict", "conflict_reason", "given_at", "comment", "note"])
        kept.marks.all().delete()
        _log("declare_conflict", kept.request, actor, now)


@dataclass(frozen=True)
class ReviewJudgement:
    """A review: marks, a comment for the author, a note for the secretariat."""

    marks: Mapping[str, int]
    comment: str = ""
    comment_language: str = "en"
    note: str = ""


def save_review(
    *, review: Review, said: ReviewJudgement, is_given: bool, actor: Actor, now: datetime
) -> Review:
    """Save or submit a review. A submitted one can be changed until the decision."""
    require_reviewer(review, actor=actor)
    with transaction.atomic():
        kept = _locked(review)
        require_open_review(is_decided=kept.request.state != RequestState.SUBMITTED)
        if kept.conflict:
            raise Refused(
                gettext("You declared a conflict of interest with this request, so you do not review it."),
                "conflict",
            )
        terms = terms_of(kept.request.forum)
        if terms is None:
            raise NotThere(gettext("It is not said yet by what requests are reviewed."), "no-terms")
        marks = {one.code: said.marks[one.code] for one in terms.terms.criteria if one.code in said.marks}
        # A submitted review must stay complete.
        require_marks(terms.terms, marks, is_whole=is_given or kept.given_at is not None)
        kept.comment, kept.comment_language = clean_text(said.comment), said.comment_language
        kept.note, kept.saved_at = clean_text(said.note), now
        if is_given and kept.given_at is None:
            kept.given_at = now
            _log("give_review", kept.request, actor, now)
        kept.save(update_fields=["comment", "comment_language", "note", "saved_at", "given_at"])
        kept.marks.all().delete()
        ReviewMark.objects.bulk_create(
            ReviewMark(review=kept, criterion=code, mark=mark) for code, mark in marks.items()
        )
    return kept


def require_reviewer(review: Review, *, actor: Actor) -> None:
    """Refuse everybody but the reviewer."""
    require_role(actor, (Role.REVIEWER,), review.request.forum_id)
    if actor.person_id != review.reviewer_id:
        raise NotAllowed(gettext("Only whoever was asked for this review can write it."), "reviewer")


def remind_reviewers(*, forum: Forum, actor: Actor, now: datetime) -> int:
    """Send one e-mail to each reviewer with open reviews, at most every two days."""
    require_role(actor, SECRETARIAT, forum.pk)
    kept = terms_of(forum)
    with transaction.atomic():
        waiting = list(
            reviews_in(forum)
            .filter(given_at=None, conflict="", request__state=RequestState.SUBMITTED)
            .exclude(reminded_at__gt=now - BETWEEN_REMINDERS)
            .select_for_update(of=("self",), no_key=True)
        )
        people = {review.reviewer_id: review.reviewer for review in waiting}
        for person in people.values():
            if not person.is_invented:
                left = sum(review.reviewer_id == person.pk for review in waiting)
                letter = partial(
                    send_letter,
                    to=person.email,
                    language=person.language,
                    template="programme/reviews/letters/reviews.txt",
                    context={"forum": forum, "left": left, "due": kept.due_date if kept else None},
                )
                transaction.on_commit(letter, robust=True)
        Review.objects.filter(pk__in=[review.pk for review in waiting]).update(reminded_at=now)
        change: dict[str, object] = {"reviewers": len(people)}
        record.write(forum_id=forum.pk, actor=actor, verb="remind_reviewers", change=change, now=now)
    return len(people)


def _locked(review: Review) -> Review:
    return (
        Review.objects.select_for_update(of=("self",), no_key=True)
        .select_related("request__forum", "request__symbol")
        .get(pk=review.pk)
    )


def _locked_request(request: SessionRequest) -> SessionRequest:
    return (
        SessionRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("symbol")
        .get(pk=request.pk)
    )


def _log(verb: str, request: SessionRequest, actor: Actor, now: datetime) -> None:
    role = Actor(person_id=None, role=Role.REVIEWER.value) if actor.role == Role.REVIEWER.value else actor
    record.write(forum_id=request.forum_id, actor=role, verb=verb, symbol=request.symbol, change={}, now=now)
