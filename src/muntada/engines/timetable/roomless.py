"""Find the few sessions that cannot all get rooms at their times, for the time model to learn.

Explicit rooms for all long and walking sessions of a day would make a model of hundreds of
thousands of choices; the sessions that really conflict are a handful.
"""

from collections import defaultdict
from collections.abc import Sequence

from ortools.sat.python import cp_model

from muntada.engines.timetable.meetings import members
from muntada.engines.timetable.options import Options
from muntada.engines.timetable.roomstage import Timed, walks_between


def roomless(options: Options, timed: Sequence[Timed], solver: cp_model.CpSolver) -> frozenset[int]:
    """Return sessions, by number, that cannot all get rooms; empty if all can or nothing is proved."""
    model = cp_model.CpModel()
    choices = {
        one.number: {
            room: model.new_bool_var("")
            for room in (members(one.start.rooms) if one.room is None else (one.room,))
        }
        for one in timed
    }
    held: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    for one in timed:
        for room, taken in choices[one.number].items():
            for position in one.start.span.slots:
                held[position, room].append(taken)
    for variables in held.values():
        model.add_at_most_one(variables)
    for first, second in walks_between(options, list(timed)):
        for room, taken in choices[first.number].items():
            far = [
                other
                for elsewhere, other in choices[second.number].items()
                if options.meetings.too_far(first.start.span, 1 << room, second.start.span, 1 << elsewhere)
            ]
            if far:
                model.add_at_most_one([taken, *far])
    stands = {number: model.new_bool_var("") for number in choices}
    for number, literal in stands.items():
        model.add_bool_or(choices[number].values()).only_enforce_if(literal)
    model.add_assumptions(list(stands.values()))
    if solver.solve(model) != cp_model.INFEASIBLE:
        return frozenset()
    core = set(solver.sufficient_assumptions_for_infeasibility())
    return frozenset(number for number, literal in stands.items() if literal.index in core)
