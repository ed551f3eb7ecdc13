"""How the formats of conference programs write names, languages, lengths and addresses."""

import re
from datetime import datetime, timedelta

from muntada.foundations.languages import in_language
from muntada.foundations.sheets import NOT_IN_XML
from muntada.programme.releases.queries import ReleasedProgramme, ReleasedSession

GENERATOR = "Muntada"
# What both editions of the c3voc schemas take for an acronym: small letters, digits and lines, not too short.
_SHORTEST_ACRONYM = 4
_ZONE = re.compile(r"^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$")


def acronym(programme: ReleasedProgramme) -> str:
    """Return the short name of a forum as conference programs take it: wsis20, igf_2025."""
    slug = programme.slug.replace("-", "_")
    return slug if len(slug) >= _SHORTEST_ACRONYM else f"{slug}_{programme.starts_date.year}"


def slug_of(programme: ReleasedProgramme, session: ReleasedSession) -> str:
    return f"{acronym(programme)}-s{session.number}"


def name_of(programme: ReleasedProgramme, language: str) -> str:
    return plain(in_language(programme.names, language))


def zone_name(programme: ReleasedProgramme) -> str:
    """Return the name of the zone where the formats know such names, else nothing."""
    return programme.zone.key if _ZONE.search(programme.zone.key) else ""


def language_tag(language: str) -> str:
    """Write a language as BCP 47 does: zh-Hans."""
    first, *others = language.split("-")
    return "-".join([first, *(one.title() if len(one) == len("Hans") else one.upper() for one in others)])


def clock_length(starts_at: datetime, ends_at: datetime) -> str:
    """Return a length as hours and minutes: 01:30."""
    minutes = int((ends_at - starts_at) / timedelta(minutes=1))
    return f"{minutes // 60:02}:{minutes % 60:02}"


def plain(text: str) -> str:
    """Leave out what no XML and no calendar holds."""
    return NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
