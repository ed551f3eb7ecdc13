"""Rules of timetables, and their descriptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.forums.rules.schemes import SchemeDimension, shown_first
from muntada.foundations.errors import Refused, template_here
from muntada.programme.sessions.rules import services_in_words


def require_unreleased(*, is_released: bool) -> None:
    if is_released:
        sentence = gettext("This timetable is released and stays as it was. Please make a new draft from it.")
        raise Refused(sentence, "timetable-released")


def require_kept(number: int, discarded_at: datetime | None, who: str, zone: ZoneInfo) -> None:
    """Refuse to change a timetable that was thrown away, and say by whom."""
    if discarded_at is None:
        return
    sentence = gettext(
        "Timetable %(number)s was thrown away by %(who)s at %(at)s. It can be brought back on its page."
    )
    known = {"number": number, "who": who or gettext("somebody"), "at": moment_in_words(discarded_at, zone)}
    raise Refused(sentence % known, "timetable-discarded")


def moment_in_words(at: datetime, zone: ZoneInfo) -> str:
    """Write a moment by the clock of a zone, day of the week first."""
    local = at.astimezone(zone)
    return f"{date_format(local, 'D')} {date_format(local, 'MONTH_DAY_FORMAT')}, {local:%H:%M}"


def in_words(sentence: str, params: Mapping[str, str | int], zone: ZoneInfo) -> str:
    """Write an engine's sentence in the language of the page, with moments in the zone of the forum."""
    return template_here(sentence, params) % {
        key: _in_words(key, value, zone) for key, value in params.items()
    }


def _in_words(key: str, value: str | int, zone: ZoneInfo) -> str | int:
    if not isinstance(value, str):
        return value
    if key == "slot":
        return date_format(datetime.fromisoformat(value).astimezone(zone), "DATETIME_FORMAT")
    if key == "day":
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if key == "group":
        scheme = next(one for one in shown_first() if one.dimension is SchemeDimension.STAKEHOLDER)
        return scheme.title_of(value)
    if key in {"service", "needs"}:
        return ", ".join(services_in_words(value.split(", ")))
    return value


TIER_NAMES: Mapping[str, Promise] = {
    "hard": _("Must not be"),
    "move": _("Moved since the last release"),
    "wish": _("Wishes that could not be met"),
    "fit": _("Rooms larger than needed"),
}


@dataclass(frozen=True)
class NamedSentence:
    """A sentence of the engine with names in it, still to be translated."""

    sentence: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class TimetableFinding:
    """What a rule says about a timetable, as it is stored; `sessions` are symbols."""

    rule: str
    tier: str
    cost: int
    sentence: str
    params: Mapping[str, str | int]
    sessions: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnplacedReasons:
    """A session without a place by its symbol, and why as far as it was said, as it is stored."""

    session: str
    reasons: tuple[NamedSentence, ...] = ()


@dataclass(frozen=True)
class ConflictingRules:
    """Rules that cannot all hold, as they are stored: without one of them the others can.

    `is_counted`: counting alone has shown it.
    """

    reasons: tuple[NamedSentence, ...]
    sessions: tuple[str, ...] = ()
    is_counted: bool = False


# Of each figure by its name in FIGURE_NAMES, how much of it; the less the better.
type Figures = Mapping[str, int]

FIGURE_NAMES: Mapping[str, Promise] = {
    "unplaced": _("Sessions without a place"),
    "moved": _("Sessions moved since the last release"),
    "wishes": _("Cost of wishes not met"),
    "fit": _("Cost of rooms too large"),
}


# What of a wish is broken, as it is counted while a timetable is made.
BROKEN_NAMES: Mapping[str, Promise] = {
    "comfortable-hours": _("Sessions outside somebody’s good hours online"),
    "tracks-apart": _("Sessions of a track at the same time"),
    "lines-spread": _("Days with more than an even share of an action line"),
    "groups-spread": _("Days with more than an even share of a stakeholder group"),
    "favourites-apart": _("Favourites missed, as they are at the same time"),
    "pairs-apart": _("Pairs that people wish to hear, at the same time"),
    "stays-near": _("Published sessions at another time"),
}


STEP_NAMES: Mapping[str, Promise] = {
    "locks": _("Placing what is fixed"),
    "places": _("Finding a place for every session"),
    "moves": _("Moving as few sessions as possible"),
    "wishes": _("Meeting wishes"),
}


@dataclass(frozen=True)
class MoveNews:
    """A move as it is told: who, what, when, and where it stands since; no place is an empty one."""

    session: str
    who: str
    at: str
    place: str


def moved_meanwhile(news: MoveNews) -> str:
    """Tell the second of two editors what the first has done."""
    if news.place:
        sentence = gettext(
            "%(who)s moved %(session)s to %(place)s at %(at)s, after you opened this page. Nothing of yours"
            " was stored. Please look at where it stands now and move it again if you still wish to."
        )
    else:
        sentence = gettext(
            "%(who)s took %(session)s out of this timetable at %(at)s, after you opened this page. Nothing of"
            " yours was stored. Please look again and place it if you still wish to."
        )
    known = {"who": news.who, "session": news.session, "at": news.at, "place": news.place}
    return sentence % known


def somebody(name: str) -> str:
    return name or gettext("Somebody")


class StepReport(Protocol):
    """What the engine says: in which step, the best figure so far, the best that is still possible."""

    @property
    def tier(self) -> str: ...
    @property
    def best(self) -> int: ...
    @property
    def bound(self) -> int: ...
    @property
    def effort(self) -> float: ...


@dataclass(frozen=True)
class StepFigures:
    """The best figure of a step so far, and the best that is still possible."""

    best: int
    bound: int


@dataclass(frozen=True)
class BrokenWishes:
    """A kind of wish: how often the best so far breaks it, and what that costs."""

    rule: str
    count: int
    cost: int


@dataclass(frozen=True)
class TimetableProgress:
    """How far the making of a timetable is, as it is stored with its job; `tier` is the step it is at.

    `improved` is the second in which something became better; without `broken` no wish was looked at.
    """

    tier: str = ""
    best: int | None = None
    bound: int | None = None
    effort: float = 0
    seconds: int | None = None
    improved: int | None = None
    steps: Mapping[str, StepFigures] = field(default_factory=dict)
    broken: tuple[BrokenWishes, ...] | None = None


def so_far(before: TimetableProgress, reports: Sequence[StepReport], seconds: float) -> TimetableProgress:
    """Join new reports to what was told before."""
    told, steps = replace(before, seconds=round(seconds)), dict(before.steps)
    for one in reports:
        known = steps.get(one.tier)
        if known is None or one.best < known.best:
            told = replace(told, improved=round(seconds))
        best = min(one.best, known.best) if known else one.best
        bound = min(max(one.bound, known.bound) if known else one.bound, best)
        steps[one.tier] = StepFigures(best, bound)
        told = replace(told, tier=one.tier, best=best, bound=bound, effort=one.effort)
    return replace(told, steps=steps)


def gap_in_percent(best: int, bound: int) -> int:
    """Return how much of a figure is not proved to be needed, as a share of it; 0 where all is proved."""
    return 0 if best <= bound else round(100 * (best - bound) / best)


@dataclass(frozen=True)
class Appearance:
    """How one session stands in a release. A session that was taken out stands there as cancelled."""

    title: str
    room_id: int
    room: str
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool = False


@dataclass(frozen=True)
class ReleasedState:
    """How a session stands, how often that changed and when last: what calendars follow."""

    appearance: Appearance
    sequence: int
    changed_at: datetime
