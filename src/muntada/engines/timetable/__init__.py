"""Sessions, rooms, slots, people and wishes become a timetable; any timetable is judged by the same rules.

    >>> from datetime import UTC, datetime, timedelta
    >>> from muntada.engines.timetable import Problem, Room, Session, Slot, evaluate, solve
    >>> nine = datetime(2025, 7, 7, 9, tzinfo=UTC)
    >>> hours = [nine + timedelta(hours=number) for number in range(2)]
    >>> problem = Problem(
    ...     sessions=(
    ...         Session("opening", 60, people=frozenset({"Ana"}), audience=80),
    ...         Session("workshop", 60, people=frozenset({"Ana"})),
    ...     ),
    ...     rooms=(Room("hall", 100), Room("den", 20)),
    ...     slots=tuple(Slot(f"{start:%H}", start, start + timedelta(hours=1)) for start in hours),
    ... )
    >>> plan = solve(problem, seed=1, effort=1)
    >>> {one.session: one.room for one in plan.placements} == {"opening": "hall", "workshop": "den"}
    True
    >>> plan.status.value, evaluate(problem, plan.placements).score.unplaced
    ('optimal', 0)

`repair` moves as little as possible of a published timetable, `preflight` tells what counting alone shows,
`blame` which smallest set of rules is in the way. The method is described in docs/engines/timetable.md.
"""

import lazy_loader

# What is named in __init__.pyi is loaded when it is asked for, so that no import of a part loads a solver.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
