"""Time zones."""

from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext

from muntada.foundations.errors import Refused


@cache
def known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def require_zone(name: str, field: str | None = "zone") -> None:
    """Refuse an unknown time zone."""
    if name not in known_zones():
        sentence = gettext("There is no time zone “%(zone)s”. Please write one like Europe/Zurich.")
        raise Refused(sentence % {"zone": name}, "zone-unknown", field)
