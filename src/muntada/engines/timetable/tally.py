"""Which wishes about time are broken, kind by kind, while the rooms are not chosen yet."""

from collections.abc import Mapping
from dataclasses import dataclass

from muntada.engines.timetable.layout import Placed
from muntada.engines.timetable.options import Options


@dataclass(frozen=True, slots=True)
class Tally:
    """How often the wishes of one rule are broken, and what that costs together."""

    rule: str
    count: int
    cost: int


def tally(options: Options, starts: Mapping[str, str]) -> tuple[Tally, ...]:
    """Count what the wishes say when sessions start with these slots; a wish that is met is not told.

    The wishes about time look at no room, so any room does.
    """
    layout, book = options.layout, options.book
    placed = [
        Placed(
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
            found.append(Tally(rule.name, count, sum(one.cost for one in broken)))
    return tuple(found)
