"""Rules of selections, and their descriptions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from muntada.forums.rules.schemes import Scheme, SchemeDimension, scheme_at, shown_first
from muntada.foundations.errors import Refused
from muntada.programme.requests.rules.checks import RuleStrength
from muntada.programme.sessions.rules import SESSION_KIND_NAMES, SessionKind

MOST_PLACES = 5_000
MOST_HOURS = 20_000
WHOLE = 100
REASON_LENGTH = 2_000


class FurtherState(StrEnum):
    """What became of working out costs and prices after the choice was made."""

    GOING_ON = "going-on"
    EXACT = "exact"
    ENOUGH = "enough"  # the time for it is used
    STOPPED = "stopped"
    MADE_ROOM = "made-room"  # another selection waited
    PUBLISHED = "published"
    BROKEN_OFF = "broken-off"


FURTHER_WORDS: Mapping[FurtherState, Promise] = {
    FurtherState.GOING_ON: _("What each rule costs, and what would bring in each request, gets more exact."),
    FurtherState.EXACT: _("What each rule costs, and what would bring in each request, is known exactly."),
    FurtherState.ENOUGH: _("The time for working out more is used. What lies between two figures stays so."),
    FurtherState.STOPPED: _("Working out more was stopped. What lies between two figures stays so."),
    FurtherState.MADE_ROOM: _("Working out more ended because another selection waited."),
    FurtherState.PUBLISHED: _("Working out more ended when the decisions were published."),
    FurtherState.BROKEN_OFF: _("Working out more was broken off. What had been found holds."),
}


class Certainty(StrEnum):
    """How sure a figure of the engine is."""

    EXACT = "exact"
    BETWEEN = "between"
    AT_LEAST = "at-least"


CERTAINTY_NAMES: Mapping[Certainty, Promise] = {
    Certainty.EXACT: _("exact"),
    Certainty.BETWEEN: _("between two bounds"),
    Certainty.AT_LEAST: _("only a lower bound"),
}


def certainty_of(exactly: float | None, most: float | None, *, possible: bool) -> Certainty:
    if exactly is not None or not possible:
        return Certainty.EXACT
    return Certainty.AT_LEAST if most is None else Certainty.BETWEEN


CONFLICT = "conflict"
# What the engine says it does, step by step.
STEPS: Mapping[str, Promise] = {
    "choice": _("Finding the choice with the highest score, and its proof"),
    "draw": _("Drawing lots among choices that score the same"),
    "prices": _("Working out what each rule costs"),
    "exclusions": _("Working out what would bring in the others"),
    CONFLICT: _("Finding out which rules cannot be kept together"),
}


@dataclass(frozen=True)
class SelectionProgress:
    """The step a selection is at, as it is stored with its job."""

    step: str = next(iter(STEPS))


# The bar of a making is half full when the choice is made; the rest says how much of it is exact.
CHOICE_SHARE = 0.5


def share_at(step: str) -> float:
    """Return how far a making is that has come to a step, as a share."""
    return CHOICE_SHARE * list(STEPS).index(step) / len(STEPS)


def share_exact(advance: Mapping[str, int]) -> float:
    """Return how far a making is that works out costs and prices, as a share."""
    wanted = advance["requests"] + advance["prices"]
    exact = advance["requests_exact"] + advance["prices_exact"]
    return CHOICE_SHARE + (1 - CHOICE_SHARE) * exact / wanted if wanted else 1.0


class NumberRule(StrEnum):
    """A rule with one number. The values are the names the engine knows it by."""

    WOMEN = "women"
    FIRST_TIMERS = "first-timers"
    ORGANISATION = "per-organisation"
    PERSON = "per-person"
    THEMES = "themes"


MEASURE_NAMES: Mapping[NumberRule, Promise] = {
    NumberRule.WOMEN: _("At least so many per cent of the speakers are women, of those whose gender is told"),
    NumberRule.FIRST_TIMERS: _("At least so many per cent of the speakers come for the first time, if told"),
    NumberRule.ORGANISATION: _("At most so many sessions of one organization"),
    NumberRule.PERSON: _("At most so many sessions of one speaker"),
    NumberRule.THEMES: _("Each theme gets its places by demand, give or take so many"),
}
SHORT_NAMES: Mapping[NumberRule, Promise] = {
    NumberRule.WOMEN: _("Women among the speakers"),
    NumberRule.FIRST_TIMERS: _("Speakers who come for the first time"),
    NumberRule.ORGANISATION: _("Sessions of one organization"),
    NumberRule.PERSON: _("Sessions of one speaker"),
    NumberRule.THEMES: _("Themes by demand"),
}
SHARES = (NumberRule.WOMEN, NumberRule.FIRST_TIMERS)
CAPS = (NumberRule.ORGANISATION, NumberRule.PERSON)
USUAL: Mapping[NumberRule, float] = {
    NumberRule.WOMEN: 40,
    NumberRule.FIRST_TIMERS: 20,
    NumberRule.ORGANISATION: 2,
    NumberRule.PERSON: 3,
    NumberRule.THEMES: 2,
}
# What the engine counts and groups by, beside the schemes.
COUNT_NAMES: Mapping[str, Promise] = {
    "women": _("women"),
    "gender-told": _("speakers whose gender is told"),
    "first-timers": _("first-timers"),
    "first-told": _("speakers of whom it is told whether they come for the first time"),
    "organisation": _("organization"),
    "person": _("speaker"),
    "theme": _("theme"),
}
CAPACITY = "places"
# That somebody is chosen at all; where nobody is, every share is kept.
ANYBODY = "anybody"
SOMEBODY_CHOSEN = gettext_noop("At least one session is chosen.")
DIMENSION_NAMES: Mapping[SchemeDimension, Promise] = {
    SchemeDimension.STAKEHOLDER: _("Stakeholder groups"),
    SchemeDimension.REGION: _("Regions"),
    SchemeDimension.COUNTRY: _("Country categories"),
    SchemeDimension.LANGUAGE: _("Languages"),
}


@dataclass(frozen=True)
class ShareBounds:
    """At least and at most so much of what is chosen belongs to one group of a scheme."""

    scheme: str
    group: str
    least: float | None = None
    most: float | None = None
    in_percent: bool = True
    strength: RuleStrength = RuleStrength.OFF

    @property
    def id(self) -> str:
        return band_id(self.scheme, self.group)


@dataclass(frozen=True)
class RuleWithNumber:
    """A rule with one number, and how strict it is."""

    measure: NumberRule
    number: float
    strength: RuleStrength = RuleStrength.OFF


@dataclass(frozen=True)
class SelectionTerms:
    """The rules of a selection. Without `sessions` and `hours`, rooms and slots determine the capacity.

    `scores` are entered for requests without reviews; `waiting` is the length of the waiting list.
    """

    sessions: int | None = None
    hours: float | None = None
    kinds: Mapping[str, int] = field(default_factory=dict)
    bands: tuple[ShareBounds, ...] = ()
    numbered: tuple[RuleWithNumber, ...] = ()
    waiting: int = 10
    scores: Mapping[str, float] = field(default_factory=dict)

    def number(self, measure: NumberRule) -> RuleWithNumber:
        found = next((one for one in self.numbered if one.measure is measure), None)
        return found or RuleWithNumber(measure, USUAL[measure])

    def as_data(self) -> dict[str, Any]:
        return {
            "sessions": self.sessions,
            "hours": self.hours,
            "kinds": dict(self.kinds),
            "bands": [
                [one.scheme, one.group, one.least, one.most, one.in_percent, one.strength.value]
                for one in self.bands
            ],
            "numbered": [[one.measure.value, one.number, one.strength.value] for one in self.numbered],
            "waiting": self.waiting,
            "scores": dict(self.scores),
        }


def terms_from(data: Mapping[str, Any]) -> SelectionTerms:
    """Read rules as they are kept."""
    if not data:
        return SelectionTerms()
    return SelectionTerms(
        sessions=data["sessions"],
        hours=data["hours"],
        kinds=data["kinds"],
        bands=tuple(_band(*one) for one in data["bands"]),
        numbered=tuple(
            RuleWithNumber(NumberRule(one[0]), one[1], RuleStrength(one[2])) for one in data["numbered"]
        ),
        waiting=data["waiting"],
        scores=data["scores"],
    )


def _band(
    scheme: str,
    group: str,
    least: float | None,
    most: float | None,
    in_percent: bool,  # noqa: FBT001 - as it is kept
    strength: str,
) -> ShareBounds:
    return ShareBounds(scheme, group, least, most, in_percent, RuleStrength(strength))


def named(scheme: Scheme) -> str:
    """Say what a scheme divides by, and which of several it is."""
    return f"{DIMENSION_NAMES[scheme.dimension]}: {scheme.title_here}"


def band_id(scheme: str, group: str) -> str:
    return f"{scheme}/{group}"


def bands_offered() -> list[tuple[Scheme, list[str]]]:
    """Return the groups a rule can be set for, by scheme."""
    return [(scheme, [group.code for group in scheme.groups]) for scheme in shown_first()]


def require_terms(terms: SelectionTerms) -> None:
    """Refuse rules nobody could keep, or that say nothing."""
    for band in terms.bands:
        scheme = scheme_at(band.scheme)
        if scheme is None or band.group not in {one.code for one in scheme.groups}:
            raise Refused(gettext("Please choose among the groups of the schemes."), "selection-group")
        _require_band(band)
    for one in terms.numbered:
        highest = WHOLE if one.measure in SHARES else MOST_PLACES
        if not 0 <= one.number <= highest or (one.measure in CAPS and one.number < 1):
            name = SHORT_NAMES[one.measure]
            sentence = gettext("The number for “%(rule)s” must be from %(least)s to %(most)s.")
            known = {"rule": name, "least": 1 if one.measure in CAPS else 0, "most": highest}
            raise Refused(sentence % known, "selection-number")
    if unknown := set(terms.kinds) - {kind.value for kind in SessionKind}:
        sentence = gettext("There is no kind of session “%(kind)s”.")
        raise Refused(sentence % {"kind": min(unknown)}, "selection-kind")


def _require_band(band: ShareBounds) -> None:
    name = rule_name(band.id)
    if band.strength is not RuleStrength.OFF and band.least is None and band.most is None:
        sentence = gettext(
            "The rule for “%(group)s” is on, but it has no number. Please give one, or turn it off."
        )
        raise Refused(sentence % {"group": name}, "selection-no-bound")
    bounds = [one for one in (band.least, band.most) if one is not None]
    if any(one < 0 or (band.in_percent and one > WHOLE) for one in bounds):
        sentence = gettext("A share for “%(group)s” is from 0 to 100 per cent.")
        raise Refused(sentence % {"group": name}, "selection-share")
    if band.least is not None and band.most is not None and band.least > band.most:
        sentence = gettext("For “%(group)s” the least is more than the most.")
        raise Refused(sentence % {"group": name}, "selection-crossed")


def rule_name(rule: str) -> str:
    """Say what a rule, a capacity or a pin is called, by the name the engine knows it by."""
    plain = {
        **{one.value: name for one, name in SHORT_NAMES.items()},
        CAPACITY: _("Places for sessions"),
        ANYBODY: _("Somebody is chosen"),
    }
    if rule in plain:
        return str(plain[rule])
    head, _between, rest = rule.partition(":")
    if head == CAPACITY:
        return gettext("Places of the kind “%(kind)s”") % {"kind": SESSION_KIND_NAMES[SessionKind(rest)]}
    if head == "pin":
        return gettext("%(request)s must be in") % {"request": rest}
    if head == "veto":
        return gettext("%(request)s must be out") % {"request": rest}
    key, _between, group = rule.rpartition("/")
    scheme = scheme_at(key)
    return f"{scheme.title_here}: {scheme.title_of(group)}" if scheme else rule


def require_reasoned(reason: str) -> None:
    if not reason.strip():
        raise Refused(gettext("Please say why: the reason stands in the record."), "pin-reason", "reason")


def in_words(sentence: str, params: Mapping[str, str | int], groups: Mapping[str, str]) -> str:
    """Return a sentence of the engine in the page's language, with names instead of ids.

    `groups` are the names of organizations, speakers and themes by engine id.
    """
    scheme = scheme_at(str(params.get("scheme", "")))
    return gettext(sentence) % {key: _shown(key, value, scheme, groups) for key, value in params.items()}


def _shown(key: str, value: str | int, scheme: Scheme | None, groups: Mapping[str, str]) -> str | int:
    if not isinstance(value, str):
        return value
    names: dict[str, Callable[[str], str]] = {
        "scheme": lambda one: scheme.title_here if scheme else str(COUNT_NAMES.get(one, one)),
        "group": lambda one: scheme.title_of(one) if scheme else groups.get(one, one),
        "kind": lambda one: str(SESSION_KIND_NAMES[SessionKind(one)]),
        "rule": rule_name,
        "count": lambda one: str(COUNT_NAMES.get(one, one)),
        "of": lambda one: str(COUNT_NAMES.get(one, one)),
    }
    name = names.get(key) or names.get(key.removesuffix("s"))
    return ", ".join(name(one) for one in value.split(", ")) if name else value
