"""Time zones to read a programme in: some from each part of the world; any other by its name."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from muntada.foundations.languages import city_name

ZONES = (
    "Pacific/Honolulu",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/Bogota",
    "America/New_York",
    "America/Caracas",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Atlantic/Cape_Verde",
    "UTC",
    "Africa/Accra",
    "Europe/London",
    "Africa/Casablanca",
    "Africa/Lagos",
    "Europe/Zurich",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Europe/Kyiv",
    "Asia/Beirut",
    "Africa/Nairobi",
    "Asia/Riyadh",
    "Europe/Moscow",
    "Asia/Tehran",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Karachi",
    "Asia/Tashkent",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Yangon",
    "Asia/Jakarta",
    "Asia/Shanghai",
    "Asia/Manila",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Apia",
)


@dataclass(frozen=True)
class ZoneChoice:
    """A zone by its name and its distance from universal time at a moment."""

    key: str
    city: str
    offset: str
    is_chosen: bool


def zone_choices(chosen: ZoneInfo, own: ZoneInfo, at: datetime) -> list[ZoneChoice]:
    """Return the zones to choose from, by their distance from universal time; always with these two."""
    by_key = {zone.key: zone for zone in (*_zones_offered(), chosen, own)}
    zones = sorted(by_key.values(), key=lambda zone: (at.astimezone(zone).utcoffset(), zone.key))
    return [zone_choice(zone, at, is_chosen=zone.key == chosen.key) for zone in zones]


@cache
def _zones_offered() -> tuple[ZoneInfo, ...]:
    """Keep the zones: Python itself remembers eight of them and reads the others from their files anew."""
    return tuple(map(ZoneInfo, ZONES))


def zone_choice(zone: ZoneInfo, at: datetime, *, is_chosen: bool = True) -> ZoneChoice:
    """Name a zone as a person reads it."""
    local = at.astimezone(zone)
    return ZoneChoice(
        key=zone.key,
        city=city_name(zone.key),
        offset=f"UTC{local:%:z}".replace("-", "\N{MINUS SIGN}"),
        is_chosen=is_chosen,
    )
