"""Make a timetable of session requests, rooms and slots. Works on files, without a database.

REQUESTS.csv has the columns title, organiser, minutes and, optionally, id, email, kind, audience,
people, needs, lines, goals, track, language, description; lists are separated by ";". ROOMS.csv has
name, seats, services; SLOTS.csv has start and end with their zone, such as 2025-07-07T09:00+02:00.
"""

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from muntada.engines.reasons import in_english
from muntada.engines.tables import TableFault
from muntada.engines.timetable.faults import TimetableFault
from muntada.engines.timetable.files import RequestRow, read_requests, read_rooms, read_slots
from muntada.engines.timetable.plan import PlanStatus, TimetablePlan, TimetableReason, Violation
from muntada.engines.timetable.preflight import PreflightFinding, preflight
from muntada.engines.timetable.problem import PlacementSpec, TimetableProblem
from muntada.engines.timetable.solve import EFFORT, solve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("requests", metavar="REQUESTS.csv", type=Path, help="the session requests")
    parser.add_argument("--rooms", metavar="ROOMS.csv", type=Path, required=True, help="the rooms")
    parser.add_argument("--slots", metavar="SLOTS.csv", type=Path, required=True, help="the slots")
    parser.add_argument(
        "--seed",
        metavar="N",
        type=_seed,
        default=1,
        help="the start of the dice (default: 1); the same files, seed and effort give the same timetable",
    )
    parser.add_argument(
        "--effort",
        metavar="SECONDS",
        type=_seconds,
        default=EFFORT,
        help=f"how long to search at most, in seconds of a usual machine (default: {EFFORT:g})",
    )
    parser.add_argument("--json", action="store_true", help="print the whole timetable as JSON")


def run(arguments: argparse.Namespace) -> int:
    try:
        requests = read_requests(arguments.requests)
        problem = TimetableProblem(
            sessions=tuple(request.as_session() for request in requests),
            rooms=read_rooms(arguments.rooms),
            slots=read_slots(arguments.slots),
        )
    except (TableFault, TimetableFault) as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    findings = preflight(problem)
    plan = solve(problem, seed=arguments.seed, effort=arguments.effort)
    if arguments.json:
        print(json.dumps(_as_json(problem, requests, findings, plan), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_page(problem, requests, findings, plan)))
    return 0


def _seed(word: str) -> int:
    if not (word.isascii() and word.isdecimal() and int(word) < 2**31):
        raise argparse.ArgumentTypeError(f"'{word}' is not a whole number from 0 to {2**31 - 1}")
    return int(word)


def _seconds(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(f"'{word}' is not a number of seconds of at least 0")
    return seconds


def _as_json(
    problem: TimetableProblem,
    requests: tuple[RequestRow, ...],
    findings: tuple[PreflightFinding, ...],
    plan: TimetablePlan,
) -> dict[str, object]:
    titles = {request.id: request.title for request in requests}
    slots = {slot.id: slot for slot in problem.slots}
    return {
        "status": plan.status.value,
        "score": plan.score._asdict(),
        "bound": plan.bound._asdict(),
        "gap": plan.gap,
        "seed": plan.seed,
        "effort": plan.effort,
        "placements": [
            asdict(one) | {"title": titles[one.session], "start": slots[one.slot].start.isoformat()}
            for one in plan.placements
        ],
        "unplaced": [
            {
                "session": one.session,
                "title": titles[one.session],
                "reasons": [_told(why) for why in one.reasons],
            }
            for one in plan.unplaced
        ],
        "violations": [_broken(violation) for violation in plan.violations],
        "findings": [_told(finding.reason) | {"kind": finding.kind} for finding in findings],
    }


def _told(reason: TimetableReason) -> dict[str, object]:
    return {"text": str(reason), "sentence": reason.sentence, "params": dict(reason.params)}


def _broken(violation: Violation) -> dict[str, object]:
    return {
        "rule": violation.rule,
        "tier": violation.tier.name.lower(),
        "amount": violation.amount,
        "cost": violation.cost,
        "sessions": violation.sessions,
        "people": violation.people,
        "rooms": violation.rooms,
        **_told(violation.reason),
    }


@dataclass(frozen=True)
class NameTable:
    """The titles of sessions, and the first spelling of each person's name."""

    sessions: Mapping[str, str]
    people: Mapping[str, str]

    def told(self, reason: TimetableReason) -> str:
        """Return the sentence with titles and names filled in."""
        called = {
            "session": self.sessions,
            "other": self.sessions,
            "sessions": self.sessions,
            "person": self.people,
            "people": self.people,
        }
        params = {
            key: ", ".join(called[key].get(part, part) for part in str(value).split(", "))
            if key in called
            else value
            for key, value in reason.params.items()
        }
        return _in_one_line(in_english(reason.sentence, params))


def _names(requests: tuple[RequestRow, ...]) -> NameTable:
    return NameTable(
        sessions={request.id: _in_one_line(f"{request.title} ({request.id})") for request in requests},
        people={name.casefold(): name for request in reversed(requests) for name in reversed(request.people)},
    )


def _page(
    problem: TimetableProblem,
    requests: tuple[RequestRow, ...],
    findings: tuple[PreflightFinding, ...],
    plan: TimetablePlan,
) -> Iterator[str]:
    names = _names(requests)
    yield f"{len(plan.placements)} of {len(requests)} sessions placed. {_quality(plan)}"
    yield from _programme(problem, names, plan.placements)
    if plan.unplaced:
        yield ""
        yield "Without a place"
        for one in plan.unplaced:
            yield f"  {names.sessions[one.session]}"
            yield from (f"    {names.told(reason)}" for reason in one.reasons)
    counted = [finding for finding in findings if finding.kind != "nowhere"]
    if counted:
        yield ""
        yield "What counting shows"
        yield from (f"  {names.told(finding.reason)}" for finding in counted)
    yield ""
    yield f"Seed {plan.seed}. --json prints everything, with each wish that is not met."


def _quality(plan: TimetablePlan) -> str:
    if plan.status is PlanStatus.OPTIMAL:
        return f"The wishes not met cost {plan.score.wishes}; nothing better exists."
    if plan.score[:2] != plan.bound[:2]:
        return "More may be possible with more --effort."
    return f"The wishes not met cost {plan.score.wishes}; {plan.bound.wishes} is not ruled out."


def _programme(
    problem: TimetableProblem, names: NameTable, placements: tuple[PlacementSpec, ...]
) -> Iterator[str]:
    order = {room.id: number for number, room in enumerate(problem.rooms)}
    width = max((len(_in_one_line(room.id)) for room in problem.rooms), default=0)
    day = ""
    for slot in sorted(problem.slots, key=lambda slot: slot.start):
        here = [placement for placement in placements if placement.slot == slot.id]
        if here and f"{slot.start:%Y-%m-%d}" != day:
            day = f"{slot.start:%Y-%m-%d}"
            yield ""
            yield f"{slot.start:%A} {day} (UTC{slot.start:%:z})"
        for placement in sorted(here, key=lambda placement: order[placement.room]):
            room = _in_one_line(placement.room)
            yield f"  {slot.start:%H:%M}  {room:<{width}}  {names.sessions[placement.session]}"


def _in_one_line(text: str) -> str:
    """Return an untrusted text on one line, without control characters."""
    return "".join(letter if letter.isprintable() else "�" for letter in " ".join(text.split()))
