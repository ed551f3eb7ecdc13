"""Small problems: by hand in one line, and as a Hypothesis strategy that mixes all rules."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import strategies as st

from muntada.engines.timetable.problem import Lock, Period, Person, Placement, Problem, Room, Session, Slot

MONDAY = datetime(2025, 7, 7, tzinfo=UTC)


def hour(day: int, at: int) -> datetime:
    return MONDAY + timedelta(days=day, hours=at)


def hours(*times: int, days: int = 1) -> tuple[Slot, ...]:
    """Slots of one hour, named by day and hour: 0/9, 0/10, ..."""
    return tuple(Slot(f"{day}/{at}", hour(day, at), hour(day, at + 1)) for day in range(days) for at in times)


def away(person: str, *times: int, day: int = 0) -> Person:
    return Person(person, tuple(Period(hour(day, at), hour(day, at + 1)) for at in times))


def talk(name: str, *people: str, minutes: int = 60, **more: object) -> Session:
    return Session(name, minutes, people=frozenset(people), **more)  # type: ignore[arg-type]


@st.composite
def problems(draw: st.DrawFn, *, sessions: int = 5, published: bool = False) -> Problem:
    """Small and tight: most of them cannot place everything. One seed shrinks faster than fifty choices."""
    random = Random(draw(st.integers(0, 10**6)))  # noqa: S311 - made-up problems
    slots = hours(*random.choice([(9, 10), (9, 10, 11), (9, 11)]), days=random.choice([1, 1, 2]))
    names = [slot.id for slot in slots]
    rooms = tuple(
        Room(
            f"r{number}",
            random.choice([20, 50, 100]),
            frozenset({"hybrid"} if random.random() < 0.6 else ()),
            frozenset(name for name in names if random.random() < 0.15),
        )
        for number in range(random.randint(1, 2))
    )
    people = tuple(person(random, f"p{number}") for number in range(4))
    count = random.randint(1, sessions)
    return Problem(
        sessions=tuple(session(random, f"s{number}", names) for number in range(count)),
        rooms=rooms,
        slots=slots,
        people=people,
        pairs={("s0", "s1"): 3} if count > 1 and random.random() < 0.4 else {},
        published=tuple(
            Placement(f"s{number}", random.choice(names), random.choice(rooms).id) for number in range(count)
        )
        if published
        else (),
    )


def person(random: Random, name: str) -> Person:
    gone = tuple(Period(hour(0, at), hour(0, at + 1)) for at in (9, 10, 11) if random.random() < 0.15)
    return Person(name, gone, random.choice([None, None, "Asia/Tokyo", "America/St_Johns"]))


def session(random: Random, name: str, slots: list[str]) -> Session:
    return Session(
        name,
        minutes=random.choice([30, 60, 60, 120]),
        people=frozenset(f"p{number}" for number in range(4) if random.random() < 0.35),
        needs=frozenset({"hybrid"} if random.random() < 0.3 else ()),
        audience=random.choice([0, 10, 40, 90]),
        track=random.choice([None, "a", "b"]),
        lines=frozenset(line for line in ("C1", "C2") if random.random() < 0.4),
        locked=Lock(random.choice(slots)) if random.random() < 0.1 else None,
    )
