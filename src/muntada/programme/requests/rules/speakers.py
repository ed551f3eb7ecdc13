"""Rules of people asked to take part: questions, answers, hours."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused
from muntada.programme.requests.rules.requests import MOST_SPEAKERS, RequestState
from muntada.programme.sessions.rules import SessionRole

MOST_ORGANISERS = 10
MOST_SPANS = 40
MIDNIGHT = time(0)
NOTE_LENGTH = 500
ZONE_LENGTH = 48
# The minimum time between reminders, and their maximum number.
PAUSE_BEFORE_ASKING_AGAIN = timedelta(days=2)
MOST_LETTERS = 5
# The validity of a link; asking again creates a new one.
LINK_HOLDS = timedelta(days=60)
# The time addresses are kept after the forum.
ADDRESS_KEPT = timedelta(days=30)


class SpeakerAnswer(StrEnum):
    """The answer of a person asked."""

    NOT_ASKED = "not-asked"
    ASKED = "asked"
    YES = "yes"
    NO = "no"


ANSWER_NAMES: Mapping[SpeakerAnswer, Promise] = {
    SpeakerAnswer.NOT_ASKED: _("not asked yet"),
    SpeakerAnswer.ASKED: _("asked, no answer yet"),
    SpeakerAnswer.YES: _("has said yes"),
    SpeakerAnswer.NO: _("has said no"),
}


class Gender(StrEnum):
    """The gender people state; not stating it is an answer and not counted."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"


GENDER_NAMES: Mapping[Gender, Promise] = {
    Gender.WOMAN: _("Woman"),
    Gender.MAN: _("Man"),
    Gender.OTHER: _("In another way"),
}

# The parts of speakers; organizers are asked separately.
SPEAKING_PARTS = (
    SessionRole.SPEAKER,
    SessionRole.MODERATOR,
    SessionRole.REMOTE_MODERATOR,
    SessionRole.RAPPORTEUR,
)


class FactsBy(StrEnum):
    """The source of facts about a speaker; their own have precedence."""

    ORGANISER = "organiser"
    SELF = "self"


@dataclass(frozen=True)
class GivenFacts:
    """Facts about a person; empty if unknown."""

    kind: str = ""
    country: str = ""
    is_headquarters: bool = False
    gender: str = ""
    is_first_time: bool | None = None

    @property
    def is_empty(self) -> bool:
        return self == GivenFacts()


NO_FACTS = GivenFacts()


def outweighing(own: GivenFacts | None, given: GivenFacts | None) -> GivenFacts:
    """Return the valid facts: the speaker's own, else the organizer's, one by one."""
    own, given = own or NO_FACTS, given or NO_FACTS
    # Where a body has its headquarters belongs to its country: the two are said together or not at all.
    by = own if own.country else given
    return GivenFacts(
        kind=own.kind or given.kind,
        country=by.country,
        is_headquarters=by.is_headquarters,
        gender=own.gender or given.gender,
        is_first_time=given.is_first_time if own.is_first_time is None else own.is_first_time,
    )


@dataclass(frozen=True, order=True)
class DaySpan:
    """Hours of one day; an end at midnight is the end of the day."""

    day: date
    starts: time
    ends: time


@dataclass(frozen=True)
class Availability:
    """The hours of a person: days away, daily hours, hours of single days.

    Hours are local to the person. Hours of a single day replace the daily ones.
    """

    is_remote: bool = False
    zone: str = ""
    hours_from: time | None = None
    hours_to: time | None = None
    days_away: tuple[date, ...] = ()
    spans: tuple[DaySpan, ...] = ()

    @property
    def is_limited(self) -> bool:
        """Return whether there are times the person cannot attend."""
        return bool(self.days_away or self.spans) or self.hours_from is not None or self.hours_to is not None


ALWAYS = Availability()


def require_zone(zone: str) -> None:
    """Refuse a zone that does not exist; nothing is a zone of nobody."""
    if zone and zone not in available_timezones():
        sentence = gettext("“%(zone)s” is no time zone we know. Please choose one, such as Asia/Kathmandu.")
        raise Refused(sentence % {"zone": zone}, "zone-unknown", "zone")


def require_availability(said: Availability, first: date, last: date) -> None:
    """Refuse hours without a zone or length, and days outside the forum."""
    require_zone(said.zone)
    if (said.hours_from is None) != (said.hours_to is None):
        sentence = gettext("Please give both hours, from when and until when, or neither.")
        raise Refused(sentence, "hours-half", "hours_to")
    if said.hours_from is not None and said.hours_from == said.hours_to:
        sentence = gettext("The hours begin and end at the same time. Please give a later end.")
        raise Refused(sentence, "hours-empty", "hours_to")
    if said.hours_from is not None and not said.zone:
        raise Refused(gettext("Please choose the time zone in which these hours hold."), "zone", "zone")
    for day in said.days_away:
        if not first <= day <= last:
            sentence = gettext("Please choose among the days of the forum.")
            raise Refused(sentence, "day-outside", "days_away")
    require_spans(said, first, last)


