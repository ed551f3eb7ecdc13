"""The places of one session, as a page offers them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from muntada.programme.sessions.models import Room, Slot
from muntada.programme.timetable.rules import in_words, moment_in_words


class EngineSentence(Protocol):
    """A sentence of the engine, still to be translated."""

    @property
    def sentence(self) -> str: ...
    @property
    def params(self) -> Mapping[str, str | int]: ...


class PlaceFacts(Protocol):
    """What the engine says of a place."""

    @property
    def slot_id(self) -> int: ...
    @property
    def room_id(self) -> int: ...
    @property
    def broken(self) -> Sequence[EngineSentence]: ...
    @property
    def wishes(self) -> Sequence[EngineSentence]: ...
    @property
    def cost(self) -> int: ...
    @property
    def fit(self) -> int: ...


class ChoiceFacts(Protocol):
    @property
    def rooms(self) -> Mapping[str, Room]: ...
    @property
    def slots(self) -> Mapping[str, Slot]: ...


@dataclass(frozen=True)
class OfferedPlace:
    """A place in words: when and where, what it would break, what it would cost."""

    slot: Slot
    room: Room
    when: str
    broken: tuple[str, ...]
    wishes: tuple[str, ...]
    cost: int
    fit: int

    @property
    def is_allowed(self) -> bool:
        return not self.broken

    @property
    def summary(self) -> str:
        """Say in one sentence what the place means."""
        if self.broken:
            return self.broken[0]
        if self.cost > 0:
            return gettext("The rules allow it; the wishes cost %(cost)s more there.") % {"cost": self.cost}
        if self.cost < 0:
            return gettext("The rules allow it; the wishes cost %(cost)s less there.") % {"cost": -self.cost}
        return gettext("The rules allow it, and it is as good as now.")


def offers(found: Iterable[PlaceFacts], names: ChoiceFacts, zone: ZoneInfo) -> list[OfferedPlace]:
    """Write the places in the language of the page, in the order they came."""
    return [
        OfferedPlace(
            slot=names.slots[str(one.slot_id)],
            room=names.rooms[str(one.room_id)],
            when=moment_in_words(names.slots[str(one.slot_id)].starts_at, zone),
            broken=tuple(in_words(said.sentence, said.params, zone) for said in one.broken),
            wishes=tuple(in_words(said.sentence, said.params, zone) for said in one.wishes),
            cost=one.cost,
            fit=one.fit,
        )
        for one in found
    ]


def as_map(found: Iterable[OfferedPlace]) -> dict[str, dict[str, object]]:
    """Give the places by the names of their cells on the board."""
    return {
        f"{one.slot.pk}-{one.room.pk}": {
            "allowed": one.is_allowed,
            "cost": one.cost,
            "words": one.summary,
        }
        for one in found
    }
