"""Count the broken wishes about time, by rule, before rooms are chosen."""

from collections.abc import Mapping
from dataclasses import dataclass

from muntada.engines.timetable.layout import PlacedSession
from muntada.engines.timetable.options import Options


@dataclass(frozen=True, slots=True)
class WishTally:
    """The number of broken wishes of one rule, and their total cost."""

    rule: str
    count: int
    cost: int


def tally(options: Options, starts: Mapping[str, str]) -> tuple[WishTally, ...]:
    """Count broken wishes if sessions start in these slots; rules without broken wishes are omitted.

    Wishes about time do not depend on rooms, so any room is used.
    """
    layout, book = options.layout, options.book
    placed = [
        PlacedSession(
            layout.sessions[session],
            layout.span(layout.sessions[session], layout.position[slot]),
            options.rooms[0],
        )
        for session, slot in starts.items()
    ]
    found = []
    for rule in book.about_time:
        broken = list(rule.violations(layout, placed)) if rule.weight else []
        if broken:
            count = sum(rule.times(one) for one in broken)
            found.append(WishTally(rule.name, count, sum(one.cost for one in broken)))
    return tuple(found)
