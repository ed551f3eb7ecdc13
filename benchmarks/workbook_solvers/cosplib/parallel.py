"""How many rooms a track may hold in one session: what it cannot do without, and one more if so."""

from workbook_solvers.cosplib.problem import Conference


class Parallel:
    """The most rooms for each track. `wider` allows one more to tracks that are not in a fixed order."""

    def __init__(self, conference: Conference, cutoff: int) -> None:
        self.conference = conference
        self.cutoff = cutoff
        self._least = [self._needed(track) for track in range(len(conference.tracks))]

    def __call__(self, track: int) -> int:
        least = self._least[track]
        return least if least == 1 else min(len(self.conference.rooms), least + 1)

    def wider(self, track: int) -> int:
        weights, submissions = self.conference.weights, self.conference.submissions
        ordered = weights.submissions_order and any(
            submissions[number].order for number in self.conference.of_track[track]
        )
        if ordered or weights.parallel_tracks >= self.cutoff:
            return self(track)
        return max(2, self(track))

    def binds(self) -> bool:
        """Whether something better than the cutoff could lie beyond these limits."""
        weight = self.conference.weights.parallel_tracks
        return any(weight * self(track) < self.cutoff for track in range(len(self.conference.tracks)))

    def _needed(self, track: int) -> int:
        rooms = len(self.conference.rooms)
        return next((count for count in range(1, rooms) if self._fits(track, count)), rooms)

    def _fits(self, track: int, count: int) -> bool:
        """Say whether the track fits into so many cells of each session: the longest first."""
        conference = self.conference
        weight = conference.weights.tracks_sessions
        left = [
            slots
            for session, slots in enumerate(conference.slots)
            if weight * conference.track_session[track][session] < self.cutoff
            for _ in range(count)
        ]
        lengths = sorted(conference.submissions[number].slots for number in conference.of_track[track])
        for length in reversed(lengths):
            roomy = [(slots, at) for at, slots in enumerate(left) if slots >= length]
            if not roomy:
                return False
            left[min(roomy)[1]] -= length
        return True
