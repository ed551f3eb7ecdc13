"""Store an import: each series becomes an edition of its indicator, all or none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext

from muntada.evidence.areas.models import Area
from muntada.evidence.assessments.actions import follow_numbers
from muntada.evidence.imports.actions.areas import areas_by_code
from muntada.evidence.imports.actions.editions import (
    NAMES_NO_SOURCE,
    NewEdition,
    dimension_of,
    edition_of,
    require_new_editions,
)
from muntada.evidence.imports.actions.previews import TELL_EVERY_ROWS, placed_in
from muntada.evidence.imports.adapter import ReadObservation, RowRefusal, SourcePart
from muntada.evidence.indicators.actions import facts_of, indicator_of, source_key_of_form, source_of
from muntada.evidence.indicators.models import Import, Indicator, Vintage
from muntada.evidence.indicators.rules.imports import edition_year
from muntada.evidence.indicators.rules.observations import IMPORTING_ROLES
from muntada.forums.models import Forum, SourceStatus
from muntada.forums.rules.roles import require_role
from muntada.foundations.errors import Refused
from muntada.foundations.jobs.running import TellProgress
from muntada.record import actions as record
from muntada.record.rules import Actor

NOTE_LENGTH = 400
COPY = (
    "COPY evidence_indicators_observation "
    "(vintage_id, area_id, year, breakdown, value, nature, status, note) FROM STDIN"
)


@dataclass
class Sorted:
    """The observations of an import by series, and the source's names of areas."""

    series: dict[str, list[ReadObservation]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    refused: int = 0


def sort_out(one: Import, parts: Iterable[SourcePart], tell: TellProgress) -> Sorted:
    """Read an import before writing, so that no lock is held meanwhile."""
    rows = max(1, one.preview["numbers"] + one.preview["refused"] + one.preview["gaps"])
    found = Sorted()
    for number, placed in enumerate(placed_in(one, parts), start=1):
        if number % TELL_EVERY_ROWS == 0:
            tell(0.9 * number / rows)
        if isinstance(placed, RowRefusal):
            found.refused += 1
        elif placed.seen.value is not None:
            found.series.setdefault(placed.seen.series, []).append(placed.seen)
            found.names.setdefault(placed.seen.area, placed.seen.area_name)
    if found.refused and not one.leaves_out:
        sentence = gettext("Rows are refused now that were not before. Please look at the import again.")
        raise Refused(sentence, "rows-refused")
    return found


def take_in(*, one: Import, found: Sorted, actor: Actor, now: datetime) -> None:
    """Write each series as a new edition, in the caller's transaction."""
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    # One import per forum at a time, so that an edition cannot be imported twice.
    Forum.objects.select_for_update(no_key=True).get(pk=one.forum_id)
    areas = areas_by_code(found.names)
    one.edition = edition_of(one)
    one.save(update_fields=["edition"])
    # Checked again, because another import may have finished since the preview.
    coming = [NewEdition(facts_of(code)["code"], _dimension(rows)) for code, rows in found.series.items()]
    require_new_editions(one, coming, one.edition)
    for code, rows in found.series.items():
        indicator = indicator_of(one.forum, _facts(one, code, rows[0]), now)
        vintage = _new_vintage(one, indicator, rows, now)
        _write(vintage, areas, rows)
        record.write(
            forum_id=one.forum_id,
            actor=actor,
            verb="take_in_import",
            symbol=indicator.symbol,
            change={
                "import": one.pk,
                "vintage": vintage.label,
                "file": one.digest,
                "observations": len(rows),
            },
            now=now,
        )
        follow_numbers(indicator=indicator, now=now)


def _facts(one: Import, code: str, first: ReadObservation) -> Mapping[str, Any]:
    """Return the platform's description of a series, else that of the source."""
    facts = dict(facts_of(code))
    if facts["titles"] == {"en": code} and first.series_name:
        facts["titles"] = {"en": first.series_name[:200]}
        facts["units"] = {"en": first.unit} if first.unit else {}
    facts["source"] = facts["source"] or source_key_of_form(one.form)
    return facts


def _new_vintage(one: Import, indicator: Indicator, rows: list[ReadObservation], now: datetime) -> Vintage:
    key = source_key_of_form(one.form)
    source = one.source or (source_of(key) if key and key != NAMES_NO_SOURCE else indicator.source)
    retrieved = one.begun_at.date()
    return Vintage.objects.create(
        indicator=indicator,
        source=source,
        label=one.edition,
        dimension=_dimension(rows),
        unit=rows[0].unit[:120],
        edition_year=edition_year(one.edition, retrieved),
        retrieved_date=retrieved,
        file_name=one.name,
        file_digest=one.digest,
        brought_by=one,
        added_at=now,
    )


def _dimension(rows: Iterable[ReadObservation]) -> str:
    return dimension_of({row.breakdown for row in rows})


def _write(vintage: Vintage, areas: Mapping[str, Area], rows: Iterable[ReadObservation]) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for row in rows:
            note = row.note if len(row.note) <= NOTE_LENGTH else f"{row.note[: NOTE_LENGTH - 1]}…"
            copy.write_row(
                (
                    vintage.pk,
                    areas[row.area].pk,
                    row.year,
                    row.breakdown,
                    row.value,
                    row.nature.value,
                    SourceStatus.SOURCED.value,
                    note.replace("\0", ""),
                )
            )
