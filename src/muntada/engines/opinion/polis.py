"""Read the folder of a Polis export; errors name the file, the line and the reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np

from muntada.engines.opinion.polis_leave import Leave
from muntada.engines.opinion.polis_people import (
    ListedPerson,
    participant_file,
    read_listed,
    read_matrix,
)
from muntada.engines.opinion.polis_sign import NO_COUNTS, UNDECIDED, Sign, SignCounts, settled_sign
from muntada.engines.opinion.polis_statements import (
    MODERATED_OUT,
    PolisStatement,
    read_statements,
    statement_known_by_id,
)
from muntada.engines.opinion.polis_summary import declared_sign, read_summary
from muntada.engines.opinion.polis_votes import Places, VoteEvents, read_votes
from muntada.engines.opinion.votes import AGREE, VoteTable, canonical_order
from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import MAX_BYTES, TableFault

COMMENTS, VOTES = "comments.csv", "votes.csv"
SHOWN = 5
AGREE_IN_MOST: Sign = 1

NO_FOLDER = gettext_noop("This is not a folder; the folder of a Polis export is expected.")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Options for reading an export.

    With `lenient`, missing or damaged content that the analysis does not need becomes a note instead of
    an error. `agree_is` fixes the number that means *agree* in the votes and overrides the files.
    """

    lenient: bool = False
    agree_is: Sign | None = None
    max_bytes: int = MAX_BYTES


WHOLE = Wishes()


@dataclass(frozen=True, slots=True)
class PolisExport:
    """A consultation exported from Polis; in `votes` 1 means agree, whatever the files use.

    `participants` holds everybody who voted or is listed. `published_groups` are the groups computed by
    Polis, by participant: useful for comparison, not a reference. `agree_sign` is the number that means
    *agree* in the files. `notes` names what was missing or skipped.
    """

    topic: str
    description: str
    statements: tuple[PolisStatement, ...]
    votes: VoteEvents
    participants: tuple[str, ...]
    published_groups: Mapping[str, str]
    agree_sign: Sign
    notes: tuple[str, ...] = ()

    def table(self) -> VoteTable:
        """Return the votes as a table, with the moderated-out statements marked."""
        votes, statements = self.votes, [statement.id for statement in self.statements]
        moments = np.arange(len(votes)) if votes.moments is None else votes.moments
        return VoteTable.from_arrays(
            self.participants,
            statements,
            participant=_places(votes.participants, self.participants)[votes.person],
            statement=_places(votes.statements, statements)[votes.text],
            value=votes.values,
            moment=moments,
            moderated_out=(one.id for one in self.statements if one.moderated == MODERATED_OUT),
            meta=(statement.id for statement in self.statements if statement.meta),
        )


