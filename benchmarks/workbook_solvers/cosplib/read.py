"""A CoSPLib workbook read: nine sheets by exact name, joined by exact names, empty penalties 0."""

from itertools import combinations
from pathlib import Path

from workbook_solvers.books import BookFault, open_book, rows_of
from workbook_solvers.cosplib.problem import Conference, Matrix, Pairs, Submission, Weights
from workbook_solvers.cosplib.sheets import ABSENT, TOO_SHORT, UNKNOWN, Name, Sheet, shown
from workbook_solvers.cosplib.zones import Hours

SHEETS = (
    "parameters",
    "submissions",
    "tracks",
    "sessions",
    "rooms",
    "tracks_sessions|penalty",
    "tracks_rooms|penalty",
    "similar tracks",
    "sessions_rooms|penalty",
)
FIXED = 7  # columns of the sheet submissions before those of sessions and rooms
MOST_SUBMISSIONS = 5_000
MOST_OTHERS = 1_000  # tracks, sessions or rooms
MOST_SLOTS = 1_000
WEIGHTS_COLUMN = 4

TOO_MANY = "The sheet names %(count)s; at most %(limit)s are read."
TRACK_EMPTY = "The track %(name)s has no submission."


def read_conference(path: Path) -> Conference:
    """Read a workbook of CoSPLib, or refuse it in one sentence that names the sheet and the row."""
    book = open_book(path)
    return Reader({name: Sheet(name, rows_of(book, name)) for name in SHEETS}).conference()


