"""Rules of reviews: criteria, conflicts, verdicts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from math import sqrt
from statistics import fmean
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import NotAllowed, Refused
from muntada.programme.requests.rules.requests import RequestState

LOWEST, HIGHEST = 0, 10
MOST_CRITERIA = 12
MOST_REVIEWERS = 9
CRITERION_LENGTH = 80
COMMENT_LENGTH = 4_000
# A mark this far from the mean of the others, relative to the scale, is marked as divergent.
APART = 0.4
FEWEST_TO_COMPARE = 3


@dataclass(frozen=True)
class Criterion:
    """A criterion: names by language, and weight."""

    code: str
    names: Mapping[str, str]
    weight: int = 1

    def as_data(self) -> dict[str, Any]:
        return {"code": self.code, "names": dict(self.names), "weight": self.weight}


@dataclass(frozen=True)
class ReviewRules:
    """The rules of reviews: criteria, scale, reviewers per request."""

    criteria: tuple[Criterion, ...]
    lowest: int = 1
    highest: int = 5
    is_blind: bool = True
    reviewers: int = 3

    @property
    def marks(self) -> range:
        return range(self.lowest, self.highest + 1)


# Nothing is decided on these; what was withdrawn never will be.
UNJUDGED = frozenset({RequestState.SUBMITTED, RequestState.WITHDRAWN})


def hides_who_asks(state: str, *, is_blind: bool, is_concerned: bool) -> bool:
    """Return whether authors are hidden: until the decision, in anonymous reviews.

    Authors and the secretariat always see them.
    """
    return is_blind and not is_concerned and state in UNJUDGED


def criteria_from(data: Iterable[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    return tuple(Criterion(one["code"], one["names"], one["weight"]) for one in data)


def require_terms(terms: ReviewRules) -> None:
    """Refuse criteria that do not allow a judgement."""
    if not 1 <= len(terms.criteria) <= MOST_CRITERIA:
        sentence = gettext("Please name from 1 to %(limit)s criteria.")
        raise Refused(sentence % {"limit": MOST_CRITERIA}, "criteria", "criteria")
    codes = [one.code for one in terms.criteria]
    if len(set(codes)) < len(codes):
        raise Refused(gettext("Two criteria have the same name."), "criteria-twice", "criteria")
    if not any(one.weight for one in terms.criteria):
        raise Refused(gettext("At least one criterion has to count."), "criteria-weight", "criteria")
    if not LOWEST <= terms.lowest < terms.highest <= HIGHEST:
        sentence = gettext(
            "The scale goes from a lower number to a higher one, both from %(lowest)s to %(highest)s."
        )
        raise Refused(sentence % {"lowest": LOWEST, "highest": HIGHEST}, "scale", "highest")
    if not 1 <= terms.reviewers <= MOST_REVIEWERS:
        sentence = gettext("A request is read by 1 to %(limit)s reviewers.")
        raise Refused(sentence % {"limit": MOST_REVIEWERS}, "reviewers", "reviewers")


def require_same_ground(before: ReviewRules, after: ReviewRules, *, is_used: bool) -> None:
    """After the first review, only names may change."""
    if not is_used:
        return
    kept = [(one.code, one.weight) for one in before.criteria], before.marks
    if kept != ([(one.code, one.weight) for one in after.criteria], after.marks):
        raise Refused(
            gettext("Reviews were given by these criteria and this scale, so only names can be changed now."),
            "terms-used",
        )


def require_marks(terms: ReviewRules, marks: Mapping[str, int], *, is_whole: bool) -> None:
    """Refuse marks outside the scale, and incomplete reviews."""
    for criterion in terms.criteria:
        if criterion.code in marks and marks[criterion.code] not in terms.marks:
            sentence = gettext("A mark is from %(lowest)s to %(highest)s.")
            params = {"lowest": terms.lowest, "highest": terms.highest}
            raise Refused(sentence % params, "mark", criterion.code)
        if is_whole and criterion.code not in marks:
            raise Refused(gettext("Please give each criterion a mark."), "mark-missing", criterion.code)


class ReviewerConflict(StrEnum):
    """Why somebody does not judge a request."""

    OWN = "own"
    TAKES_PART = "takes-part"
    ORGANISATION = "organisation"
    DECLARED = "declared"


CONFLICT_NAMES: Mapping[ReviewerConflict, Promise] = {
    ReviewerConflict.OWN: _("wrote the request"),
    ReviewerConflict.TAKES_PART: _("takes part in the session"),
    ReviewerConflict.ORGANISATION: _("belongs to an organization behind the request"),
    ReviewerConflict.DECLARED: _("declared a conflict of interest"),
}


@dataclass(frozen=True)
class ReviewerTies:
    """The connections of a person or request: accounts, names, organizations."""

    authors: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    organisations: frozenset[int] = frozenset()


def conflict_of(reviewer: ReviewerTies, request: ReviewerTies) -> ReviewerConflict | None:
    """Return the first conflict. `authors` of a reviewer is the reviewer."""
    if reviewer.authors & request.authors:
        return ReviewerConflict.OWN
    if reviewer.authors & request.people or reviewer.names & request.names:
        return ReviewerConflict.TAKES_PART
    return ReviewerConflict.ORGANISATION if reviewer.organisations & request.organisations else None


@dataclass(frozen=True)
class Sharing:
    """New assignments, and requests with too few reviewers."""

    pairs: tuple[tuple[int, int], ...]
    short: Mapping[int, int]


def share_out(
    requests: Sequence[int],
    reviewers: Collection[int],
    *,
    barred: Collection[tuple[int, int]],
    given: Collection[tuple[int, int]],
    each: int,
) -> Sharing:
    """Assign reviewers to each request, the least busy first. Deterministic.

    `barred` pairs have a conflict; `given` pairs exist. Requests with the fewest possible reviewers
    come first.
    """
    load = dict.fromkeys(sorted(reviewers), 0)
    readers: dict[int, set[int]] = {request: set() for request in requests}
    for request, reviewer in given:
        if reviewer in load:
            load[reviewer] += 1
        if request in readers:
            readers[request].add(reviewer)
    closed = set(barred)
    possible = {request: [one for one in load if (request, one) not in closed] for request in requests}
    pairs: list[tuple[int, int]] = []
    short: dict[int, int] = {}
    for request in sorted(requests, key=lambda one: (len(possible[one]), one)):
        wanted = each - len(readers[request])
        free = [one for one in possible[request] if one not in readers[request]]
        chosen = sorted(free, key=lambda one: (load[one], _dice(request, one)))[: max(wanted, 0)]
        for reviewer in chosen:
            load[reviewer] += 1
            pairs.append((request, reviewer))
        if len(chosen) < wanted:
            short[request] = wanted - len(chosen)
    return Sharing(tuple(pairs), short)


def _dice(request: int, reviewer: int) -> bytes:
    """Mix the pairs, so that the same people do not always review together."""
    return sha256(f"{request}/{reviewer}".encode()).digest()


def mark_of(terms: ReviewRules, marks: Mapping[str, int]) -> float:
    """Return the weighted mean of the marks of a reviewer."""
    weight = sum(one.weight for one in terms.criteria)
    return sum(one.weight * marks[one.code] for one in terms.criteria) / weight


@dataclass(frozen=True)
class ReviewVerdict:
    """The joint verdict on a request. `spread` is the standard deviation of the marks.

    `apart` are reviewers whose mark is far from the others: a reason to read, not to exclude.
    """

    reviews: int
    mean: float | None
    spread: float | None
    apart: frozenset[int]


def verdict_of(terms: ReviewRules, marks: Mapping[int, float]) -> ReviewVerdict:
    """Return the joint verdict; with fewer than three reviewers nobody is apart."""
    if not marks:
        return ReviewVerdict(0, None, None, frozenset())
    values = list(marks.values())
    mean = fmean(values)
    spread = sqrt(sum((one - mean) ** 2 for one in values) / (len(values) - 1)) if len(values) > 1 else None
    far = APART * (terms.highest - terms.lowest)
    apart = frozenset(
        reviewer
        for reviewer, mark in marks.items()
        if len(values) >= FEWEST_TO_COMPARE
        and abs(mark - fmean(other for one, other in marks.items() if one != reviewer)) > far
    )
    return ReviewVerdict(len(values), mean, spread, apart)


def require_reviewer(*, is_assigned: bool) -> None:
    if not is_assigned:
        raise NotAllowed(gettext("This request was not given to you to review."), "not-assigned")


def require_open_review(*, is_decided: bool) -> None:
    if is_decided:
        raise Refused(
            gettext("This request is decided on, so it is reviewed no more. Thank you for having read it."),
            "review-closed",
        )