def read_polis(folder: str | PathLike[str], wishes: Wishes = WHOLE) -> PolisExport:
    """Read `comments.csv` and `votes.csv`, and, if present, the summary, format and participants.

    Raises `TableFault` with the file, the line and the reason.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise TableFault(folder.name, None, NO_FOLDER)
    leave = Leave(lenient=wishes.lenient)
    listing = participant_file(folder)
    statements = _statements(folder, leave, wishes)
    votes, listed = _votes(folder, listing, statements, leave, wishes)
    statements = _with_unknown(statements, votes, leave)
    summary = read_summary(folder / "summary.csv", leave)
    sign = wishes.agree_is
    if sign is None:
        counts = list(_counts(statements, votes, "" if listing is None else listing.name, listed))
        sign = settled_sign(declared_sign(folder, summary), counts)
        if sign is None and votes.values.any():
            fault = TableFault(COMMENTS, None, UNDECIDED) if counts else TableFault(VOTES, None, NO_COUNTS)
            leave.forgive(fault, "1 is taken to, as it does in most exports.")
    sign = sign or AGREE_IN_MOST
    return PolisExport(
        topic=summary.value("topic"),
        description=summary.value("conversation-description"),
        statements=statements,
        votes=votes if sign == AGREE else votes.turned(),
        participants=tuple(canonical_order({*votes.participants, *listed})),
        published_groups={name: one.group for name, one in listed.items() if one.group},
        agree_sign=sign,
        notes=tuple(leave.notes),
    )


def _statements(folder: Path, leave: Leave, wishes: Wishes) -> tuple[PolisStatement, ...]:
    path = folder / COMMENTS
    if wishes.lenient and not path.exists():
        leave.note(
            f"There is no {COMMENTS}: the statements have no words, and none is taken to be moderated out."
        )
        return ()
    return read_statements(path, leave, wishes.max_bytes)


def _votes(
    folder: Path,
    listing: Path | None,
    statements: Sequence[PolisStatement],
    leave: Leave,
    wishes: Wishes,
) -> tuple[VoteEvents, dict[str, ListedPerson]]:
    path, limit = folder / VOTES, wishes.max_bytes
    if wishes.lenient and listing is not None and not path.exists():
        leave.note(
            f"There is no {VOTES}: the votes are those of {listing.name}, without times and earlier votes."
        )
        matrix = read_matrix(listing, limit)
        return matrix.votes, matrix.listed
    known = None if wishes.lenient else {statement.id for statement in statements}
    votes = read_votes(path, known, needs_times=not wishes.lenient, max_bytes=limit)
    if votes.moments is None:
        leave.note(f"{VOTES} tells no times: the votes are taken to stand in the order in which they came.")
    return votes, {} if listing is None else read_listed(listing, leave, limit)


def _with_unknown(
    statements: tuple[PolisStatement, ...], votes: VoteEvents, leave: Leave
) -> tuple[PolisStatement, ...]:
    """Add statements that occur only in the votes."""
    known = {statement.id for statement in statements}
    unknown = canonical_order(name for name in votes.statements if name not in known)
    if known and unknown:
        shown = ", ".join([*unknown[:SHOWN], *(["…"] if len(unknown) > SHOWN else [])])
        leave.note(
            f"Statements that are not in {COMMENTS}: {len(unknown)} ({shown})."
            " They have no words and are taken not to be moderated out."
        )
    return (*statements, *map(statement_known_by_id, unknown))


def _counts(
    statements: Sequence[PolisStatement], votes: VoteEvents, listing: str, listed: Mapping[str, ListedPerson]
) -> Iterator[SignCounts]:
    """Return published counts beside those of the votes, by statement and by person.

    If everybody passed, the counts carry no information.
    """
    for_statements = [(one.id, one.line, one.counts) for one in statements if one.counts is not None]
    if for_statements and votes.values.any():
        yield _beside(COMMENTS, for_statements, votes.statements, votes.text, votes)
    for_people = [(name, one.line, one.counts) for name, one in listed.items() if one.counts is not None]
    if for_people and votes.values.any():
        yield _beside(listing, for_people, votes.participants, votes.person, votes)


def _beside(
    file: str,
    published: Sequence[tuple[str, int, tuple[int, int]]],
    names: Sequence[str],
    places: Places,
    votes: VoteEvents,
) -> SignCounts:
    seen = np.zeros((len(names) + 1, 2), dtype=np.int64)  # the last row collects people without votes
    for column, value in enumerate((1, -1)):
        seen[:-1, column] = np.bincount(places[votes.values == value], minlength=len(names))
    at = {name: place for place, name in enumerate(names)}
    return SignCounts(
        file,
        [name for name, _, _ in published],
        [line for _, line, _ in published],
        np.array([counts for _, _, counts in published], dtype=np.int64),
        seen[[at.get(name, -1) for name, _, _ in published]],
        of_people=file != COMMENTS,
    )


def _places(names: Sequence[str], among: Sequence[str]) -> Places:
    at = {name: place for place, name in enumerate(among)}
    return np.fromiter((at[name] for name in names), dtype=np.int32, count=len(names))
