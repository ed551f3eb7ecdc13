"""Keeps parts of the votes in files, one each, from which a part can be made again wherever it is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np

from muntada.engines.opinion.coded import CodedVotes
from muntada.engines.opinion.votes import VoteTable


@dataclass(frozen=True, slots=True, eq=False)
class NamedPart:
    """All votes of some people, and who they are."""

    names: tuple[str, ...]
    votes: CodedVotes


def part_of(name: str, parts: int) -> int:
    """Say which part somebody belongs to: the same one wherever and whenever it is asked."""
    return crc32(name.encode()) % parts


def split(table: VoteTable, parts: int) -> list[NamedPart]:
    """Divide the votes by their people into so many parts."""
    home = np.fromiter(
        (part_of(name, parts) for name in table.participants), np.intp, len(table.participants)
    )
    of_vote = home[table.participant]
    number = np.empty(len(home), dtype=np.intp)  # of each person within the part
    divided = []
    for place in range(parts):
        people = np.flatnonzero(home == place)
        number[people] = np.arange(len(people))
        chosen = of_vote == place
        votes = CodedVotes.of_cells(
            len(people),
            len(table.statements),
            number[table.participant[chosen]],
            table.statement[chosen],
            table.value[chosen],
        )
        divided.append(NamedPart(tuple(table.participants[person] for person in people.tolist()), votes))
    return divided


def write_parts(folder: Path, parts: Sequence[NamedPart]) -> list[Path]:
    """Write a file for each part, and say which."""
    paths = [folder / f"part-{number:04}.npz" for number in range(len(parts))]
    for path, one in zip(paths, parts, strict=True):
        np.savez(
            path,
            statements=np.int64(one.votes.statements),
            codes=one.votes.codes,
            offsets=one.votes.offsets,
            names=np.array(one.names, dtype=np.str_),
        )
    return paths


def read_part(path: Path) -> CodedVotes:
    with np.load(path) as kept:
        return CodedVotes(int(kept["statements"]), kept["codes"], kept["offsets"])


def read_names(path: Path) -> tuple[str, ...]:
    with np.load(path) as kept:
        return tuple(kept["names"].tolist())
