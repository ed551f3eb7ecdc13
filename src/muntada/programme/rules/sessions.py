"""What a session can be, need and bring, and who has a part in it."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TITLE_LENGTH = 200


NAME_LENGTH = 120
# Of what somebody is known by across sessions: their name, or their account, and which of the two it is.
KEY_LENGTH = 140


TRACK_LENGTH = 80


SHORTEST_MINUTES, LONGEST_MINUTES = 10, 480


class SessionKind(StrEnum):
    """The form of a session."""

    HIGH_LEVEL = "high-level"
    FACILITATION = "facilitation"
    WORKSHOP = "workshop"
    PANEL = "panel"
    ROUND_TABLE = "round-table"
    TRAINING = "training"
    SHOWCASE = "showcase"


SESSION_KIND_NAMES: Mapping[SessionKind, Promise] = {
    SessionKind.HIGH_LEVEL: _("High-level session"),
    SessionKind.FACILITATION: _("Action line facilitation meeting"),
    SessionKind.WORKSHOP: _("Workshop"),
    SessionKind.PANEL: _("Panel"),
    SessionKind.ROUND_TABLE: _("Round table"),
    SessionKind.TRAINING: _("Training"),
    SessionKind.SHOWCASE: _("Showcase"),
}


class Service(StrEnum):
    """What a session can need and a room can have."""

    HYBRID = "hybrid"
    INTERPRETATION = "interpretation"
    CAPTIONS = "captions"
    STEP_FREE = "step-free"
    RECORDING = "recording"
    TABLES = "tables"


SERVICE_NAMES: Mapping[Service, Promise] = {
    Service.HYBRID: _("Online participation with voice and picture"),
    Service.INTERPRETATION: _("Interpretation"),
    Service.CAPTIONS: _("Live captions"),
    Service.STEP_FREE: _("Step-free access"),
    Service.RECORDING: _("Recording"),
    Service.TABLES: _("Tables for groups"),
}


# A session that is not held online alone needs a room of brick, and a room of brick brings that.
ON_SITE, ONLINE = "on-site", "online"


ONLINE_SERVICES = frozenset({ONLINE, Service.HYBRID.value, Service.STEP_FREE.value})


_SERVICES_IN_WORDS: Mapping[str, Promise] = {
    **{service.value: name for service, name in SERVICE_NAMES.items()},
    ON_SITE: _("a room on site"),
    ONLINE: _("an online room"),
}


class Part(StrEnum):
    """What a person does in a session."""

    ORGANISER = "organiser"
    MODERATOR = "moderator"
    SPEAKER = "speaker"
    REMOTE_MODERATOR = "remote-moderator"
    RAPPORTEUR = "rapporteur"


PART_NAMES: Mapping[Part, Promise] = {
    Part.ORGANISER: _("Organizer"),
    Part.MODERATOR: _("Moderator"),
    Part.SPEAKER: _("Speaker"),
    Part.REMOTE_MODERATOR: _("Remote moderator"),
    Part.RAPPORTEUR: _("Rapporteur"),
}


# Who stands on the stage cannot be on two at once. An organiser who does not speak may have several sessions.
ON_STAGE = (Part.MODERATOR, Part.SPEAKER, Part.REMOTE_MODERATOR, Part.RAPPORTEUR)


def person_key(person_id: int | None, name: str) -> str:
    """Return by what a person is known across sessions: who they are, else the name as written."""
    return f"person:{person_id}" if person_id else f"name:{' '.join(name.casefold().split())}"


def services_in_words(services: Collection[str]) -> list[str]:
    """Name services; one that the house does not know keeps its own word."""
    return [str(_SERVICES_IN_WORDS.get(service, service)) for service in services]
