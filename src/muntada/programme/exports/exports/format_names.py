"""Names, languages, durations and addresses in formats of conference programs."""

import re
from datetime import datetime, timedelta

from muntada.foundations.languages import in_language
from muntada.foundations.sheets import NOT_IN_XML
from muntada.programme.releases.queries import ReleasedProgramme, ReleasedSession

GENERATOR = "Muntada"
# The minimum length of an acronym in both c3voc schemas.
_SHORTEST_ACRONYM = 4
_ZONE = re.compile(r"^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$")


def acronym(programme: ReleasedProgramme) -> str:
    """Return the acronym of a forum: wsis20, igf_2025."""
    slug = programme.slug.replace("-", "_")
    return slug if len(slug) >= _SHORTEST_ACRONYM else f"{slug}_{programme.starts_date.year}"


def slug_of(programme: ReleasedProgramme, session: ReleasedSession) -> str:
    """Return the same slug in each release. The schema asks for four or more signs after the acronym."""
    return f"{acronym(programme)}-{session.number}-session"


def name_of(programme: ReleasedProgramme, language: str) -> str:
    return plain(in_language(programme.names, language))


def zone_name(programme: ReleasedProgramme) -> str:
    """Return the IANA name of the time zone, or an empty string."""
    return programme.zone.key if _ZONE.search(programme.zone.key) else ""


def language_tag(language: str) -> str:
    """Return a BCP 47 language tag: zh-Hans."""
    first, *others = language.split("-")
    return "-".join([first, *(one.title() if len(one) == len("Hans") else one.upper() for one in others)])


def clock_length(starts_at: datetime, ends_at: datetime) -> str:
    """Return a duration as hours and minutes: 01:30."""
    minutes = int((ends_at - starts_at) / timedelta(minutes=1))
    return f"{minutes // 60:02}:{minutes % 60:02}"


def plain(text: str) -> str:
    """Remove characters not allowed in XML and calendars."""
    return NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
