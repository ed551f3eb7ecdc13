from collections.abc import Sequence

from muntada.engines.timetable.problem import TimetableProblem
from muntada.engines.timetable.rules.between import (
    ComesAfter,
    Exclusive,
    OrganiserDay,
    PersonPause,
    SeriesOnOneDay,
)
from muntada.engines.timetable.rules.forms import (
    ClashRule,
    CrowdRule,
    MeetingRule,
    RoomRule,
    TimeRule,
    TimetableRule,
)
from muntada.engines.timetable.rules.hard import (
    FitsSlots,
    LockedRoom,
    LockedSlot,
    PersonAvailable,
    PersonClash,
    PlacedOnce,
    RoomClash,
    RoomHasService,
    RoomLargeEnough,
    RoomOpen,
)
from muntada.engines.timetable.rules.wishes import (
    ComfortableHours,
    FavouritesApart,
    GroupsMustSpread,
    GroupsSpread,
    LinesMustSpread,
    LinesSpread,
    PairsApart,
    RoomFits,
    StaysNear,
    StaysPublished,
    TracksApart,
)


class Rulebook:
    """All rules of a problem, by form."""

    def __init__(self, problem: TimetableProblem) -> None:
        weights, must_spread = problem.weights, problem.must_spread
        self.available: TimeRule = PersonAvailable()
        self.time: Sequence[TimeRule] = (FitsSlots(), self.available, LockedSlot())
        self.room: Sequence[RoomRule] = (RoomLargeEnough(), RoomHasService(), LockedRoom())
        self.room_open = RoomOpen()
        self.person_clash: ClashRule = PersonClash()
        self.room_clash: ClashRule = RoomClash()
        self.exclusive: ClashRule = Exclusive()
        self.pause = PersonPause()
        self.order: Sequence[MeetingRule] = (ComesAfter(), SeriesOnOneDay())
        spread: dict[str, CrowdRule] = {"lines": LinesMustSpread(), "groups": GroupsMustSpread()}
        self.limits: Sequence[CrowdRule] = (
            OrganiserDay(),
            *(rule for name, rule in spread.items() if name in must_spread),
        )
        self.placed_once = PlacedOnce()
        self.stays_published = StaysPublished(1)
        self.comfort: Sequence[TimeRule] = (ComfortableHours(weights.comfort), StaysNear(weights.near))
        self.favourites: CrowdRule = FavouritesApart(weights.favourites)
        self.crowds: Sequence[CrowdRule] = (
            TracksApart(weights.track),
            LinesSpread(0 if "lines" in must_spread else weights.lines),
            GroupsSpread(0 if "groups" in must_spread else weights.groups),
        )
        self.pairs = PairsApart(weights.pairs)
        self.fit: Sequence[RoomRule] = (RoomFits(weights.fit),)

    @property
    def every(self) -> tuple[TimetableRule, ...]:
        clashes = (self.person_clash, self.room_clash, self.exclusive, self.pause, *self.order)
        hard = (*self.time, *self.room, self.room_open, *clashes, *self.limits, self.placed_once)
        crowds = (*self.crowds, self.favourites)
        return (*hard, self.stays_published, *self.comfort, *crowds, self.pairs, *self.fit)

    @property
    def about_time(self) -> tuple[TimetableRule, ...]:
        """The wishes that do not depend on rooms."""
        return (*self.comfort, *self.crowds, self.favourites, self.pairs)

    @property
    def in_force(self) -> tuple[TimetableRule, ...]:
        """All hard rules, and the wishes with a weight above 0."""
        return tuple(rule for rule in self.every if rule.weight or not rule.tier)
