"""Adapter of the selection engine without its solver: rows in, problem out."""

from collections.abc import Iterator

from django.utils.translation import gettext

from muntada.engines.selection.faults import SelectionFault
from muntada.engines.selection.problem import (
    Apportionment,
    BalanceRule,
    Cap,
    Capacity,
    Headcount,
    PinnedRequest,
    RequestSpec,
    RuleState,
    SelectionProblem,
    SelectionRule,
    Unit,
    Veto,
)
from muntada.foundations.errors import Refused
from muntada.programme.requests.rules.checks import RuleStrength
from muntada.programme.requests.rules.request_facts import RequestFacts
from muntada.programme.requests.rules.speakers import Gender
from muntada.programme.selection.queries import HOUR, SelectionMaterial
from muntada.programme.selection.rules.selections import CAPACITY, NumberRule, SelectionTerms, in_words

type Problem = SelectionProblem


def problem_of(material: SelectionMaterial, terms: SelectionTerms) -> Problem:
    """Return the engine's problem; ids are symbols of requests."""
    rules = [*_bands(terms), *_numbered(material, terms)]
    schemes = {one.scheme for one in terms.bands}
    try:
        return SelectionProblem(
            requests=tuple(_request(one, material.scores[one.symbol], schemes) for one in material.requests),
            capacities=tuple(_capacities(material, terms)),
            rules=tuple(rules),
            pins=tuple(PinnedRequest(pin.symbol) for pin in material.pins if pin.is_in),
            vetoes=tuple(Veto(pin.symbol) for pin in material.pins if not pin.is_in),
        )
    except SelectionFault as fault:
        raise Refused(in_words(fault.sentence, fault.params, {}), "selection-problem") from fault


def _request(facts: RequestFacts, score: float, schemes: set[str]) -> RequestSpec:
    told = [one.facts for one in facts.speakers]
    groups = {
        "organisation": frozenset(facts.organisations),
        "person": frozenset(one.key for one in facts.speakers),
        "theme": frozenset(facts.themes),
    }
    groups |= {key: frozenset({group}) for key in schemes if (group := facts.own_group_by(key))}
    return RequestSpec(
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


def _capacities(material: SelectionMaterial, terms: SelectionTerms) -> Iterator[Capacity]:
    supply = material.supply
    places = supply.free if terms.sessions is None else terms.sessions
    minutes = supply.free_minutes if terms.hours is None else round(terms.hours * HOUR)
    if terms.sessions is None and terms.hours is None and not supply.places:
        sentence = gettext(
            "There are no rooms and slots yet, so nobody knows how many sessions there are places for. "
            "Please add them, or say the number in the rules."
        )
        raise Refused(sentence, "no-places")
    yield Capacity(
        CAPACITY,
        sessions=places if terms.sessions is not None or supply.places else None,
        minutes=minutes if terms.hours is not None or supply.minutes else None,
    )
    for kind, most in sorted(terms.kinds.items()):
        yield Capacity(f"{CAPACITY}:{kind}", kinds=frozenset({kind}), sessions=most)


def _bands(terms: SelectionTerms) -> Iterator[SelectionRule]:
    for band in terms.bands:
        if band.strength is not RuleStrength.OFF:
            yield BalanceRule(
                id=band.id,
                scheme=band.scheme,
                groups=frozenset({band.group}),
                least=band.least,
                most=band.most,
                unit=Unit.PERCENT if band.in_percent else Unit.NUMBER,
                state=RuleState(band.strength.value),
            )


_PEOPLE = {NumberRule.WOMEN: "gender-told", NumberRule.FIRST_TIMERS: "first-told"}
_SCHEMES = {NumberRule.ORGANISATION: "organisation", NumberRule.PERSON: "person"}


def _numbered(material: SelectionMaterial, terms: SelectionTerms) -> Iterator[SelectionRule]:
    for one in terms.numbered:
        if one.strength is RuleStrength.OFF:
            continue
        name, state = one.measure.value, RuleState(one.strength.value)
        if one.measure in _PEOPLE:
            of = _PEOPLE[one.measure]
            yield Headcount(id=name, count=name, of=of, least=one.number, state=state)
        elif one.measure in _SCHEMES:
            yield Cap(id=name, scheme=_SCHEMES[one.measure], most=int(one.number), state=state)
        elif any(material.demand.values()):
            # Nothing is shared out by a demand that nobody uttered.
            yield Apportionment(
                id=name, scheme="theme", demand=material.demand, tolerance=one.number, state=state
            )
