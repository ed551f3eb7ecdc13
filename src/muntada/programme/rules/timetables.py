"""The law of timetables, and what is said of one in words."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.forums.rules.schemes import Dimension, shown_first
from muntada.foundations.errors import Refused, template_here
from muntada.programme.rules.sessions import services_in_words


def require_unreleased(*, is_released: bool) -> None:
    if is_released:
        sentence = gettext("This timetable is released and stays as it was. Please make a new draft from it.")
        raise Refused(sentence, "timetable-released")


def require_kept(number: int, discarded_at: datetime | None, who: str, zone: ZoneInfo) -> None:
    """Refuse to change a timetable that was thrown away, and say by whom."""
    if discarded_at is None:
        return
    sentence = gettext(
        "Timetable %(number)s was thrown away by %(who)s at %(at)s. It can be brought back on its page."
    )
    known = {"number": number, "who": who or gettext("somebody"), "at": moment_in_words(discarded_at, zone)}
    raise Refused(sentence % known, "timetable-discarded")


def moment_in_words(at: datetime, zone: ZoneInfo) -> str:
    """Write a moment by the clock of a zone, day of the week first."""
    local = at.astimezone(zone)
    return f"{date_format(local, 'D')} {date_format(local, 'MONTH_DAY_FORMAT')}, {local:%H:%M}"


def in_words(sentence: str, params: Mapping[str, str | int], zone: ZoneInfo) -> str:
    """Write an engine's sentence in the language of the page, with moments in the zone of the forum."""
    return template_here(sentence, params) % {
        key: _in_words(key, value, zone) for key, value in params.items()
    }


def _in_words(key: str, value: str | int, zone: ZoneInfo) -> str | int:
    if not isinstance(value, str):
        return value
    if key == "slot":
        return date_format(datetime.fromisoformat(value).astimezone(zone), "DATETIME_FORMAT")
    if key == "day":
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if key == "group":
        scheme = next(one for one in shown_first() if one.dimension is Dimension.STAKEHOLDER)
        return scheme.title_of(value)
    if key in {"service", "needs"}:
        return ", ".join(services_in_words(value.split(", ")))
    return value


TIER_NAMES: Mapping[str, Promise] = {
    "hard": _("Must not be"),
    "move": _("Moved since the last release"),
    "wish": _("Wishes that could not be met"),
    "fit": _("Rooms larger than needed"),
}


FIGURE_NAMES: Mapping[str, Promise] = {
    "unplaced": _("Sessions without a place"),
    "moved": _("Sessions moved since the last release"),
    "wishes": _("Cost of wishes not met"),
    "fit": _("Cost of rooms too large"),
}


# What of a wish is broken, as it is counted while a timetable is made.
BROKEN_NAMES: Mapping[str, Promise] = {
    "comfortable-hours": _("Sessions outside somebody’s good hours online"),
    "tracks-apart": _("Sessions of a track at the same time"),
    "lines-spread": _("Days with more than an even share of an action line"),
    "groups-spread": _("Days with more than an even share of a stakeholder group"),
    "favourites-apart": _("Favourites missed, as they are at the same time"),
    "pairs-apart": _("Pairs that people wish to hear, at the same time"),
    "stays-near": _("Published sessions at another time"),
}


STEP_NAMES: Mapping[str, Promise] = {
    "locks": _("Placing what is fixed"),
    "places": _("Finding a place for every session"),
    "moves": _("Moving as few sessions as possible"),
    "wishes": _("Meeting wishes"),
}
