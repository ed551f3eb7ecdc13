"""Rules of meetings of a call."""

from datetime import datetime, timedelta

from django.utils.translation import gettext

from muntada.consultation.calls.rules.calls import LONGEST_MEETING_RECORD
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused

LONGEST_MEETING = timedelta(days=3)
PLACE_LENGTH = 200
AGENDA_LENGTH = 10_000


def require_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        sentence = gettext("A meeting has to end after it starts. Please choose a later end.")
        raise Refused(sentence, "meeting-ends-early", "ends_at")
    if ends_at - starts_at > LONGEST_MEETING:
        sentence = gettext("A meeting lasts at most three days. Please plan several meetings.")
        raise Refused(sentence, "meeting-too-long", "ends_at")


def require_room(place: str, join_url: str) -> None:
    if not place and not join_url:
        sentence = gettext("Please say where it is held: a room, an address to join online, or both.")
        raise Refused(sentence, "meeting-nowhere", "place")


def require_record(text: str, starts_at: datetime, now: datetime) -> None:
    if now < starts_at:
        sentence = gettext("This meeting has not begun yet. Please file its record afterwards.")
        raise Refused(sentence, "meeting-not-begun", "record")
    if not clean_text(text):
        raise Refused(gettext("Please write the record."), "record-missing", "record")
    if len(text) > LONGEST_MEETING_RECORD:
        sentence = gettext("The record is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": LONGEST_MEETING_RECORD}, "record-too-long", "record")
