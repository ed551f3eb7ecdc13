"""Made-up forums of any size from a seed, in the proportions of a real one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from muntada.engines.timetable.problem import (
    PersonSpec,
    RoomSpec,
    SessionSpec,
    SlotSpec,
    TimePeriod,
    TimetableProblem,
)

SEATS = (600, 300, 300, 200, 200, 150, 150, 120, 120, 100, 100, 80, 80, 80, 60, 60, 60, 40, 40, 40)
HOURS = (9, 10, 11, 12, 14, 15, 16, 17)
FIRST_DAY = datetime(2025, 7, 7, tzinfo=UTC)
ZONES = (
    "America/Los_Angeles", "America/New_York", "America/Bogota", "America/Sao_Paulo", "America/St_Johns",
    "Atlantic/Azores", "Africa/Lagos", "Africa/Nairobi", "Africa/Johannesburg", "Europe/Paris",
    "Asia/Tehran", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu",
    "Asia/Dhaka", "Asia/Bangkok", "Asia/Shanghai", "Asia/Tokyo", "Pacific/Auckland",
)  # fmt: skip


def forum(sessions: int, rooms: int, days: int, *, seed: int = 1) -> TimetableProblem:
    """Popular speakers, people online in twenty zones, people who miss days, services in some rooms only."""
    random = Random(seed)  # noqa: S311 - made-up people
    slots = [
        SlotSpec(f"d{day}h{hour}", start, start + timedelta(hours=1))
        for day in range(days)
        for hour in HOURS
        for start in [FIRST_DAY + timedelta(days=day, hours=hour)]
    ]
    people = [person(random, number, days) for number in range(4 * sessions)]
    weights = [(rank + 1) ** -0.45 for rank in range(len(people))]
    halls = [room(random, number, rooms, slots) for number in range(rooms)]
    largest = max(hall.seats for hall in halls)
    return TimetableProblem(
        sessions=tuple(session(random, number, people, weights, largest) for number in range(sessions)),
        rooms=tuple(halls),
        slots=tuple(slots),
        people=tuple(people),
    )


def person(random: Random, number: int, days: int) -> PersonSpec:
    if random.random() < 0.3:
        return PersonSpec(f"p{number}", zone=random.choice(ZONES))
    if random.random() < 0.25:
        missed = random.sample(range(days), min(days - 1, random.randint(1, 2)))
        starts = [FIRST_DAY + timedelta(days=day) for day in missed]
        return PersonSpec(
            f"p{number}", tuple(TimePeriod(start, start + timedelta(days=1)) for start in starts)
        )
    return PersonSpec(f"p{number}")


def room(random: Random, number: int, rooms: int, slots: list[SlotSpec]) -> RoomSpec:
    services = {"captions", "recording"}
    if number < rooms / 2:
        services.add("hybrid")
    if number < rooms / 4:
        services.add("interpretation")
    if number % 10 != 9:
        services.add("step-free")
    closed = frozenset(slot.id for slot in slots if random.random() < 0.03)
    return RoomSpec(f"r{number}", SEATS[number * len(SEATS) // rooms], frozenset(services), closed)


def session(
    random: Random, number: int, people: list[PersonSpec], weights: list[float], largest: int
) -> SessionSpec:
    speakers: dict[str, PersonSpec] = {}
    for _ in range(random.choice((3, 4, 4, 5, 5, 6))):
        one = random.choices(people, weights)[0] if random.random() < 0.35 else random.choice(people)
        speakers[one.id] = one
    needs = {"step-free"} if random.random() < 0.1 else set()
    if any(one.zone for one in speakers.values()) and random.random() < 0.6:
        needs.add("hybrid")
    if random.random() < 0.12:
        needs.add("interpretation")
    return SessionSpec(
        f"s{number}",
        minutes=120 if random.random() < 0.1 else 60,
        people=frozenset(speakers),
        needs=frozenset(needs),
        audience=min(largest, max(10, round(random.lognormvariate(4.0, 0.8)))),
        track=f"track {random.randrange(12)}",
        lines=frozenset(f"C{random.randint(1, 11)}" for _ in range(random.randint(1, 3))),
    )


def with_favourites(
    problem: TimetableProblem, attendees: int, *, each: int = 10, seed: int = 1
) -> TimetableProblem:
    """The forum with attendees who have marked sessions by their fame, most of them in three tracks."""
    random = Random(f"favourites {seed}")  # noqa: S311 - made-up attendees
    tracks: dict[str | None, list[SessionSpec]] = {}
    for one in problem.sessions:
        tracks.setdefault(one.track, []).append(one)
    names = sorted(tracks, key=str)
    every = list(problem.sessions)
    favourites: dict[str, frozenset[str]] = {}
    for number in range(attendees):
        liked = [one for name in random.sample(names, min(3, len(names))) for one in tracks[name]]
        marked: set[str] = set()
        while len(marked) < min(each, len(every)):
            pool = liked if random.random() < 0.7 else every
            marked.add(random.choices(pool, [one.audience for one in pool])[0].id)
        favourites[f"a{number}"] = frozenset(marked)
    return replace(problem, favourites=favourites)
