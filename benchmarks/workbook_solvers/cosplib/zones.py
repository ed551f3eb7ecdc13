"""How bad the hour of a session is for who joins from another zone, by the times of day alone."""

from workbook_solvers.cosplib.sheets import Sheet

DAY = 24 * 60
FIRST = 1  # row of the local zone in the sheet parameters, counted from 0
START, END = 3, 4  # columns of the sheet sessions


class Hours:
    """The suitable and the less suitable hours of the sheet `parameters`, and when each session is."""

    def __init__(self, parameters: Sheet, sessions: Sheet) -> None:
        self.local = parameters.zone(FIRST, 1)
        self.suitable = parameters.minutes(FIRST + 2, 1), parameters.minutes(FIRST + 3, 1)
        self.bearable = parameters.minutes(FIRST + 5, 1), parameters.minutes(FIRST + 6, 1)
        self.small = parameters.whole(FIRST + 7, 1)
        self.big = parameters.whole(FIRST + 9, 1)
        self.sessions = [
            (sessions.minutes(row, START), sessions.minutes(row, END)) for row in range(1, len(sessions.rows))
        ]
        self._known: dict[int, tuple[int, ...]] = {}

    def penalties(self, zone: int) -> tuple[int, ...]:
        """Give the penalty of each session for somebody so many hours ahead of Greenwich."""
        if zone not in self._known:
            shift = (zone - self.local) * 60
            self._known[zone] = tuple(
                self._penalty((start + shift) % DAY, (end + shift) % DAY) for start, end in self.sessions
            )
        return self._known[zone]

    def _penalty(self, start: int, end: int) -> int:
        (suit_from, suit_to), (less_from, less_to) = self.suitable, self.bearable
        if start < less_from or end > less_to or end < less_from:
            return self.big
        if start < suit_from or suit_to < end:
            return self.small
        return 0
