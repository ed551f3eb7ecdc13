"""The sentences that describe conditions, for translation.

The parameters `rule`, `request`, `other` and `pinned` are ids; `scheme`, `groups`, `group`,
`kinds`, `count` and `of` are codes, lists being joined by ", ". A caller may replace them by names.
"""

from collections.abc import Collection, Iterator

from muntada.engines.reasons import Reason, gettext_noop
from muntada.engines.selection.problem import (
    MINUTES,
    Alternatives,
    Apportionment,
    BalanceRule,
    Cap,
    Capacity,
    Condition,
    Headcount,
    PinnedRequest,
    Unit,
    Veto,
)

PLACES = gettext_noop("Places for sessions: %(most)s.")
PLACES_OF = gettext_noop("Places for sessions of the kind %(kinds)s: %(most)s.")
ROOM_MINUTES = gettext_noop("The rooms have %(most)s minutes for sessions.")
ROOM_MINUTES_OF = gettext_noop("The rooms have %(most)s minutes for sessions of the kind %(kinds)s.")
LEAST_SHARE = gettext_noop("At least %(least)s %% of the chosen sessions belong to %(groups)s (%(scheme)s).")
MOST_SHARE = gettext_noop("At most %(most)s %% of the chosen sessions belong to %(groups)s (%(scheme)s).")
LEAST_TIME = gettext_noop("At least %(least)s %% of the chosen minutes belong to %(groups)s (%(scheme)s).")
MOST_TIME = gettext_noop("At most %(most)s %% of the chosen minutes belong to %(groups)s (%(scheme)s).")
LEAST_SESSIONS = gettext_noop("At least %(least)s chosen sessions belong to %(groups)s (%(scheme)s).")
MOST_SESSIONS = gettext_noop("At most %(most)s chosen sessions belong to %(groups)s (%(scheme)s).")
LEAST_MINUTES = gettext_noop("At least %(least)s chosen minutes belong to %(groups)s (%(scheme)s).")
MOST_MINUTES = gettext_noop("At most %(most)s chosen minutes belong to %(groups)s (%(scheme)s).")
LEAST_OF_PEOPLE = gettext_noop("At least %(least)s %% of all %(of)s of the chosen sessions are %(count)s.")
MOST_OF_PEOPLE = gettext_noop("At most %(most)s %% of all %(of)s of the chosen sessions are %(count)s.")
LEAST_PEOPLE = gettext_noop("The chosen sessions have at least %(least)s %(count)s.")
MOST_PEOPLE = gettext_noop("The chosen sessions have at most %(most)s %(count)s.")
ONLY_KINDS = gettext_noop("Only sessions of the kind %(kinds)s count for “%(rule)s”.")
CAPPED = gettext_noop("At most %(most)s chosen sessions belong to one and the same %(scheme)s.")
SHARED_OUT = gettext_noop(
    "%(places)s places are shared out by demand (%(scheme)s), give or take %(tolerance)s for each group."
)
ONE_OF = gettext_noop("At most one of these is chosen: %(requests)s.")
PINNED = gettext_noop("%(request)s is pinned: it must be in.")
VETOED = gettext_noop("%(request)s is vetoed: it must be out.")

SHARES = {
    (Unit.PERCENT, "sessions"): (LEAST_SHARE, MOST_SHARE),
    (Unit.PERCENT, MINUTES): (LEAST_TIME, MOST_TIME),
    (Unit.NUMBER, "sessions"): (LEAST_SESSIONS, MOST_SESSIONS),
    (Unit.NUMBER, MINUTES): (LEAST_MINUTES, MOST_MINUTES),
}
PEOPLE = {
    Unit.PERCENT: (LEAST_OF_PEOPLE, MOST_OF_PEOPLE),
    Unit.NUMBER: (LEAST_PEOPLE, MOST_PEOPLE),
}


def demands(condition: Condition, *, places: int = 0) -> Iterator[Reason]:
    """Yield what a condition demands; `places` is the size of the programme of an apportionment."""
    match condition:
        case Capacity():
            yield from capacity_demands(condition)
        case BalanceRule():
            params = {"groups": listed(condition.groups), "scheme": condition.scheme}
            yield from band(condition, SHARES[condition.unit, condition.measure], params)
        case Headcount():
            params = {"count": condition.count, "of": condition.of}
            yield from band(condition, PEOPLE[condition.unit], params)
        case Cap():
            yield Reason(CAPPED, {"most": condition.most, "scheme": condition.scheme})
            yield from only_kinds(condition)
        case Apportionment():
            tolerance = number(condition.tolerance)
            params = {"places": str(places), "scheme": condition.scheme, "tolerance": tolerance}
            yield Reason(SHARED_OUT, params)
            yield from only_kinds(condition)
        case Alternatives():
            yield Reason(ONE_OF, {"requests": listed(condition.requests)})
        case PinnedRequest():
            yield Reason(PINNED, {"request": condition.request})
        case Veto():
            yield Reason(VETOED, {"request": condition.request})


def capacity_demands(capacity: Capacity) -> Iterator[Reason]:
    kinds = listed(capacity.kinds)
    for most, of_all, of_kinds in (
        (capacity.sessions, PLACES, PLACES_OF),
        (capacity.minutes, ROOM_MINUTES, ROOM_MINUTES_OF),
    ):
        if most is not None:
            yield (
                Reason(of_kinds, {"most": most, "kinds": kinds}) if kinds else Reason(of_all, {"most": most})
            )


def band(
    rule: BalanceRule | Headcount, sentences: tuple[str, str], params: dict[str, str]
) -> Iterator[Reason]:
    if rule.least is not None:
        yield Reason(sentences[0], params | {"least": number(rule.least)})
    if rule.most is not None:
        yield Reason(sentences[1], params | {"most": number(rule.most)})
    yield from only_kinds(rule)


def only_kinds(rule: BalanceRule | Headcount | Cap | Apportionment) -> Iterator[Reason]:
    if rule.kinds:
        yield Reason(ONLY_KINDS, {"kinds": listed(rule.kinds), "rule": rule.id})


def listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))


def number(value: float) -> str:
    """Return a number without unnecessary digits: 33.3, 40."""
    return f"{round(value, 3):g}" if abs(value) < 1e5 else f"{value:.0f}"  # noqa: PLR2004 - g turns to 1e+05


def points(thousandths: int) -> str:
    return f"{thousandths / 1000:.3f}".rstrip("0").rstrip(".")
