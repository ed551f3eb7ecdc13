"""What a release keeps of a session besides its place: as it was, whatever becomes of the session later."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5


@dataclass(frozen=True)
class NamedPerson:
    """Somebody with a part in a session; `guid` is the same in all sessions of a forum."""

    name: str
    part: str
    guid: str


@dataclass(frozen=True)
class Facts:
    """What is said of a session in a release. `lines` and `goals` are codes of the forum's framework.

    `language` is that of its text, `spoken` are those whoever asked for it said are spoken in it.
    """

    description: str = ""
    language: str = "en"
    kind: str = ""
    track: str = ""
    lines: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    people: tuple[NamedPerson, ...] = ()
    cancelled_reason: str = ""
    is_invented: bool = False
    spoken: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages it is held in: where nobody has said, that of its text."""
        return self.spoken or (self.language,)

    @property
    def words(self) -> str:
        """Return the words by which the session is found, besides its title."""
        names = "; ".join(dict.fromkeys(person.name for person in self.people))
        return "\n".join(filter(None, (self.description, names, self.track)))

    def as_data(self) -> dict[str, Any]:
        return asdict(self) | {
            "lines": list(self.lines),
            "goals": list(self.goals),
            "spoken": list(self.spoken),
            "people": [asdict(person) for person in self.people],
        }


def facts_from(data: Mapping[str, Any]) -> Facts:
    """Read what a release kept."""
    return Facts(
        **{
            **data,
            "lines": tuple(data.get("lines", ())),
            "goals": tuple(data.get("goals", ())),
            "spoken": tuple(data.get("spoken", ())),
            "people": tuple(NamedPerson(**one) for one in data.get("people", ())),
        }
    )


def renamed(facts: Facts, guids: Collection[str], name: str, guid: str) -> Facts:
    """Return the same with another name, and another guid, for whoever is known by one of these."""
    return replace(
        facts,
        people=tuple(NamedPerson(name, one.part, guid) if one.guid in guids else one for one in facts.people),
    )


def person_guid(forum: str, key: str) -> str:
    """Return by what other programs know a person again in a forum. It tells neither account nor address."""
    return str(uuid5(NAMESPACE_URL, f"muntada:{forum}:{key}"))
