"""Small problems: by hand in one line, and as a Hypothesis strategy that mixes all rules."""

from datetime import UTC, datetime, time, timedelta
from random import Random

from hypothesis import strategies as st

from muntada.engines.timetable.problem import (
    Lock,
    PersonSpec,
    PlacementSpec,
    RoomSpec,
    SeriesSpec,
    SessionSpec,
    SlotSpec,
    TimePeriod,
    TimetableProblem,
)

MONDAY = datetime(2025, 7, 7, tzinfo=UTC)


def hour(day: int, at: int) -> datetime:
    return MONDAY + timedelta(days=day, hours=at)


def hours(*times: int, days: int = 1) -> tuple[SlotSpec, ...]:
    """Slots of one hour, named by day and hour: 0/9, 0/10, ..."""
    return tuple(
        SlotSpec(f"{day}/{at}", hour(day, at), hour(day, at + 1)) for day in range(days) for at in times
    )


def away(person: str, *times: int, day: int = 0) -> PersonSpec:
    return PersonSpec(person, tuple(TimePeriod(hour(day, at), hour(day, at + 1)) for at in times))


def talk(name: str, *people: str, minutes: int = 60, **more: object) -> SessionSpec:
    return SessionSpec(name, minutes, people=frozenset(people), **more)  # type: ignore[arg-type]


@st.composite
def problems(draw: st.DrawFn, *, sessions: int = 5, published: bool = False) -> TimetableProblem:
    """Small and tight: most of them cannot place everything. One seed shrinks faster than fifty choices."""
    random = Random(draw(st.integers(0, 10**6)))  # noqa: S311 - made-up problems
    slots = hours(*random.choice([(9, 10), (9, 10, 11), (9, 11)]), days=random.choice([1, 1, 2]))
    names = [slot.id for slot in slots]
    rooms = tuple(
        RoomSpec(
            f"r{number}",
            random.choice([20, 50, 100]),
            frozenset({"hybrid"} if random.random() < 0.6 else ()),
            frozenset(name for name in names if random.random() < 0.15),
            hours=(TimePeriod(hour(0, 10), hour(1, 11)),) if random.random() < 0.15 else (),
            building=random.choice([None, "north", "south"]),
        )
        for number in range(random.randint(1, 2))
    )
    people = tuple(person(random, f"p{number}") for number in range(4))
    count = random.randint(1, sessions)
    ids = [f"s{number}" for number in range(count)]
    return TimetableProblem(
        sessions=tuple(session(random, name, names, ids) for name in ids),
        rooms=rooms,
        slots=slots,
        people=people,
        pairs={("s0", "s1"): 3} if count > 1 and random.random() < 0.4 else {},
        published=tuple(
            PlacementSpec(f"s{number}", random.choice(names), random.choice(rooms).id)
            for number in range(count)
        )
        if published
        else (),
        favourites={
            f"fan {number}": frozenset(name for name in ids if random.random() < 0.5) for number in range(3)
        },
        series=(SeriesSpec(tuple(ids[-2:]), same_day=random.random() < 0.5),)
        if random.random() < 0.2
        else (),
        pause=timedelta(minutes=random.choice([0, 0, 0, 15, 30])),
        walks={("north", "south"): random.choice([5, 20, 70])} if random.random() < 0.4 else {},
        organiser_limit=random.choice([None, None, 1, 2]),
        must_spread=frozenset(name for name in ("lines", "groups") if random.random() < 0.2),
    )


def person(random: Random, name: str) -> PersonSpec:
    gone = tuple(TimePeriod(hour(0, at), hour(0, at + 1)) for at in (9, 10, 11) if random.random() < 0.15)
    zone = random.choice([None, None, "Asia/Tokyo", "America/St_Johns"])
    there = (TimePeriod(hour(0, 9), hour(0, 11)), TimePeriod(hour(1, 0), hour(2, 0)))
    comfort = (time(10), time(18, 30)) if random.random() < 0.2 else None
    return PersonSpec(name, gone, zone, there if random.random() < 0.15 else (), comfort)


def session(random: Random, name: str, slots: list[str], ids: list[str]) -> SessionSpec:
    """A session that may have to follow one of those before it."""
    before = ids[: ids.index(name)]
    return SessionSpec(
        name,
        minutes=random.choice([30, 60, 60, 120]),
        people=frozenset(f"p{number}" for number in range(4) if random.random() < 0.35),
        needs=frozenset({"hybrid"} if random.random() < 0.3 else ()),
        audience=random.choice([0, 10, 40, 90]),
        track=random.choice([None, "a", "b"]),
        lines=frozenset(line for line in ("C1", "C2") if random.random() < 0.4),
        locked=Lock(random.choice(slots)) if random.random() < 0.1 else None,
        organisers=frozenset({random.choice(["itu", "unesco"])} if random.random() < 0.6 else ()),
        groups=frozenset(group for group in ("government", "youth") if random.random() < 0.4),
        after=frozenset({random.choice(before)} if before and random.random() < 0.15 else ()),
        exclusive=frozenset({"plenary"} if random.random() < 0.2 else ()),
    )
