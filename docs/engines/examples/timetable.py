"""Five sessions, two rooms, three hours: a timetable, and what its rules say of another one."""

from datetime import UTC, datetime, timedelta

from muntada.engines.timetable import (
    Lock,
    PlacementSpec,
    RoomSpec,
    SessionSpec,
    SlotSpec,
    TimetableProblem,
    evaluate,
    solve,
)

NINE = datetime(2025, 7, 7, 9, tzinfo=UTC)


def problem() -> TimetableProblem:
    return TimetableProblem(
        sessions=(
            SessionSpec("Opening", 60, people=frozenset({"Ana"}), audience=80, locked=Lock("09:00")),
            SessionSpec("Access", 60, people=frozenset({"Ana"}), audience=15, lines=frozenset({"C2"})),
            SessionSpec("Backbones", 60, people=frozenset({"Chen"}), audience=15, lines=frozenset({"C2"})),
            SessionSpec("Captions", 60, people=frozenset({"Bo"}), needs=frozenset({"captioning"})),
            SessionSpec(
                "Closing", 60, people=frozenset({"Ana"}), audience=70, after=frozenset({"Access", "Captions"})
            ),
        ),
        rooms=(RoomSpec("Hall", 100, services=frozenset({"captioning"})), RoomSpec("Den", 20)),
        slots=tuple(
            SlotSpec(f"{start:%H:%M}", start, start + timedelta(hours=1))
            for start in (NINE + timedelta(hours=number) for number in range(3))
        ),
    )


def main() -> None:
    asked = problem()
    plan = solve(asked, seed=1, effort=2)
    for placed in sorted(plan.placements, key=lambda one: (one.slot, one.room)):
        print(f"{placed.slot}  {placed.room:4}  {placed.session}")
    print(f"{plan.status}; {len(plan.unplaced)} without a place")

    by_hand = [
        PlacementSpec("Closing", "09:00", "Den") if one.session == "Closing" else one
        for one in plan.placements
    ]
    for violation in evaluate(asked, by_hand).hard:
        print(f"Closing first? {violation.reason}")


if __name__ == "__main__":
    main()