class Reader:
    def __init__(self, sheets: dict[str, Sheet]) -> None:
        self.sheets = sheets
        self.names = {name: self._names(name) for name in ("tracks", "sessions", "rooms", "submissions")}
        self.numbers = {
            name: {one: number for number, one in enumerate(names)} for name, names in self.names.items()
        }

    def _names(self, sheet: str) -> tuple[Name, ...]:
        names = self.sheets[sheet].names()
        limit = MOST_SUBMISSIONS if sheet == "submissions" else MOST_OTHERS
        if len(names) > limit:
            raise BookFault(sheet, None, TOO_MANY, {"count": len(names), "limit": limit})
        return names

    def conference(self) -> Conference:
        tracks, sessions = self.sheets["tracks"], self.sheets["sessions"]
        submissions = self.submissions()
        self.expect_submissions(submissions)
        chairs = [tracks.people(row, 1) for row in range(1, len(tracks.rows))]
        return Conference(
            submissions=submissions,
            tracks=self.names["tracks"],
            sessions=self.names["sessions"],
            slots=tuple(
                sessions.whole(row, 1, least=1, most=MOST_SLOTS) for row in range(1, len(sessions.rows))
            ),
            rooms=self.names["rooms"],
            weights=self.weights(),
            track_session=self.matrix("tracks_sessions|penalty", "tracks", "sessions"),
            track_room=self.matrix("tracks_rooms|penalty", "tracks", "rooms"),
            session_room=self.matrix("sessions_rooms|penalty", "sessions", "rooms"),
            similar=self.similar(),
            presenter_pairs=self.pairs(submissions, chairs, attending=False),
            attendee_pairs=self.pairs(submissions, chairs, attending=True),
            chair_pairs=frozenset(
                (one, other)
                for one, other in combinations(range(len(chairs)), 2)
                if chairs[one] & chairs[other]
            ),
        )

    def weights(self) -> Weights:
        sheet = self.sheets["parameters"]
        if len(sheet.rows) <= 1:
            raise sheet.fault(None, TOO_SHORT)
        rows = range(1, 1 + len(Weights._fields))
        return Weights(*(sheet.whole(row, WEIGHTS_COLUMN) for row in rows))

    def submissions(self) -> tuple[Submission, ...]:
        sheet, sessions = self.sheets["submissions"], self.sheets["sessions"]
        sheet.expect_width(FIXED + len(self.names["sessions"]) + len(self.names["rooms"]))
        hours = Hours(self.sheets["parameters"], sessions)
        session_columns = self.columns(sheet, "sessions", FIXED)
        room_columns = self.columns(sheet, "rooms", FIXED + len(sessions.rows) - 1)
        track_of = self.numbers["tracks"]
        found = []
        for row, name in enumerate(self.names["submissions"], start=1):
            track = sheet.name_at(row, 1)
            if track not in track_of:
                raise sheet.fault(row, UNKNOWN, name=shown(track), sheet="tracks")
            found.append(
                Submission(
                    name=name,
                    track=track_of[track],
                    slots=sheet.whole(row, 2, least=1, most=MOST_SLOTS),
                    order=sheet.whole(row, 3),
                    by_session=tuple(sheet.whole(row, column) for column in session_columns),
                    by_zone=hours.penalties(sheet.zone(row, 4)),
                    by_room=tuple(sheet.whole(row, column) for column in room_columns),
                )
            )
        return tuple(found)

    def expect_submissions(self, submissions: tuple[Submission, ...]) -> None:
        used = {one.track for one in submissions}
        for number, name in enumerate(self.names["tracks"]):
            if number not in used:
                raise self.sheets["tracks"].fault(number + 1, TRACK_EMPTY, name=shown(name))

    def columns(self, sheet: Sheet, kind: str, first: int) -> list[int]:
        """Find the column of each name of a kind among those from `first` on."""
        names = self.names[kind]
        header = [sheet.name_at(0, column) for column in range(first, first + len(names))]
        return self.positions(sheet, header, kind, first, row=0)

    def positions(self, sheet: Sheet, found: list[Name], kind: str, first: int, row: int | None) -> list[int]:
        """Give where each name of a kind stands in what was found, which must be the same names."""
        for number, name in enumerate(found):
            if name not in self.numbers[kind]:
                at = row if row is not None else number + first
                raise sheet.fault(at, UNKNOWN, name=shown(name), sheet=kind)
        place = {name: number + first for number, name in enumerate(found)}
        for name in self.names[kind]:
            if name not in place:
                raise sheet.fault(row, ABSENT, name=shown(name), sheet=kind)
        return [place[name] for name in self.names[kind]]

    def matrix(self, name: str, down: str, across: str) -> Matrix:
        sheet = self.sheets[name]
        sheet.expect_width(1 + len(self.names[across]))
        columns = self.columns(sheet, across, 1)
        rows = self.positions(sheet, list(sheet.names()), down, 1, row=None)
        return tuple(tuple(sheet.whole(row, column) for column in columns) for row in rows)

    def similar(self) -> Matrix:
        """Read track by track: columns are in the order of the rows, and the upper triangle counts."""
        sheet = self.sheets["similar tracks"]
        count = len(self.names["tracks"])
        rows = self.positions(sheet, list(sheet.names()), "tracks", 1, row=None)
        return tuple(
            tuple(
                0 if one == other else sheet.whole(min(rows[one], rows[other]), max(rows[one], rows[other]))
                for other in range(count)
            )
            for one in range(count)
        )

    def pairs(
        self, submissions: tuple[Submission, ...], chairs: list[frozenset[str]], *, attending: bool
    ) -> Pairs:
        sheet = self.sheets["submissions"]
        rows = range(1, len(submissions) + 1)
        presenting = [sheet.people(row, 5) for row in rows]
        wanting = [sheet.people(row, 6) for row in rows] if attending else presenting
        busy = [
            (presenting[number] | wanting[number], chairs[one.track])
            for number, one in enumerate(submissions)
        ]
        return frozenset(
            (one, other)
            for one, other in combinations(range(len(submissions)), 2)
            if wanting[one] & busy[other][0]
            or wanting[other] & busy[one][0]
            or (
                submissions[one].track != submissions[other].track
                and (wanting[one] & busy[other][1] or wanting[other] & busy[one][1])
            )
        )
