"""A single initiative and its versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext

from muntada.evidence.initiatives.models import Initiative, InitiativeFigure
from muntada.evidence.initiatives.rules import (
    InitiativeProgress,
    PublicationState,
    ResultFigure,
    is_due,
    may_change,
    may_see,
)
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotThere
from muntada.record.models import Receipt

# Fields stored unchanged; organization, lines, goals and figures are separate rows.
PLAIN = (
    "title",
    "language",
    "description",
    "activity",
    "scope",
    "status",
    "country",
    "beneficiaries",
    "results",
    "challenges",
    "replicability",
    "partners",
    "starts_year",
    "ends_year",
    "website",
)


def initiative_at(forum_request: ForumRequest, number: int) -> Initiative:
    """Return the initiative with this number, if the person may see it."""
    found = (
        Initiative.objects.select_related("symbol__forum", "organisation", "registered_by")
        .prefetch_related("lines", "goals", "figures")
        .filter(symbol__forum=forum_request.forum, symbol__number=number)
        .first()
    )
    if found is None or not may_see(
        PublicationState(found.standing), is_own=is_own(forum_request, found), roles=forum_request.roles
    ):
        raise NotThere(gettext("There is no initiative with this number."), "initiative")
    return found


def is_own(forum_request: ForumRequest, initiative: Initiative) -> bool:
    return forum_request.person is not None and initiative.registered_by_id == forum_request.person.pk


def may_change_initiative(forum_request: ForumRequest, initiative: Initiative) -> bool:
    person_id = forum_request.person.pk if forum_request.person else None
    by = initiative.registered_by_id
    may = may_change(registered_by=by, person_id=person_id, roles=forum_request.roles)
    return may and initiative.withdrawn_at is None


def is_due_here(initiative: Initiative, now: datetime) -> bool:
    return is_due(initiative.confirmed_at, InitiativeProgress(initiative.status), now)


def receipt_of(initiative: Initiative) -> Receipt | None:
    """Return the receipt of the registration."""
    return Receipt.objects.filter(
        entry__symbol=initiative.symbol_id, entry__verb="register_initiative"
    ).first()


class InitiativeTexts(Protocol):
    """The texts of an initiative, stored or not."""

    @property
    def description(self) -> str: ...
    @property
    def beneficiaries(self) -> str: ...
    @property
    def results(self) -> str: ...
    @property
    def challenges(self) -> str: ...
    @property
    def replicability(self) -> str: ...
    @property
    def partners(self) -> str: ...


def text_of(initiative: Initiative) -> str:
    """Return the texts of an initiative as one, for citations and the receipt."""
    return joined_text(initiative, initiative.figures.all())


def joined_text(said: InitiativeTexts, figures: Iterable[InitiativeFigure | ResultFigure]) -> str:
    """Join the texts of an initiative, stored or not."""
    parts = (
        said.description,
        said.beneficiaries,
        said.results,
        *(f"{one.what}: {number(one.value)} {one.unit}" for one in figures),
        said.challenges,
        said.replicability,
        said.partners,
    )
    return "\n\n".join(part for part in parts if part)


def words_of(initiative: Initiative) -> str:
    """Return the text indexed beside the title."""
    return f"{text_of(initiative)}\n\n{initiative.organisation.name}"


def said_of(initiative: Initiative) -> dict[str, Any]:
    """Return an entry as plain values, for versions and the form."""
    return {
        **{name: getattr(initiative, name) for name in PLAIN},
        "organisation": initiative.organisation.name,
        "also_in": list(initiative.also_in),
        "media": list(initiative.media),
        "lines": sorted(one.code for one in initiative.lines.all()),
        "goals": sorted(one.code for one in initiative.goals.all()),
        "figures": [
            {
                "what": one.what,
                "value": number(one.value),
                "unit": one.unit,
                "year": one.year,
                "source": one.source,
            }
            for one in initiative.figures.all()
        ],
    }


def number(value: Any) -> str:
    """Format a number without trailing zeros."""
    return f"{value.normalize():f}"


@dataclass(frozen=True)
class VersionChange:
    """A changed field of a version: before and after."""

    part: str
    before: str
    after: str


@dataclass(frozen=True)
class Version:
    """A former version, its end, and what changed then."""

    number: int
    until: datetime
    changes: tuple[VersionChange, ...]


def versions_of(initiative: Initiative) -> list[Version]:
    """Return the former versions, latest change first."""
    after, shown = said_of(initiative), []
    for one in initiative.versions.all():
        changed = tuple(
            VersionChange(part, _words(one.said.get(part)), _words(after.get(part)))
            for part in after
            if one.said.get(part) != after.get(part)
        )
        shown.append(Version(one.number, one.until, changed))
        after = one.said
    return shown


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_words(one) for one in value)
    if isinstance(value, dict):
        year = f" ({value['year']})" if value.get("year") else ""
        return f"{value['what']}: {value['value']} {value['unit']}{year}"
    return "" if value is None else str(value)
