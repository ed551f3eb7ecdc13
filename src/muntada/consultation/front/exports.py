"""Contributions of a call as open data, with authors as they chose."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db.models import QuerySet

from muntada.consultation.calls.models import Call
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.replies.queries.replies import last_reply_to

# Rows loaded at a time during a download.
CHUNK = 500


@dataclass(frozen=True)
class ContributionRow:
    """A contribution as open data."""

    symbol: str
    url: str
    title: str
    language: str
    text: str
    author: str
    organisation: str
    organisation_kind: str
    country: str
    is_headquarters: bool
    lines: tuple[str, ...]
    goals: tuple[str, ...]
    themes: tuple[str, ...]
    came_by: str
    campaign: int | None
    submitted_at: datetime
    revised_at: datetime | None
    disposition: str
    reason: str
    leads_to: str

    def as_values(self) -> dict[str, object]:
        return asdict(self)


COLUMNS = tuple(field.name for field in fields(ContributionRow))


def contribution_rows(call: Call, listed: QuerySet[Contribution], address: str) -> Iterator[ContributionRow]:
    """Yield rows with absolute addresses."""
    public = (
        listed.filter(consent_to_publish=True, withdrawn_at=None)
        .select_related("question_set")
        .prefetch_related("goals", "themes__symbol")
    )
    for contribution in public.iterator(chunk_size=CHUNK):
        contribution.call = call
        yield _row(contribution, address)


def _row(contribution: Contribution, address: str) -> ContributionRow:
    reply = last_reply_to(contribution)
    # For individuals, these facts are counted but not shown with their name.
    organisation = contribution.organisation_shown
    return ContributionRow(
        symbol=str(contribution.symbol),
        url=f"{address}{contribution.get_absolute_url()}",
        title=contribution.title,
        language=contribution.language,
        text=contribution.whole_text,
        author=contribution.name_shown,
        organisation=organisation.name if organisation else "",
        organisation_kind=contribution.kind if organisation else "",
        country=contribution.country if organisation else "",
        is_headquarters=contribution.is_headquarters and organisation is not None,
        lines=tuple(line.code for line in contribution.lines.all()),
        goals=tuple(goal.code for goal in contribution.goals.all()),
        themes=tuple(theme.symbol.short for theme in contribution.themes.all()),
        came_by=contribution.came_by,
        campaign=contribution.campaign_id,
        submitted_at=contribution.submitted_at,
        revised_at=contribution.revised_at,
        disposition=reply.disposition if reply else "",
        reason=reply.reason if reply else "",
        leads_to=reply.leads_to.short if reply and reply.leads_to else "",
    )
