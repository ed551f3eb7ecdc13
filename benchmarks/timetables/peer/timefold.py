"""Timefold as a peer: its solver on a conference, and its word on any timetable of one.

The model is Peer.java beside this file, written from the definitions that our evaluator follows, too, but in
Timefold's own constraint streams. Solver and model run in a Java process. The jars of the solver come in its
wheel on PyPI, which Python itself does not import: so any Python will do, but Java (a JDK of 17 or later) is
needed. Without it `found` gives the reason.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbook_solvers.conference.problem import Conference, Place, Score, Tags

VERSION = "1.24.0b0"
ROOT = Path(__file__).resolve().parents[3]
HOME = ROOT / ".tools" / "peers" / f"timefold-{VERSION}"
MODEL = Path(__file__).with_name("Peer.java")
LEAST_JAVA = 17
MOST_BITS = 63
MOST_TALKS = 128


class CannotTell(Exception):
    """A conference too large for the numbers in which sets are handed over."""


@dataclass(frozen=True)
class Answer:
    score: Score
    lines: Mapping[str, tuple[int, Score]]  # by constraint: matches, and what they add
    places: tuple[Place, ...]
    cpu_seconds: float
    peak: float  # MB


@dataclass(frozen=True)
class Timefold:
    """The peer, ready to run."""

    java: str
    path: str  # of classes
    told: str  # version of it and of Java

    def solve(self, conference: Conference, *, cpu_seconds: float, seed: int) -> Answer:
        """Solve until the process has used so many CPU-seconds; pinned talks keep their places."""
        return self._run(conference, None, ("solve", f"{cpu_seconds:g}", str(seed)))

    def judge(self, conference: Conference, places: Sequence[Place]) -> Answer:
        return self._run(conference, places, ("score", "0", "0"))

    def _run(
        self, conference: Conference, places: Sequence[Place] | None, words: tuple[str, str, str]
    ) -> Answer:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "conference.tsv"
            file.write_text("\n".join(_lines(conference, places)) + "\n", encoding="utf-8")
            mode, seconds, seed = words
            options = ("-Xss8m", "-Xmx2g", "-XX:+UseSerialGC", "-cp", self.path)
            command = [self.java, *options, "Peer", mode, str(file), seconds, seed]
            with subprocess.Popen(  # noqa: S603 - the peer that was made here
                command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            ) as process:
                said = process.stdout.read() if process.stdout else ""
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise RuntimeError(f"Timefold ended with {process.returncode}")
            return _answer(said, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def found() -> Timefold | str:
    """Give the peer, installed and compiled where it was not, or why it cannot run here."""
    java, javac = shutil.which("java"), shutil.which("javac")
    if java is None or javac is None:
        return "Java is missing: a JDK with java and javac is needed."
    said = subprocess.run([java, "-version"], capture_output=True, check=False, text=True).stderr  # noqa: S603 - asks its version
    number = re.search(r'version "(\d+)', said)
    if number is None or int(number[1]) < LEAST_JAVA:
        return f"Java {LEAST_JAVA} or later is needed; here is {said.splitlines()[0] if said else 'none'}."
    wheel = HOME / "wheel"
    if not wheel.is_dir() and (fault := _install(wheel)):
        return fault
    jars = str(wheel / "timefold" / "solver" / "jars" / "*")
    classes = HOME / "classes"
    compiled = classes / "Peer.class"
    if not compiled.exists() or compiled.stat().st_mtime < MODEL.stat().st_mtime:
        classes.mkdir(parents=True, exist_ok=True)
        command = [javac, "-d", str(classes), "-cp", jars, str(MODEL)]
        done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603 - our own file
        if done.returncode:
            return f"The model of the peer could not be compiled: {done.stderr.splitlines()[0]}"
    return Timefold(java, f"{classes}{os.pathsep}{jars}", f"Timefold {VERSION}, Java {number[1]}")


def _install(wheel: Path) -> str:
    if importlib.util.find_spec("uv") is None:
        return "uv, with which the peer is installed, is missing."
    # Python does not import it, so neither its requirements nor the Pythons that it is for matter.
    options = ["--no-deps", "--python-version", "3.11", "--only-binary", ":all:"]
    part = wheel.with_name("unfinished")
    shutil.rmtree(part, ignore_errors=True)
    command = [sys.executable, "-m", "uv", "pip", "install", "-q", *options, "--target", str(part)]
    done = subprocess.run(  # noqa: S603 - our own words
        [*command, f"timefold=={VERSION}"], capture_output=True, check=False, text=True
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return f"Timefold {VERSION} could not be installed from the package registry: {last.strip()}"
    part.rename(wheel)
    return ""


def _answer(said: str, cpu_seconds: float, peak: float) -> Answer:
    score = Score(0, 0, 0)
    lines: dict[str, tuple[int, Score]] = {}
    places: list[Place] = []
    for line in said.splitlines():
        kind, *parts = line.split("\t")
        if kind == "score":
            score = Score(*map(int, parts))
        elif kind == "line":
            name, hard, medium, soft, matches = parts
            lines[name] = int(matches), Score(int(hard), int(medium), int(soft))
        elif kind == "place":
            places.append(Place(*map(int, parts)))
    return Answer(score, lines, tuple(places), cpu_seconds, peak)


@dataclass
class _Bits:
    """A bit for each name, in the order in which they come."""

    known: dict[str, int] = field(default_factory=dict)

    def of(self, names: Iterable[str]) -> str:
        bits = 0
        for name in sorted(names):
            place = self.known.setdefault(name, len(self.known))
            if place >= MOST_BITS:
                raise CannotTell("more than 63 different tags of a kind")
            bits |= 1 << place
        return str(bits)

    def of_tags(self, tags: Tags) -> list[str]:
        return [self.of(one) for one in (tags.required, tags.preferred, tags.prohibited, tags.undesired)]


def _numbers(numbers: Iterable[int]) -> str:
    bits = sum(1 << number for number in numbers)
    if bits >= 1 << MOST_BITS:
        raise CannotTell("more than 63 timeslots")
    return str(bits)


def _lines(conference: Conference, places: Sequence[Place] | None) -> Iterator[str]:
    if len(conference.talks) > MOST_TALKS:
        raise CannotTell("more than 128 talks")
    kinds: dict[str, _Bits] = {}

    def bits(kind: str) -> _Bits:
        return kinds.setdefault(kind, _Bits())

    first = min(slot.day for slot in conference.timeslots)
    yield f"pause\t{conference.pause}"
    for constraint, weight in conference.weights.items():
        yield "\t".join(("weight", constraint.value, *map(str, weight)))
    for slot in conference.timeslots:
        day = (slot.day - first).days
        times = (day, day * 1440 + slot.start, day * 1440 + slot.end)
        named = bits("types").of(slot.talk_types), bits("slots").of(slot.tags)
        yield "\t".join(("slot", *map(str, times), *named))
    for room in conference.rooms:
        named = bits("types").of(room.talk_types), bits("rooms").of(room.tags)
        yield "\t".join(("room", str(room.capacity), *named, _numbers(room.unavailable)))
    for speaker in conference.speakers:
        named_tags = bits("slots").of_tags(speaker.timeslot_tags) + bits("rooms").of_tags(speaker.room_tags)
        yield "\t".join(("speaker", *named_tags, _numbers(speaker.unavailable)))
    for number, talk in enumerate(conference.talks):
        place = places[number] if places is not None else talk.pinned
        needed = sum(1 << other for other in talk.prerequisites)
        yield "\t".join(
            (
                "talk",
                bits("types").of({talk.talk_type}),
                ",".join(map(str, talk.speakers)),
                bits("themes").of(talk.themes),
                bits("sectors").of(talk.sectors),
                bits("audiences").of(talk.audience_types),
                str(talk.audience_level),
                bits("contents").of(talk.contents),
                bits("languages").of({talk.language}),
                *bits("slots").of_tags(talk.timeslot_tags),
                *bits("rooms").of_tags(talk.room_tags),
                bits("exclusions").of(talk.exclusions),
                str(needed & ((1 << 64) - 1)),
                str(needed >> 64),
                str(talk.favourites),
                str(talk.crowd_risk),
                str(-1 if talk.published_timeslot is None else talk.published_timeslot),
                str(-1 if talk.published_room is None else talk.published_room),
                *(map(str, place) if place is not None else ("-1", "-1")),
                str(int(talk.pinned is not None)),
            )
        )
