"""Rules of constraints and timetables."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused

TIE_NAME_LENGTH = 80
LONGEST_PAUSE = 240
MOST_WEIGHT = 100
MOST_OF_AN_ORGANISER = 50
COMFORT_FROM, COMFORT_TO = time(7), time(22)
MOST_AUDIENCE = 100_000

# The default weights of wishes, named as in the engine.
WEIGHTS: Mapping[str, int] = {"comfort": 5, "track": 8, "lines": 4, "groups": 4, "favourites": 2}

WEIGHT_NAMES: Mapping[str, Promise] = {
    "comfort": _("Good hours for people online"),
    "track": _("Different times for sessions of a track"),
    "lines": _("Action lines over all days"),
    "groups": _("Stakeholder groups over all days"),
    "favourites": _("Different times for sessions that the same people marked"),
}

WEIGHT_WORDS: Mapping[str, Promise] = {
    "comfort": _("Counts each session that somebody online takes part in outside the hours above."),
    "track": _("Counts each session of a track beyond the first at one time."),
    "lines": _("Counts the sessions on a line that are on one day beyond an even share."),
    "groups": _(
        "Counts the sessions with speakers of a stakeholder group that are on one day beyond an even share."
    ),
    "favourites": _("Counts each session that somebody marked and has to miss for another one."),
}

_SYMBOL = re.compile(r"^(?:[A-Z0-9-]+/)?S/(\d{1,6})$", re.IGNORECASE)


def numbers_of_sessions(text: str, field: str) -> list[int]:
    """Return the numbers in a text such as “S/3, S/12”; refuse anything else."""
    found: list[int] = []
    for word in re.split(r"[\s,;،、]+", text.strip()):
        if not word:
            continue
        read = _SYMBOL.match(word)
        if read is None:
            sentence = gettext("“%(word)s” is no symbol of a session. Please write it like S/12.")
            raise Refused(sentence % {"word": word[:40]}, "no-session-symbol", field)
        number = int(read.group(1))
        if number not in found:
            found.append(number)
    return found


def require_known(wanted: Sequence[int], known: Iterable[int], field: str) -> None:
    """Refuse sessions that do not exist or do not take place."""
    there = set(known)
    for number in wanted:
        if number not in there:
            sentence = gettext(
                "There is no session S/%(number)s in this forum that takes place. Please look again."
            )
            raise Refused(sentence % {"number": number}, "no-such-session", field)


def require_not_itself(number: int, others: Sequence[int], field: str) -> None:
    if number in others:
        sentence = gettext("S/%(number)s cannot come after itself. Please leave it out.")
        raise Refused(sentence % {"number": number}, "follows-itself", field)


def circle_in(follows: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return a cycle of sessions, if any."""
    before: dict[str, set[str]] = {}
    for earlier, later in sorted(follows):
        before.setdefault(later, set()).add(earlier)
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        circle = error.args[1][:-1]
        begins = circle.index(min(circle, key=lambda name: (len(name), name)))
        return (*circle[begins:], *circle[: begins + 1])
    return ()


def require_no_circle(follows: Iterable[tuple[str, str]], field: str) -> None:
    """Refuse an order with a cycle, and name it."""
    circle = circle_in(follows)
    if circle:
        sentence = gettext(
            "This order goes in a circle: %(circle)s. Each would have to end before the next begins. Please"
            " take one of them out, here or in the series it is a part of."
        )
        raise Refused(sentence % {"circle": " → ".join(circle)}, "order-circle", field)


def steps_of_series(parts: Sequence[str]) -> list[tuple[str, str]]:
    return list(pairwise(parts))


def require_tie_name(name: str, field: str) -> str:
    """Return a trimmed name; refuse an empty one."""
    title = " ".join(name.split())
    if not any(letter.isalnum() for letter in title):
        raise Refused(gettext("Please give it a name."), "tie-name", field)
    if len(title) > TIE_NAME_LENGTH:
        sentence = gettext("The name has at most %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": TIE_NAME_LENGTH}, "tie-name", field)
    return title


def require_comfort(starts: time, ends: time) -> None:
    if ends <= starts:
        sentence = gettext("The good hours have to end later than they begin, on the same day.")
        raise Refused(sentence, "comfort-hours", "comfort_to")


@dataclass(frozen=True)
class TieNews:
    """The constraints of a session in symbols, for the log."""

    audience: int
    track: str
    after: tuple[str, ...]
    apart: tuple[str, ...]
    series: str
    part: int | None

    def as_change(self) -> dict[str, object]:
        return {
            "audience": self.audience,
            "track": self.track,
            "after": list(self.after),
            "apart": list(self.apart),
            "series": self.series,
            "part": self.part,
        }
