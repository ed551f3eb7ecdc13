"""Votes of a made-up crowd: three groups in the plane, popular and rare statements, busy and quiet people.

The leanings of three groups (50, 33 and 17 %) spread by .45; statements pull with N(0, 1.1) each way and are
liked by N(.5, .8); with logistic noise of .8 people agree above .25, disagree below -.25, and pass between,
and on 8 % of all. Votes per person are lognormal (mean 39, sigma .7), and the statement of rank r is seen in
proportion to r^-.7.

`crowd.py FORM PEOPLE STATEMENTS` makes one in the folder MUNTADA_BENCH, or beside temporary files, and keeps
it: as columns (crowd), coded (coded) or as the files of an export (export).
"""

import csv
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from muntada.engines.opinion.coded import CodedVotes

CACHE = Path(os.environ.get("MUNTADA_BENCH", Path(tempfile.gettempdir()) / "muntada-bench"))
PEOPLE_AT_ONCE = 100_000
LOTS = 1 << 20  # each statement has as many as it is popular
ROUNDS = 4
COLUMNS = ("participant", "statement", "value")


def crowd(people: int, statements: int, seed: int = 1) -> Path:
    """Give a folder with the columns participant, statement and value as .npy; made once, then kept."""
    folder = place_of("crowd", people, statements)
    if (folder / "done").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    dice = np.random.default_rng(seed)
    world = _World(dice, statements)
    pieces = [folder / f"{column}.raw" for column in COLUMNS]
    files = [piece.open("wb") for piece in pieces]
    types = (np.int32, np.uint16, np.int8)
    for start in range(0, people, PEOPLE_AT_ONCE):
        columns = world.votes(start, min(PEOPLE_AT_ONCE, people - start))
        for file, column, kind in zip(files, columns, types, strict=True):
            column.astype(kind).tofile(file)
    for file, piece, kind in zip(files, pieces, types, strict=True):
        file.close()
        np.save(piece.with_suffix(".npy"), np.memmap(piece, dtype=kind, mode="r"))
        piece.unlink()
    (folder / "done").touch()
    return folder


def place_of(form: str, people: int, statements: int) -> Path:
    return CACHE / f"{form}-{people}x{statements}"


def coded(people: int, statements: int) -> Path:
    """Give a folder with the same votes coded, so that nothing but two bytes for each has to be read."""
    codes = place_of("coded", people, statements)
    if not (codes / "done").exists():
        codes.mkdir(exist_ok=True)
        votes = read(crowd(people, statements))
        np.save(codes / "codes.npy", votes.codes)
        np.save(codes / "offsets.npy", votes.offsets)
        (codes / "done").touch()
    return codes


def export(people: int, statements: int) -> Path:
    """Write the same votes as the two files of an export that are needed."""
    folder = place_of("export", people, statements)
    if not (folder / "done").exists():
        folder.mkdir(exist_ok=True)
        votes = read(crowd(people, statements))
        with (folder / "comments.csv").open("w", encoding="utf-8", newline="") as file:
            rows = ((text, "1") for text in range(statements))
            csv.writer(file).writerows([("comment-id", "moderated"), *rows])
        with (folder / "votes.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("timestamp", "comment-id", "voter-id", "vote"))
            columns = (votes.statement(), votes.participant(), votes.value())
            writer.writerows((0, *row) for row in zip(*(column.tolist() for column in columns), strict=True))
        (folder / "done").touch()
    return folder


def read(folder: Path) -> CodedVotes:
    people, statements = map(int, folder.name.partition("-")[2].split("x"))
    if (folder / "codes.npy").exists():
        return CodedVotes(statements, np.load(folder / "codes.npy"), np.load(folder / "offsets.npy"))
    columns = [np.load(folder / f"{name}.npy", mmap_mode="r") for name in COLUMNS]
    return CodedVotes.of_cells(people, statements, *columns)


class _World:
    def __init__(self, dice: np.random.Generator, statements: int) -> None:
        self.dice, self.statements = dice, statements
        self.middles = dice.normal(0, 1, (3, 2))
        self.pull, self.liked = dice.normal(0, 1.1, (statements, 2)), dice.normal(0.5, 0.8, statements)
        popularity = np.arange(1, statements + 1) ** -0.7
        shares = dice.permutation(popularity) / popularity.sum()
        self.lots = np.repeat(np.arange(statements), np.ceil(shares * LOTS).astype(np.int64))

    def votes(self, first: int, people: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8]]:
        dice = self.dice
        group = dice.choice(3, people, p=[0.5, 0.33, 0.17])
        leaning = self.middles[group] + dice.normal(0, 0.45, (people, 2))
        person, text = self._seen(people)
        strength = (leaning[person] * self.pull[text]).sum(axis=1) + self.liked[text]
        strength += dice.logistic(0, 0.8, len(person))
        value = (strength > 0.25).astype(np.int8) - (strength < -0.25).astype(np.int8)  # noqa: PLR2004 - passing
        value[dice.random(len(value)) < 0.08] = 0  # noqa: PLR2004 - some pass on anything
        return first + person, text, value

    def _seen(self, people: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Draw for each person their number of different statements: what is drawn twice is drawn again."""
        wanted = np.clip(self.dice.lognormal(np.log(31), 0.7, people), 1, self.statements // 2).astype(
            np.int64
        )
        cells, missing = np.empty(0, dtype=np.int64), wanted
        for _ in range(ROUNDS):
            person = np.repeat(np.arange(people), missing)
            drawn = self.lots[self.dice.integers(0, len(self.lots), len(person))]
            cells = np.sort(np.concatenate((cells, person * self.statements + drawn)))
            cells = cells[np.append(True, cells[1:] != cells[:-1])]
            missing = wanted - np.bincount(cells // self.statements, minlength=people)
        return cells // self.statements, cells % self.statements


FORMS = {"crowd": crowd, "coded": coded, "export": export}

if __name__ == "__main__":
    FORMS[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))
