"""Page objects of a selection: chosen requests, rules with prices, excluded requests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext

from muntada.foundations.stored import read_stored
from muntada.programme.requests.rules.checks import STRENGTH_NAMES
from muntada.programme.requests.rules.request_facts import RequestFacts
from muntada.programme.selection.queries import Supply
from muntada.programme.selection.rules.inputs import SelectionInputs
from muntada.programme.selection.rules.results import (
    RulePrice,
    RuleResult,
    SelectionChoice,
    SelectionReason,
    SelectionResult,
)
from muntada.programme.selection.rules.selections import (
    CERTAINTY_NAMES,
    CONFLICT,
    FURTHER_WORDS,
    STEPS,
    Certainty,
    FurtherState,
    SelectionTerms,
    certainty_of,
    in_words,
    rule_name,
)
from muntada.programme.sessions.rules import SESSION_KIND_NAMES, SessionKind


@dataclass(frozen=True)
class PlacesToFill:
    """What a selection may fill: by the rules, or else by what is left of rooms and slots."""

    places: int
    is_by_rooms: bool
    hours: float | None  # None: neither rule nor slot says how many


def capacity_of(terms: SelectionTerms, supply: Supply) -> PlacesToFill:
    hours: float | None = supply.free_hours if supply.minutes else None
    return PlacesToFill(
        places=supply.free if terms.sessions is None else terms.sessions,
        is_by_rooms=terms.sessions is None,
        hours=hours if terms.hours is None else terms.hours,
    )


@dataclass(frozen=True)
class SelectionNames:
    """What stands behind the ids of a result: requests by symbol, all others by key."""

    requests: Mapping[str, RequestFacts]
    groups: Mapping[str, str]

    def said(self, reason: SelectionReason) -> str:
        return in_words(reason.sentence, reason.params, self.groups)


@dataclass(frozen=True)
class RequestShown:
    """One request as a table shows it; of one that was withdrawn nothing but its symbol is left."""

    symbol: str
    score: float
    facts: RequestFacts | None
    pin: bool | None = None
    place: int = 0
    why: tuple[str, ...] = ()
    certainty: Certainty | None = None

    @property
    def certainty_name(self) -> str:
        return str(CERTAINTY_NAMES[self.certainty]) if self.certainty else ""

    @property
    def number(self) -> int:
        return int(self.symbol.removeprefix("P/"))

    @property
    def kind(self) -> str:
        return str(SESSION_KIND_NAMES[SessionKind(self.facts.kind)]) if self.facts else ""

    @property
    def who(self) -> str:
        bodies = self.facts.bodies if self.facts else ()
        return next((one.name for one in bodies if one.is_lead), "")


@dataclass(frozen=True)
class RuleMeasure:
    """One thing a rule measures, with its bounds."""

    words: str
    value: float | None
    least: float | None
    most: float | None
    is_met: bool

    @property
    def bounds(self) -> str:
        known = {"least": _figure(self.least), "most": _figure(self.most)}
        if self.least is not None and self.most is not None:
            return gettext("from %(least)s to %(most)s") % known
        if self.least is not None:
            return gettext("at least %(least)s") % known
        return gettext("at most %(most)s") % known


def _figure(bound: float | None) -> str:
    """Write a bound in the language of the page, a whole one without a point."""
    if bound is None:
        return ""
    return str(localize(int(bound) if float(bound).is_integer() else bound))


@dataclass(frozen=True)
class RuleShown:
    """A rule, how the choice stands to it, and what it costs."""

    id: str
    name: str
    strength: str
    is_met: bool
    lines: tuple[RuleMeasure, ...]
    prices: tuple[tuple[str, str], ...] = ()
    enter: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()


@dataclass(frozen=True)
class SelectionStep:
    """A step of the making of a selection: done, under way or still to come."""

    name: str
    is_done: bool
    is_current: bool


def steps_of(current: str) -> list[SelectionStep]:
    """Return the steps; which rules are at odds is only looked for where no choice keeps them all."""
    keys = [key for key in STEPS if key != CONFLICT] if current != CONFLICT else [next(iter(STEPS)), CONFLICT]
    at = keys.index(current) if current in keys else -1
    return [SelectionStep(str(STEPS[key]), place < at, place == at) for place, key in enumerate(keys)]


@dataclass(frozen=True)
class WorkedOut:
    """How far costs and prices are worked out after the choice was made, and what became of that."""

    requests: int
    requests_exact: int
    prices: int
    prices_exact: int
    state: FurtherState

    @property
    def words(self) -> str:
        return str(FURTHER_WORDS[self.state])

    @property
    def is_going_on(self) -> bool:
        return self.state == FurtherState.GOING_ON

    @property
    def is_exact(self) -> bool:
        return self.state == FurtherState.EXACT


def further_of(kept: Mapping[str, Any], *, is_worked_on: bool) -> WorkedOut | None:
    """Read what is stored of it; nothing for a selection that was made without."""
    # Where nothing was worked out the state alone can stand there.
    if "requests" not in kept:
        return None
    found = read_stored(WorkedOut, kept)
    return replace(found, state=FurtherState.BROKEN_OFF) if found.is_going_on and not is_worked_on else found


def names_of(requests: Iterable[RequestFacts], themes: Mapping[str, str]) -> SelectionNames:
    """Gather the names of whoever and whatever a result may speak of."""
    found = {one.symbol: one for one in requests if one.symbol}
    groups = dict(themes)
    for one in found.values():
        groups |= {body.key: body.name for body in one.bodies}
        groups |= {person.key: person.name for person in one.people}
    return SelectionNames(found, groups)


def chosen_rows(
    result: SelectionChoice, inputs: SelectionInputs, names: SelectionNames
) -> list[RequestShown]:
    scores, pins = inputs.scores, inputs.pins
    return [
        RequestShown(symbol, scores[symbol], names.requests.get(symbol), pins.get(symbol))
        for symbol in result.chosen
    ]


def other_rows(result: SelectionResult, inputs: SelectionInputs, names: SelectionNames) -> list[RequestShown]:
    """Return who is out, the nearest first, with what would bring them in."""
    scores, pins = inputs.scores, inputs.pins
    line = {symbol: place for place, symbol in enumerate(result.waiting, 1)}
    rows = [
        RequestShown(
            one.request,
            scores[one.request],
            names.requests.get(one.request),
            pins.get(one.request),
            line.get(one.request, 0),
            tuple(names.said(reason) for reason in one.reasons),
            certainty_of(one.cost, one.most, possible=one.possible),
        )
        for one in result.excluded
    ]
    return sorted(rows, key=lambda row: (row.place == 0, row.place, row.number))


def rules_of(result: SelectionResult, names: SelectionNames) -> list[RuleShown]:
    """Return each rule with what it costs, the dearest first, without pins that cost nothing."""
    prices: dict[str, list[RulePrice]] = {}
    for one in result.prices:
        prices.setdefault(one.condition, []).append(one)
    rows = [_rule(one, prices.get(one.condition, []), names) for one in result.standings]
    cost = {name: max((one.points or one.least or 0) for one in each) for name, each in prices.items()}
    shown = [one for one in rows if cost.get(one.id) or not one.id.startswith(("pin:", "veto:"))]
    return sorted(shown, key=lambda row: -cost.get(row.id, 0))


def _rule(standing: RuleResult, prices: Sequence[RulePrice], names: SelectionNames) -> RuleShown:
    return RuleShown(
        id=standing.condition,
        name=rule_name(standing.condition),
        strength=str(STRENGTH_NAMES[standing.state]),
        is_met=standing.met,
        # A pin and a veto are kept by every choice: there is nothing to measure.
        lines=()
        if standing.condition.startswith(("pin:", "veto:"))
        else tuple(
            RuleMeasure(names.said(one.said), one.value, one.least, one.most, one.met)
            for one in sorted(standing.lines, key=lambda one: one.met)
        ),
        prices=tuple(
            (
                names.said(one.said),
                str(CERTAINTY_NAMES[certainty_of(one.points, one.most, possible=one.possible)]),
            )
            for one in prices
        ),
        enter=tuple(symbol for one in prices for symbol in one.enter),
        leave=tuple(symbol for one in prices for symbol in one.leave),
    )


# ---- two selections side by side ----


@dataclass(frozen=True)
class TwoRules:
    """A rule in both; none where a selection was made without it."""

    name: str
    here: RuleShown | None
    there: RuleShown | None

    @property
    def is_changed(self) -> bool:
        """Whether it is another rule, or as strict as there; a cap may be reached by other groups."""
        return self._asks(self.here) != self._asks(self.there)

    @staticmethod
    def _asks(rule: RuleShown | None) -> tuple[str, frozenset[str]] | None:
        return (rule.strength, frozenset(one.bounds for one in rule.lines)) if rule else None


def rules_side_by_side(here: Sequence[RuleShown], there: Sequence[RuleShown]) -> list[TwoRules]:
    ours, theirs = {one.id: one for one in here}, {one.id: one for one in there}
    rows = []
    for key in dict.fromkeys([*ours, *theirs]):
        left, right = ours.get(key), theirs.get(key)
        name = (left or right or here[0]).name
        rows.append(TwoRules(name, left, right))
    return rows
