"""Build and evaluate timetables: sessions, rooms, slots, people and wishes.

    >>> from datetime import UTC, datetime, timedelta
    >>> from muntada.engines.timetable import RoomSpec, SessionSpec, SlotSpec, TimetableProblem
    >>> from muntada.engines.timetable import evaluate, solve
    >>> nine = datetime(2025, 7, 7, 9, tzinfo=UTC)
    >>> hours = [nine + timedelta(hours=number) for number in range(2)]
    >>> problem = TimetableProblem(
    ...     sessions=(
    ...         SessionSpec("opening", 60, people=frozenset({"Ana"}), audience=80),
    ...         SessionSpec("workshop", 60, people=frozenset({"Ana"})),
    ...     ),
    ...     rooms=(RoomSpec("hall", 100), RoomSpec("den", 20)),
    ...     slots=tuple(SlotSpec(f"{start:%H}", start, start + timedelta(hours=1)) for start in hours),
    ... )
    >>> plan = solve(problem, seed=1, effort=1)
    >>> {one.session: one.room for one in plan.placements} == {"opening": "hall", "workshop": "den"}
    True
    >>> plan.status.value, evaluate(problem, plan.placements).score.unplaced
    ('optimal', 0)

`evaluate` judges any timetable by the same rules, without the solver. `repair` changes a published
timetable with as few moves as possible, `preflight` reports what counting alone can show, and
`blame` finds the smallest set of rules that cannot all hold. The method is described in
docs/engines/timetable.md.
"""

import lazy_loader

# Names listed in __init__.pyi are loaded on first use, so importing one part does not load a solver.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
