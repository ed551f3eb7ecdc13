"""The input of a timetable, cached between moves and reloaded when a row has changed.

A move must be answered at once, and loading three hundred sessions takes longer than judging them.
PostgreSQL writes each changed row anew, so row positions and transaction ids reveal any change.
"""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from django.db import connection

from muntada.forums.models import Forum
from muntada.programme.timetable.adapter.timetables import Seat, TimetableFrame, frame_of
from muntada.programme.timetable.models import Placement, Timetable
from muntada.programme.timetable.queries import last_release

# Every table that a frame is read from, but that of symbols: the symbol of a session never changes.
TABLES = (
    "forums_forum",
    "forums_line",
    "people_affiliation",
    "people_organisation",
    "programme_constraints_apartmember",
    "programme_sessions_building",
    "programme_requests_coorganiser",
    "programme_sessions_favourite",
    "programme_requests_hourstold",
    "programme_requests_hourstoldspan",
    "programme_requests_requestmerge",
    "programme_requests_requestspeaker",
    "programme_sessions_room",
    "programme_sessions_roomclosure",
    "programme_sessions_roomopening",
    "programme_sessions_session",
    "programme_constraints_seriespart",
    "programme_sessions_session_lines",
    "programme_timetable_sessionlock",
    "programme_constraints_sessionorder",
    "programme_sessions_sessionperson",
    "programme_requests_sessionrequest",
    "programme_constraints_sessionseries",
    "programme_sessions_slot",
    "programme_requests_speakerfacts",
    "programme_requests_speakerspan",
    "programme_constraints_timetablerules",
    "programme_sessions_walk",
)
# Of what belongs to the whole house only those rows matter that speakers and organisers here come with.
_BODIES = (
    "SELECT organisation_id FROM programme_requests_sessionrequest"
    " UNION SELECT organisation_id FROM programme_requests_coorganiser"
    " UNION SELECT organisation_id FROM people_affiliation"
    " WHERE person_id IN (SELECT person_id FROM programme_requests_requestspeaker)"
)
ONLY = {
    "people_affiliation": "person_id IN (SELECT person_id FROM programme_requests_requestspeaker)",
    "people_organisation": f"id IN ({_BODIES})",
}
MOST_KEPT = 8

_kept: OrderedDict[tuple[int, str], TimetableFrame] = OrderedDict()
_guard = Lock()


def state_of_tables(tables: Sequence[str] = TABLES) -> str:
    """Return a digest that changes with each row written to these tables."""
    rows = "string_agg(id || ' ' || ctid::text || ' ' || xmin::text, ',' ORDER BY id)"
    parts = " UNION ALL ".join(
        f"SELECT '{table} ' || coalesce({rows}, '') AS part FROM {table}"  # noqa: S608 - our own names
        f" WHERE {ONLY.get(table, 'true')}"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(string_agg(part, ';' ORDER BY part)) FROM ({parts}) AS parts")  # noqa: S608
        (digest,) = cursor.fetchone()
    return str(digest)


def frame_now(forum: Forum) -> tuple[TimetableFrame, str]:
    """Return what a timetable of the forum is judged by now, and the state it was read in."""
    release = last_release(forum)
    state = f"{state_of_tables()}-{release.pk if release else 0}"
    key = (forum.pk, state)
    with _guard:
        frame = _kept.get(key)
    if frame is None:
        frame = frame_of(forum, published=seats_of(release.timetable) if release else ())
    with _guard:
        _kept[key] = frame
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return frame, state


def seats_of(timetable: Timetable) -> list[Seat]:
    rows = Placement.objects.filter(timetable=timetable).order_by("session")
    return [
        Seat(session, room, period.lower, period.upper)
        for session, room, period in rows.values_list("session", "room", "period")
    ]
