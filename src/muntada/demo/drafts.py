"""Work on the next release of the demo's programme: drafts, locks, a closed room."""

from muntada.demo.frame import DemoState
from muntada.people.rules import Role
from muntada.programme.constraints import actions as ties
from muntada.programme.sessions import actions as places
from muntada.programme.sessions.models import Room, Slot
from muntada.programme.sessions.queries import rooms_of, sessions_to_place
from muntada.programme.timetable.actions import drafts, locks, moves, timetable_runs
from muntada.programme.timetable.adapter.frames import frame_now, seats_of
from muntada.programme.timetable.adapter.moving import choices
from muntada.programme.timetable.models import Placement, Timetable
from muntada.programme.timetable.queries import placements_of
from muntada.programme.venue.actions import venue
from muntada.record.rules import Actor

WALK_MINUTES = 8
FAR_ROOMS = 3
LOCKED = 2
TIED = 2


def work_on_drafts(stand: DemoState, released: Timetable) -> None:
    """Lock two sessions, move one by hand, close a room and repair the timetable."""
    secretariat = stand.forum_request(stand.shown[Role.SECRETARIAT]).actor(Role.SECRETARIAT)
    first, second, third, *_rest = placements_of(released)
    for placed, is_with_room in ((first, True), (second, False)):
        slot = Slot.objects.get(forum=stand.forum, starts_at=placed.period.lower)
        locks.lock_session(
            session=placed.session,
            slot=slot,
            room=placed.room if is_with_room else None,
            actor=secretariat,
            now=stand.clock.tick(),
        )
    by_hand = drafts.copy_timetable(timetable=released, actor=secretariat, now=stand.clock.tick())
    _move_one(stand, by_hand, third, secretariat)
    places.close_room(
        room=third.room,
        starts_at=third.period.lower,
        ends_at=third.period.upper,
        reason="Water damage (invented)",
        actor=secretariat,
        now=stand.clock.tick(),
    )
    timetable_runs.make_repair(timetable=released, actor=secretariat, now=stand.clock.tick())


def put_up_buildings(stand: DemoState, secretariat: Actor) -> None:
    """Assign the rooms to two buildings, with a walk between them."""
    near, far = (
        venue.add_building(forum=stand.forum, name=name, actor=secretariat, now=stand.clock.tick())
        for name in ("Main hall (invented)", "Annex (invented)")
    )
    venue.set_walk(first=near, second=far, minutes=WALK_MINUTES, actor=secretariat, now=stand.clock.tick())
    rooms: list[Room] = [room for room in rooms_of(stand.forum) if not room.is_online_only]
    for number, room in enumerate(rooms):
        building = far if number >= len(rooms) - FAR_ROOMS else near
        values = {"building": building, "floor": str(number % 2)}
        venue.change_room(room=room, values=values, actor=secretariat, now=stand.clock.tick())


def tie_sessions(stand: DemoState, secretariat: Actor) -> None:
    """Make a series of two sessions, and keep two others apart."""
    numbers = [session.symbol.number for session in sessions_to_place(stand.forum)[: 2 * TIED]]
    ties.keep_series(
        forum=stand.forum,
        name="Two parts (invented)",
        numbers=numbers[:TIED],
        same_day=False,
        actor=secretariat,
        now=stand.clock.tick(),
    )
    ties.set_apart(
        forum=stand.forum,
        name="For everybody (invented)",
        numbers=numbers[TIED:],
        actor=secretariat,
        now=stand.clock.tick(),
    )


def _move_one(stand: DemoState, draft: Timetable, placed: Placement, secretariat: Actor) -> None:
    """Move a session to its best other place."""
    frame, _state = frame_now(stand.forum)
    found = choices(frame, seats_of(draft), placed.session.symbol.short)
    here = (placed.room_id, placed.period.lower)
    slots = {slot.pk: slot for slot in Slot.objects.filter(forum=stand.forum)}
    best = next(
        one for one in found if one.is_allowed and (one.room_id, slots[one.slot_id].starts_at) != here
    )
    moves.move_session(
        timetable=draft,
        session=placed.session,
        room=Room.objects.get(pk=best.room_id),
        slot=slots[best.slot_id],
        actor=secretariat,
        now=stand.clock.tick(),
    )
