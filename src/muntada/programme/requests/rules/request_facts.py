"""Facts of session requests as plain values."""

from dataclasses import dataclass

from muntada.forums.rules.schemes import DeclaredFacts as RawFacts
from muntada.forums.rules.schemes import Scheme, SchemeDimension, scheme_at, shown_first
from muntada.programme.requests.rules.speakers import GivenFacts
from muntada.programme.sessions.rules import SessionRole


@dataclass(frozen=True)
class BodyFacts:
    """An organization behind a request, or a person (`is_person`)."""

    key: str
    name: str
    kind: str = ""
    country: str = ""
    is_headquarters: bool = False
    is_lead: bool = False
    is_confirmed: bool = True
    is_person: bool = False

    @property
    def raw(self) -> RawFacts:
        return RawFacts(self.kind, self.country, self.is_headquarters)


@dataclass(frozen=True)
class PersonFacts:
    """A person named in a request. `key` identifies them across requests and sessions."""

    key: str
    name: str
    part: str
    is_confirmed: bool
    facts: GivenFacts

    @property
    def raw(self) -> RawFacts:
        return RawFacts(self.facts.kind, self.facts.country, self.facts.is_headquarters)


@dataclass(frozen=True)
class RequestFacts:
    """The facts of a request. `people` excludes those who declined."""

    request_id: int
    symbol: str
    title: str
    language: str
    state: str
    kind: str
    minutes: int
    audience: int
    is_online_only: bool
    author_key: str
    bodies: tuple[BodyFacts, ...]
    people: tuple[PersonFacts, ...]
    lines: tuple[str, ...]
    goals: tuple[str, ...]
    themes: tuple[str, ...]
    fewest_speakers: int = 0
    most_speakers: int | None = None

    @property
    def organisations(self) -> tuple[str, ...]:
        """Return by what the organisations behind it are known: the one that leads first."""
        return tuple(one.key for one in self.bodies if one.is_confirmed and not one.is_person)

    @property
    def speakers(self) -> tuple[PersonFacts, ...]:
        """Return the speakers and moderators."""
        return tuple(one for one in self.people if one.part in HEARD)

    @property
    def genders(self) -> tuple[str, ...]:
        """Return the known genders of speakers."""
        return tuple(one.facts.gender for one in self.speakers if one.facts.gender)

    @property
    def first_timers(self) -> int:
        """Return the known number of first-time speakers."""
        return sum(one.facts.is_first_time is True for one in self.speakers)

    def groups(self, scheme: Scheme) -> tuple[str, ...]:
        """Return the known groups of speakers in a scheme."""
        return tuple(group for one in self.speakers if (group := scheme.group_of(one.raw)))

    def own_group(self, scheme: Scheme) -> str:
        """Return the group of the lead organization, or ""."""
        lead = next((one for one in self.bodies if one.is_lead), None)
        return scheme.group_of(lead.raw) if lead else ""

    def own_group_by(self, key: str) -> str:
        """Return the group of the body that leads in the scheme of this key."""
        scheme = scheme_at(key)
        return self.own_group(scheme) if scheme else ""

    @property
    def stakeholder_group(self) -> str:
        return self.own_group(_shown(SchemeDimension.STAKEHOLDER))

    @property
    def region(self) -> str:
        return self.own_group(_shown(SchemeDimension.REGION))

    @property
    def country_category(self) -> str:
        return self.own_group(_shown(SchemeDimension.COUNTRY))


HEARD = frozenset(
    {SessionRole.SPEAKER.value, SessionRole.MODERATOR.value, SessionRole.REMOTE_MODERATOR.value}
)


def _shown(dimension: SchemeDimension) -> Scheme:
    """Return the scheme by which pages count first."""
    return next(scheme for scheme in shown_first() if scheme.dimension is dimension)
