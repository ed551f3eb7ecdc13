"""The one door to the engine that chooses session requests in balance: rows in, plain data out."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext

from muntada.engines import halt as halting
from muntada.engines.selection import problem as engine
from muntada.engines.selection.answer import Advance, Selection
from muntada.engines.selection.faults import SelectionFault
from muntada.engines.selection.further import Later
from muntada.engines.selection.select import EFFORT, select
from muntada.foundations.errors import Refused
from muntada.programme.queries.selections import HOUR, Material
from muntada.programme.rules.checks import Strength
from muntada.programme.rules.request_facts import RequestFacts
from muntada.programme.rules.selections import (
    ANYBODY,
    CAPACITY,
    SOMEBODY_CHOSEN,
    Measure,
    Terms,
    in_words,
)
from muntada.programme.rules.speakers import Gender

# Ends the choosing early from another thread; what was found so far is what comes back.
Halt = halting.Halt

type Report = Callable[[str], None]
type Problem = engine.Problem


def problem_of(material: Material, terms: Terms) -> Problem:
    """Write requests, places, rules and pins as the engine reads them; ids are the symbols of requests."""
    rules = [*_bands(terms), *_numbered(material, terms)]
    schemes = {one.scheme for one in terms.bands}
    try:
        return engine.Problem(
            requests=tuple(_request(one, material.scores[one.symbol], schemes) for one in material.requests),
            capacities=tuple(_capacities(material, terms)),
            rules=tuple(rules),
            pins=tuple(engine.Pin(pin.symbol) for pin in material.pins if pin.is_in),
            vetoes=tuple(engine.Veto(pin.symbol) for pin in material.pins if not pin.is_in),
        )
    except SelectionFault as fault:
        raise Refused(in_words(fault.sentence, fault.params, {}), "selection-problem") from fault


@dataclass(frozen=True)
class News:
    """A selection that is made, and how much of what it says is exact by now, as both are stored."""

    result: dict[str, Any]
    advance: dict[str, int]
    is_complete: bool


def choose(
    problem: Problem,
    *,
    seed: int,
    report: Report | None = None,
    halt: Halt | None = None,
    further: float = 0.0,
    tell: Callable[[News], None] | None = None,
) -> dict[str, Any]:
    """Choose, and return everything the engine says as data that can be stored.

    `further` is how long it goes on then to make costs and prices exact; `tell` hears how far it is, first of
    all of the selection that is made.
    """
    later = Later(further, lambda made, advance: tell(_news(made, advance))) if tell else None
    found = select(problem, seed=seed, effort=EFFORT, report=report, halt=halt, later=later)
    if found.score is None or found.chosen:
        return dict(asdict(found))
    # Where nobody is chosen every share is kept, which helps nobody: it is asked which rules leave nobody.
    found = select(_with_somebody(problem), seed=seed, effort=EFFORT, report=report, halt=halt)
    said = dict(asdict(found))
    if found.conflict:
        said["conflict"]["reasons"] = [_plain(one) for one in said["conflict"]["reasons"]]
    return said


def _news(made: Selection, advance: Advance) -> News:
    said = {
        "requests": advance.requests,
        "requests_exact": advance.requests_exact,
        "prices": advance.prices,
        "prices_exact": advance.prices_exact,
    }
    return News(dict(asdict(made)), said, advance.is_complete)


def _with_somebody(problem: Problem) -> Problem:
    group = frozenset({ANYBODY})
    requests = tuple(replace(one, groups={**one.groups, ANYBODY: group}) for one in problem.requests)
    somebody = engine.Balance(id=ANYBODY, scheme=ANYBODY, groups=group, least=1, unit=engine.Unit.NUMBER)
    return replace(problem, requests=requests, rules=(*problem.rules, somebody))


def _plain(reason: dict[str, Any]) -> dict[str, Any]:
    is_ours = reason["params"].get("scheme") == ANYBODY
    return {"sentence": SOMEBODY_CHOSEN, "params": {}} if is_ours else reason


def _request(facts: RequestFacts, score: float, schemes: set[str]) -> engine.Request:
    told = [one.facts for one in facts.speakers]
    groups = {
        "organisation": frozenset(facts.organisations),
        "person": frozenset(one.key for one in facts.speakers),
        "theme": frozenset(facts.themes),
    }
    groups |= {key: frozenset({group}) for key in schemes if (group := facts.own_group_by(key))}
    return engine.Request(
        id=facts.symbol,
        score=score,
        kind=facts.kind,
        minutes=max(1, facts.minutes),
        groups=groups,
        counts={
            "women": sum(one.gender == Gender.WOMAN for one in told),
            "gender-told": sum(bool(one.gender) for one in told),
            "first-timers": sum(one.is_first_time is True for one in told),
            "first-told": sum(one.is_first_time is not None for one in told),
        },
    )


def _capacities(material: Material, terms: Terms) -> Iterator[engine.Capacity]:
    supply = material.supply
    places = supply.free if terms.sessions is None else terms.sessions
    minutes = supply.free_minutes if terms.hours is None else round(terms.hours * HOUR)
    if terms.sessions is None and terms.hours is None and not supply.places:
        sentence = gettext(
            "There are no rooms and slots yet, so nobody knows how many sessions there are places for. "
            "Please add them, or say the number in the rules."
        )
        raise Refused(sentence, "no-places")
    yield engine.Capacity(
        CAPACITY,
        sessions=places if terms.sessions is not None or supply.places else None,
        minutes=minutes if terms.hours is not None or supply.minutes else None,
    )
    for kind, most in sorted(terms.kinds.items()):
        yield engine.Capacity(f"{CAPACITY}:{kind}", kinds=frozenset({kind}), sessions=most)


def _bands(terms: Terms) -> Iterator[engine.Rule]:
    for band in terms.bands:
        if band.strength is not Strength.OFF:
            yield engine.Balance(
                id=band.id,
                scheme=band.scheme,
                groups=frozenset({band.group}),
                least=band.least,
                most=band.most,
                unit=engine.Unit.PERCENT if band.in_percent else engine.Unit.NUMBER,
                state=engine.State(band.strength.value),
            )


_PEOPLE = {Measure.WOMEN: "gender-told", Measure.FIRST_TIMERS: "first-told"}
_SCHEMES = {Measure.ORGANISATION: "organisation", Measure.PERSON: "person"}


def _numbered(material: Material, terms: Terms) -> Iterator[engine.Rule]:
    for one in terms.numbered:
        if one.strength is Strength.OFF:
            continue
        name, state = one.measure.value, engine.State(one.strength.value)
        if one.measure in _PEOPLE:
            of = _PEOPLE[one.measure]
            yield engine.Headcount(id=name, count=name, of=of, least=one.number, state=state)
        elif one.measure in _SCHEMES:
            yield engine.Cap(id=name, scheme=_SCHEMES[one.measure], most=int(one.number), state=state)
        elif any(material.demand.values()):
            # Nothing is shared out by a demand that nobody uttered.
            yield engine.Apportionment(
                id=name, scheme="theme", demand=material.demand, tolerance=one.number, state=state
            )