def require_spans(said: Availability, first: date, last: date) -> None:
    """Refuse invalid or overlapping hours of single days, or outside the forum."""
    if len(said.spans) > MOST_SPANS:
        sentence = gettext("Please give at most %(limit)s rows of hours.")
        raise Refused(sentence % {"limit": MOST_SPANS}, "spans-too-many", "spans")
    if said.spans and not said.zone and said.is_remote:
        raise Refused(gettext("Please choose the time zone in which these hours hold."), "zone", "zone")
    last_end: tuple[date, time] | None = None
    for span in sorted(said.spans):
        words = {
            "day": date_format(span.day, "MONTH_DAY_FORMAT"),
            "hours": f"{span.starts:%H:%M}-{span.ends:%H:%M}",
        }
        # Elsewhere the days of the forum begin on the day before, or end on the day after.
        if not first - timedelta(days=1) <= span.day <= last + timedelta(days=1):
            sentence = gettext("%(day)s is no day of the forum. Please choose another day for %(hours)s.")
            raise Refused(sentence % words, "span-day", "spans")
        if span.ends <= span.starts and span.ends != MIDNIGHT:
            sentence = gettext(
                "On %(day)s %(hours)s ends before it begins. Please write what goes on after midnight on the"
                " next day."
            )
            raise Refused(sentence % words, "span-empty", "spans")
        if last_end is not None and last_end[0] == span.day and span.starts < last_end[1]:
            sentence = gettext("On %(day)s %(hours)s overlaps with the hours before. Please join the two.")
            raise Refused(sentence % words, "spans-overlap", "spans")
        last_end = (span.day, span.ends if span.ends != MIDNIGHT else time.max)


def away(said: Availability, zone: ZoneInfo, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield the periods a person cannot attend during a forum.

    Days are days in `zone`, the forum's; hours are in the person's zone, also when clocks change; hours
    that end before they begin continue after midnight. Hours of a single day replace the daily ones.
    """
    for day in said.days_away:
        yield _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    own = ZoneInfo(said.zone) if said.zone else zone
    # A day there may touch the forum's first and last day from either side of the date line.
    day, end = first - timedelta(days=1), last + timedelta(days=1)
    while day <= end:
        spans = sorted(span for span in said.spans if span.day == day)
        if spans:
            yield from _around(spans, day, own)
        else:
            yield from _outside_hours(said, day, own)
        day += timedelta(days=1)


def _around(spans: Sequence[DaySpan], day: date, own: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Give what is left of a day between the hours somebody can."""
    free_from = _midnight(day, own)
    midnight = _midnight(day + timedelta(days=1), own)
    for span in spans:
        yield from _period(free_from, _moment(day, span.starts, own))
        free_from = midnight if span.ends == MIDNIGHT else _moment(day, span.ends, own)
    yield from _period(free_from, midnight)


def _outside_hours(said: Availability, day: date, own: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    if said.hours_from is None or said.hours_to is None:
        return
    if said.hours_from < said.hours_to:
        yield from _period(_midnight(day, own), _moment(day, said.hours_from, own))
        yield from _period(_moment(day, said.hours_to, own), _midnight(day + timedelta(days=1), own))
    else:
        yield from _period(_moment(day, said.hours_to, own), _moment(day, said.hours_from, own))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return _moment(day, time(0), zone)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _period(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    if start < end:
        yield start, end


def require_room_for_people(count: int, most: int = MOST_SPEAKERS) -> None:
    if count >= most:
        sentence = gettext("A session request can name up to %(limit)s people. Please remove somebody first.")
        raise Refused(sentence % {"limit": most}, "speakers-too-many", "name")


def require_room_for_organisers(count: int) -> None:
    if count >= MOST_ORGANISERS:
        sentence = gettext("A session request can name up to %(limit)s co-organizers.")
        raise Refused(sentence % {"limit": MOST_ORGANISERS}, "organisers-too-many", "name")


def require_named(name: str) -> None:
    if not any(letter.isalpha() for letter in name):
        raise Refused(gettext("Please give a name."), "name-missing", "name")


def require_part(part: str, parts: Sequence[SessionRole] = SPEAKING_PARTS) -> None:
    if part not in {one.value for one in parts}:
        raise Refused(gettext("Please choose what they are asked to do."), "part", "part")


def require_may_be_asked(
    email: str, answer: str, asked_at: datetime | None, letters: int, now: datetime
) -> None:
    """Refuse e-mails that are impossible, unnecessary or too many."""
    if not email:
        sentence = gettext("Please give an e-mail address, so that they can be asked.")
        raise Refused(sentence, "email-missing", "email")
    if answer == SpeakerAnswer.YES:
        raise Refused(gettext("They have said yes already."), "answered-yes")
    if letters >= MOST_LETTERS:
        sentence = gettext("They were asked %(count)s times. Please reach them in another way.")
        raise Refused(sentence % {"count": letters}, "asked-often")
    if asked_at is not None and now < asked_at + PAUSE_BEFORE_ASKING_AGAIN:
        sentence = gettext("They were asked less than two days ago. Please give them time to answer.")
        raise Refused(sentence, "asked-lately")


def require_not_said_themselves(asked_at: datetime | None, answered_at: datetime | None) -> None:
    """Statements made by link cannot be overridden."""
    if asked_at is not None and answered_at is not None:
        sentence = gettext("They have said themselves when they can. They can change it under their link.")
        raise Refused(sentence, "said-themselves")


def require_answerable(state: str) -> None:
    """Refuse answers for sessions that do not take place."""
    if state in {RequestState.DECLINED, RequestState.REFERRED, RequestState.WITHDRAWN}:
        sentence = gettext(
            "This session will not take place, so there is nothing to answer any more. Thank you."
        )
        raise Refused(sentence, "request-over")
