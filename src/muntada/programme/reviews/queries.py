"""Queries of reviews."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest
from muntada.people.models import Affiliation, Person, RoleHeld
from muntada.people.rules import Role
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import CoOrganiser, RequestSpeaker
from muntada.programme.requests.queries.merging import originals_of, standing_request
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.requests.rules.speakers import SpeakerAnswer
from muntada.programme.reviews.models import Review, ReviewTerms
from muntada.programme.reviews.rules import (
    ReviewerTies,
    ReviewRules,
    ReviewVerdict,
    hides_who_asks,
    mark_of,
    verdict_of,
)


def terms_of(forum: Forum) -> ReviewTerms | None:
    return ReviewTerms.objects.filter(forum=forum).first()


def is_blind(forum: Forum) -> bool:
    """Return whether reviews are anonymous."""
    kept = terms_of(forum)
    return kept is not None and kept.is_blind


def whose_names_are_hidden(forum_request: ForumRequest, requests: Iterable[SessionRequest]) -> set[int]:
    """Return the requests whose authors are hidden from this person."""
    if forum_request.has(Role.SECRETARIAT) or not is_blind(forum_request.forum):
        return set()
    person = forum_request.person.pk if forum_request.person else None
    return {
        one.pk
        for one in requests
        if hides_who_asks(
            standing_request(one).state if one.state == RequestState.JOINED else one.state,
            is_blind=True,
            is_concerned=person is not None and person in {each.author_id for each in originals_of([one])},
        )
    }


def reviewers_of(forum: Forum) -> QuerySet[Person]:
    """Return who may be asked to review, by name."""
    held = RoleHeld.objects.filter(forum=forum, role=Role.REVIEWER).values("person")
    return Person.objects.filter(pk__in=held).order_by("name", "pk")


def reviews_in(forum: Forum) -> QuerySet[Review]:
    return (
        Review.objects.filter(request__forum=forum)
        .select_related("request__symbol__forum", "reviewer")
        .prefetch_related("marks")
    )


def reviews_of(person: Person, forum: Forum) -> QuerySet[Review]:
    """Return a person's reviews, open ones first."""
    return reviews_in(forum).filter(reviewer=person).order_by("given_at", "request__symbol__number")


def review_of(request: SessionRequest, person: Person | None) -> Review | None:
    return Review.objects.filter(request=request, reviewer=person).first() if person else None


def to_review(forum: Forum) -> QuerySet[SessionRequest]:
    """Return the undecided requests with the data for conflicts."""
    return _with_ties(SessionRequest.objects.filter(forum=forum, state=RequestState.SUBMITTED))


def reviewed_before(forum: Forum) -> QuerySet[SessionRequest]:
    """Return decided requests with reviews."""
    reviewed = Review.objects.filter(request__forum=forum, given_at__isnull=False).values("request")
    return _with_ties(
        SessionRequest.objects.filter(forum=forum, pk__in=reviewed).exclude(state=RequestState.SUBMITTED)
    )


def _with_ties(requests: QuerySet[SessionRequest]) -> QuerySet[SessionRequest]:
    speakers = RequestSpeaker.objects.exclude(answer=SpeakerAnswer.NO)
    return (
        requests.select_related("symbol__forum")
        .prefetch_related(
            Prefetch("speakers", queryset=speakers),
            Prefetch("co_organisers", queryset=CoOrganiser.objects.exclude(answer=SpeakerAnswer.NO)),
        )
        .order_by("symbol__number")
    )


def ties_of_request(request: SessionRequest) -> ReviewerTies:
    """Return the connections of a request."""
    named = [*request.speakers.all(), *request.co_organisers.all()]
    bodies = {one.organisation_id for one in request.co_organisers.all()} | {request.organisation_id}
    return ReviewerTies(
        authors=frozenset({request.author_id} - {None}),  # type: ignore[arg-type]
        people=frozenset(one.person_id for one in named if one.person_id),
        names=frozenset(" ".join(one.name.casefold().split()) for one in named),
        organisations=frozenset(body for body in bodies if body),
    )


def ties_of_people(people: Iterable[Person]) -> dict[int, ReviewerTies]:
    """Return the connections of people: by name and organizations."""
    found = list(people)
    organisations: dict[int, set[int]] = defaultdict(set)
    rows = Affiliation.objects.filter(person__in=found)
    for person_id, organisation_id in rows.values_list("person_id", "organisation_id"):
        organisations[person_id].add(organisation_id)
    return {
        person.pk: ReviewerTies(
            authors=frozenset({person.pk}),
            names=frozenset({" ".join(person.name.casefold().split())}),
            organisations=frozenset(organisations[person.pk]),
        )
        for person in found
    }


@dataclass(frozen=True)
class JudgedRequest:
    """A request with its reviews, for the secretariat."""

    request: SessionRequest
    verdict: ReviewVerdict
    reviews: tuple[Review, ...]

    @property
    def conflicts(self) -> tuple[Review, ...]:
        return tuple(review for review in self.reviews if review.conflict)

    @property
    def waiting(self) -> int:
        return sum(review.given_at is None and not review.conflict for review in self.reviews)


def judged(forum: Forum, terms: ReviewRules, requests: Iterable[SessionRequest]) -> list[JudgedRequest]:
    """Return requests with their reviews, best first."""
    by_request: dict[int, list[Review]] = defaultdict(list)
    for review in reviews_in(forum):
        by_request[review.request_id].append(review)
    rows = [
        JudgedRequest(request, _verdict(terms, by_request[request.pk]), tuple(by_request[request.pk]))
        for request in requests
    ]
    return sorted(rows, key=lambda row: (row.verdict.mean is None, -(row.verdict.mean or 0)))


def _verdict(terms: ReviewRules, reviews: Iterable[Review]) -> ReviewVerdict:
    given = {review.reviewer_id: review.marks_given for review in reviews if review.given_at}
    return verdict_of(terms, {reviewer: mark_of(terms, marks) for reviewer, marks in given.items()})


def means_of(forum: Forum) -> dict[int, float]:
    """Return the mean mark of each reviewed request."""
    kept = terms_of(forum)
    if kept is None:
        return {}
    by_request: dict[int, list[Review]] = defaultdict(list)
    for review in Review.objects.filter(request__forum=forum).prefetch_related("marks"):
        by_request[review.request_id].append(review)
    means = {request: _verdict(kept.terms, reviews).mean for request, reviews in by_request.items()}
    return {request: mean for request, mean in means.items() if mean is not None}


@dataclass(frozen=True)
class ReviewerProgress:
    """How far one reviewer is."""

    reviewer: Person
    asked: int
    given: int
    stepped_back: int

    @property
    def waiting(self) -> int:
        return self.asked - self.given - self.stepped_back


def progress_of(forum: Forum) -> list[ReviewerProgress]:
    """Return the progress of each reviewer, most open reviews first."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    people: dict[int, Person] = {person.pk: person for person in reviewers_of(forum)}
    for review in reviews_in(forum):
        people.setdefault(review.reviewer_id, review.reviewer)
        row = counts[review.reviewer_id]
        row[0] += 1
        row[1] += review.given_at is not None
        row[2] += bool(review.conflict)
    rows = [ReviewerProgress(person, *counts[pk]) for pk, person in people.items()]
    return sorted(rows, key=lambda row: (-row.waiting, row.reviewer.name))


def comments_for_author(request: SessionRequest) -> list[Review]:
    """Return the comments for the author, anonymous, after the decision."""
    if request.decided_at is None:
        return []
    return list(request.reviews.filter(given_at__isnull=False).exclude(comment="").order_by("pk"))
