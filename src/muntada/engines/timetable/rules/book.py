from collections.abc import Sequence

from muntada.engines.timetable.problem import Weights
from muntada.engines.timetable.rules.forms import ClashRule, CrowdRule, RoomRule, Rule, TimeRule
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
    LinesSpread,
    PairsApart,
    RoomFits,
    StaysPublished,
    TracksApart,
)


class Rulebook:
    """All rules of a problem, in their forms."""

    def __init__(self, weights: Weights) -> None:
        self.time: Sequence[TimeRule] = (FitsSlots(), PersonAvailable(), LockedSlot())
        self.room: Sequence[RoomRule] = (RoomLargeEnough(), RoomHasService(), LockedRoom())
        self.room_open = RoomOpen()
        self.person_clash: ClashRule = PersonClash()
        self.room_clash: ClashRule = RoomClash()
        self.placed_once = PlacedOnce()
        self.stays_published = StaysPublished(1)
        self.comfort: Sequence[TimeRule] = (ComfortableHours(weights.comfort),)
        self.crowds: Sequence[CrowdRule] = (TracksApart(weights.track), LinesSpread(weights.lines))
        self.pairs = PairsApart(weights.pairs)
        self.fit: Sequence[RoomRule] = (RoomFits(weights.fit),)

    @property
    def every(self) -> tuple[Rule, ...]:
        hard = (*self.time, *self.room, self.room_open, self.person_clash, self.room_clash, self.placed_once)
        return (*hard, self.stays_published, *self.comfort, *self.crowds, self.pairs, *self.fit)

    @property
    def in_force(self) -> tuple[Rule, ...]:
        """Every hard rule, and the others unless their weight is 0."""
        return tuple(rule for rule in self.every if rule.weight or not rule.tier)
