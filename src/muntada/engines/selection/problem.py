"""The requests and the rules. A `SelectionProblem` is validated when created."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import isfinite

from muntada.engines.reasons import gettext_noop
from muntada.engines.selection.faults import SelectionFault

NOTHING: frozenset[str] = frozenset()
POINT = 1000  # scores are stored in thousandths, so sums are integers and proofs exact
MOST_POINTS = 1_000_000
MOST_MINUTES = 100_000
MOST_PEOPLE = 10_000
SESSIONS, MINUTES = "sessions", "minutes"  # the units of a balance

REQUEST_TWICE = gettext_noop("The request %(id)s is given twice.")
RULE_TWICE = gettext_noop("The rule %(id)s is given twice.")
BAD_SCORE = gettext_noop("The score of %(id)s is %(value)s; it must be from 0 to %(most)d.")
BAD_MINUTES = gettext_noop("The request %(id)s lasts %(value)d minutes; it must be from 1 to %(most)d.")
BAD_COUNT = gettext_noop("The request %(id)s counts %(value)d %(count)s; it must be from 0 to %(most)d.")
BAD_BOUND = gettext_noop("The rule %(id)s has the bound %(value)s, which must be a number of at least 0.")
BAD_PERCENT = gettext_noop("The rule %(id)s asks for %(value)s %%; a share is from 0 to 100 %%.")
NO_BOUND = gettext_noop("The rule %(id)s has neither a least nor a most.")
CROSSED = gettext_noop("The rule %(id)s asks for at least %(least)s and at most %(most)s.")
BAD_MEASURE = gettext_noop("The rule %(id)s is measured in “%(value)s”; it must be sessions or minutes.")
NO_GROUP = gettext_noop("The rule %(id)s names no group.")
NO_DEMAND = gettext_noop("The rule %(id)s has no demand to share the programme by.")
BAD_DEMAND = gettext_noop(
    "The rule %(id)s gives %(group)s the demand %(value)s, which must be a number from 0 to 1000000000."
)
NO_SEATS = gettext_noop(
    "The rule %(id)s needs a number of places: no capacity limits the number of sessions."
)
UNKNOWN_REQUEST = gettext_noop("“%(by)s” names the request %(id)s, which is not there.")


class RuleState(StrEnum):
    BLOCK = "block"  # no choice may break it
    WARN = "warn"  # a choice may break it; the result reports it
    OFF = "off"


class Unit(StrEnum):
    NUMBER = "number"
    PERCENT = "percent"


class SelectionMethod(StrEnum):
    LARGEST_REMAINDER = "largest-remainder"
    SAINTE_LAGUE = "sainte-lague"


@dataclass(frozen=True, slots=True)
class RequestSpec:
    """A request for a session.

    `groups` maps schemes to groups, such as {"stakeholder": {"academia"}, "organisation": {"o17"}}; a
    scheme can have several groups. `counts` holds numbers of people, such as {"speakers": 4, "women":
    2}.
    """

    id: str
    score: float  # in points, rounded to thousandths
    kind: str = ""  # the type of session
    minutes: int = 60
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def points(self) -> int:
        """The score in thousandths."""
        return round(self.score * POINT)

    def of(self, scheme: str) -> frozenset[str]:
        return self.groups.get(scheme, NOTHING)


@dataclass(frozen=True, slots=True)
class Capacity:
    """The available sessions and minutes for these kinds of session; no kind means all.

    A capacity is always binding and cannot be disabled.
    """

    id: str
    kinds: frozenset[str] = NOTHING
    sessions: int | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class BalanceRule:
    """A number or share of the chosen requests that belong to any of these groups.

    `least` and `most` are percentages of all that is chosen (of these kinds), or absolute numbers.
    """

    id: str
    scheme: str
    groups: frozenset[str]
    least: float | None = None
    most: float | None = None
    unit: Unit = Unit.PERCENT
    measure: str = SESSIONS  # or minutes
    kinds: frozenset[str] = NOTHING
    state: RuleState = RuleState.BLOCK


@dataclass(frozen=True, slots=True)
class Headcount:
    """A number of people of one count, or a share of those of another, over the whole choice.

    For example: at least 40 % of the `speakers` (`of`) are `women` (`count`).
    """

    id: str
    count: str
    of: str = "speakers"
    least: float | None = None
    most: float | None = None
    unit: Unit = Unit.PERCENT
    kinds: frozenset[str] = NOTHING
    state: RuleState = RuleState.BLOCK


@dataclass(frozen=True, slots=True)
class Cap:
    """A maximum number of chosen requests per group of a scheme, such as organization or person."""

    id: str
    scheme: str
    most: int
    kinds: frozenset[str] = NOTHING
    state: RuleState = RuleState.BLOCK


@dataclass(frozen=True, slots=True)
class Apportionment:
    """Each group of a scheme gets places in proportion to its demand, within `tolerance` places.

    A request in k groups counts 1/k for each. A group never gets more places than it has requests; its
    surplus goes to the others by the same method. `places` is the size of the programme; None means the
    number of sessions for which there are capacity and requests.
    """

    id: str
    scheme: str
    demand: Mapping[str, float]
    tolerance: float = 1
    places: int | None = None
    method: SelectionMethod = SelectionMethod.LARGEST_REMAINDER
    kinds: frozenset[str] = NOTHING
    state: RuleState = RuleState.BLOCK


@dataclass(frozen=True, slots=True)
class Alternatives:
    """At most one of these is chosen: they were merged or are nearly the same."""

    id: str
    requests: frozenset[str]
    state: RuleState = RuleState.BLOCK


@dataclass(frozen=True, slots=True)
class PinnedRequest:
    """A decision by people: the request is in."""

    request: str

    @property
    def id(self) -> str:
        return f"pin:{self.request}"

    @property
    def state(self) -> RuleState:
        return RuleState.BLOCK


@dataclass(frozen=True, slots=True)
class Veto:
    """A decision by people: the request is out."""

    request: str

    @property
    def id(self) -> str:
        return f"veto:{self.request}"

    @property
    def state(self) -> RuleState:
        return RuleState.BLOCK


type SelectionRule = BalanceRule | Headcount | Cap | Apportionment | Alternatives
type Condition = Capacity | SelectionRule | PinnedRequest | Veto


@dataclass(frozen=True, slots=True)
class SelectionProblem:
    requests: tuple[RequestSpec, ...]
    capacities: tuple[Capacity, ...] = ()
    rules: tuple[SelectionRule, ...] = ()
    pins: tuple[PinnedRequest, ...] = ()
    vetoes: tuple[Veto, ...] = ()

    def __post_init__(self) -> None:
        refuse_doubles((request.id for request in self.requests), REQUEST_TWICE)
        refuse_doubles((one.id for one in self.conditions()), RULE_TWICE)
        for request in self.requests:
            check_request(request)
        for capacity in self.capacities:
            check_bounds(capacity.id, capacity.sessions, capacity.minutes)
        for rule in self.rules:
            check_rule(rule, self.capacities)
        check_names(self)

    def conditions(self) -> Iterator[Condition]:
        """Yield all conditions, in any state."""
        yield from self.capacities
        yield from self.rules
        yield from self.pins
        yield from self.vetoes


def refuse_doubles(ids: Iterable[str], sentence: str) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise SelectionFault(sentence, {"id": name})
        seen.add(name)


def check_request(request: RequestSpec) -> None:
    if not 0 <= request.score <= MOST_POINTS:  # NaN fails this test, too
        raise SelectionFault(BAD_SCORE, {"id": request.id, "value": str(request.score), "most": MOST_POINTS})
    if not 1 <= request.minutes <= MOST_MINUTES:
        raise SelectionFault(BAD_MINUTES, {"id": request.id, "value": request.minutes, "most": MOST_MINUTES})
    for name, count in request.counts.items():
        if not 0 <= count <= MOST_PEOPLE:
            raise SelectionFault(
                BAD_COUNT, {"id": request.id, "value": count, "count": name, "most": MOST_PEOPLE}
            )


def check_bounds(name: str, *bounds: float | None) -> None:
    given = [bound for bound in bounds if bound is not None]
    if not given:
        raise SelectionFault(NO_BOUND, {"id": name})
    for bound in given:
        if not (isfinite(bound) and bound >= 0):
            raise SelectionFault(BAD_BOUND, {"id": name, "value": str(bound)})


def check_rule(rule: SelectionRule, capacities: tuple[Capacity, ...]) -> None:
    match rule:
        case BalanceRule() | Headcount():
            check_band(rule)
        case Cap():
            check_bounds(rule.id, rule.most)
        case Apportionment():
            check_apportionment(rule, capacities)
        case Alternatives():
            if not rule.requests:
                raise SelectionFault(NO_GROUP, {"id": rule.id})


def check_band(rule: BalanceRule | Headcount) -> None:
    check_bounds(rule.id, rule.least, rule.most)
    for bound in (rule.least, rule.most):
        if rule.unit is Unit.PERCENT and bound is not None and bound > 100:  # noqa: PLR2004 - per cent
            raise SelectionFault(BAD_PERCENT, {"id": rule.id, "value": f"{bound:g}"})
    if rule.least is not None and rule.most is not None and rule.least > rule.most:
        bounds = {"least": f"{rule.least:g}", "most": f"{rule.most:g}"}
        raise SelectionFault(CROSSED, {"id": rule.id, **bounds})
    if isinstance(rule, BalanceRule):
        if rule.measure not in (SESSIONS, MINUTES):
            raise SelectionFault(BAD_MEASURE, {"id": rule.id, "value": rule.measure})
        if not rule.groups:
            raise SelectionFault(NO_GROUP, {"id": rule.id})


def check_apportionment(rule: Apportionment, capacities: tuple[Capacity, ...]) -> None:
    check_bounds(rule.id, rule.tolerance, rule.places)
    for group, demand in rule.demand.items():
        if not 0 <= demand <= 1e9:  # noqa: PLR2004 - the sentence says it
            raise SelectionFault(BAD_DEMAND, {"id": rule.id, "group": group, "value": str(demand)})
    if not any(rule.demand.values()):
        raise SelectionFault(NO_DEMAND, {"id": rule.id})
    if rule.places is None and all(capacity.sessions is None for capacity in capacities):
        raise SelectionFault(NO_SEATS, {"id": rule.id})


def check_names(problem: SelectionProblem) -> None:
    known = {request.id for request in problem.requests}
    named = [(one.id, one.requests) for one in problem.rules if isinstance(one, Alternatives)]
    decided: tuple[PinnedRequest | Veto, ...] = (*problem.pins, *problem.vetoes)
    named += [(one.id, frozenset({one.request})) for one in decided]
    for by, requests in named:
        for name in sorted(requests - known):
            raise SelectionFault(UNKNOWN_REQUEST, {"by": by, "id": name})


def exact(value: float) -> Fraction:
    """Return a number as written by a person, exact to thousandths: 0.1 is a tenth."""
    return Fraction(round(value * 1000), 1000)
