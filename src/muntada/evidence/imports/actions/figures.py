"""Import indicator files, and enter figures retyped from publications."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, ngettext

from muntada.evidence.areas.models import Area
from muntada.evidence.areas.rules import AreaGrouping
from muntada.evidence.assessments.actions import follow_numbers
from muntada.evidence.imports.actions.areas import areas_by_code
from muntada.evidence.indicators.actions import facts_of, facts_of_publication, indicator_of, source_of
from muntada.evidence.indicators.adapter import series
from muntada.evidence.indicators.models import Indicator, Observation, Vintage
from muntada.evidence.indicators.rules import observations as rules
from muntada.evidence.indicators.rules.imports import edition_year
from muntada.forums.models import Forum
from muntada.forums.rules.roles import require_role
from muntada.foundations.bulk_rows import copy_in, copy_values
from muntada.foundations.errors import Refused
from muntada.record import actions as record
from muntada.record.rules import Actor


@dataclass(frozen=True)
class ImportedFigures:
    """The result of an import: values, areas, unknown codes."""

    indicator: Indicator
    vintage: Vintage
    observations: int
    areas: int
    blanks: int
    strangers: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Return a summary sentence for the command line."""
        said = ngettext(
            "%(title)s: %(count)s observation, edition %(label)s.",
            "%(title)s: %(count)s observations, edition %(label)s.",
            self.observations,
        ) % {"title": self.indicator.title_here, "count": self.observations, "label": self.vintage.label}
        if not self.strangers:
            return said
        strange = gettext("Codes that are not known here stand as groups of their own: %(codes)s.")
        return f"{said} {strange % {'codes': ', '.join(self.strangers)}}"


def import_indicators(
    *, path: Path, forum: Forum, actor: Actor, now: datetime, code: str = "", label: str = ""
) -> ImportedFigures:
    """Import a file of one indicator as a new edition, completely or not at all.

    The indicator is found by file name, or `code`; `label` names the edition and defaults to the
    modification date of the file.
    """
    require_role(actor, rules.IMPORTING_ROLES, forum.pk)
    file = series.read_file(path)
    retrieved = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
    edition = label.strip() or retrieved.isoformat()
    with transaction.atomic():
        # One import per forum at a time, so that the same file cannot be imported twice.
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        indicator = indicator_of(forum, facts_of(code or path.stem), now)
        _require_new(indicator, file, edition, path.name)
        vintage = Vintage.objects.create(
            indicator=indicator,
            source=indicator.source,
            label=edition,
            dimension=file.dimension,
            edition_year=edition_year(edition, retrieved),
            retrieved_date=retrieved,
            file_name=path.name[:200],
            file_digest=file.digest,
            added_at=now,
        )
        areas = _areas(file.readings, path.name)
        copy_values(
            Observation,
            ("vintage_id", "area_id", "year", "breakdown", "value"),
            ((vintage.pk, areas[one.code].pk, one.year, one.breakdown, one.value) for one in file.readings),
        )
        change = {"vintage": edition, "file": file.digest, "observations": len(file.readings)}
        _log(indicator, "import_indicators", change, actor, now)
        follow_numbers(indicator=indicator, now=now)
    strangers = sorted({code for code, area in areas.items() if _is_strange(area)})
    return ImportedFigures(indicator, vintage, len(file.readings), len(areas), file.blanks, tuple(strangers))


def publish_figures(*, document: Mapping[str, Any], forum: Forum, actor: Actor, now: datetime) -> int:
    """Enter figures retyped from publications, each under its edition; return the number of new ones.

    Existing figures are skipped. A different value is refused: a correction is a new edition. The
    document may have a `retrieved` date.
    """
    require_role(actor, rules.IMPORTING_ROLES, forum.pk)
    facts = {one["code"]: one for one in document["indicators"]}
    retrieved = date.fromisoformat(document.get("retrieved") or now.date().isoformat())
    added = 0
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        areas = areas_by_code({row["area"]: row["area"] for row in document["figures"]})
        for code, one in facts.items():
            rows = [row for row in document["figures"] if row["indicator"] == code]
            if not rows:
                continue
            indicator = indicator_of(forum, facts_of_publication(one), now)
            new = _new_figures(indicator, rows, areas, now=now, retrieved=retrieved)
            if new:
                copy_in(new)
                _log(indicator, "publish_figures", {"figures": rows}, actor, now)
                follow_numbers(indicator=indicator, now=now)
            added += len(new)
    return added


def _new_figures(
    indicator: Indicator,
    rows: Sequence[Mapping[str, Any]],
    areas: Mapping[str, Area],
    *,
    now: datetime,
    retrieved: date,
) -> list[Observation]:
    editions = dict.fromkeys(row["edition"] for row in rows)
    vintages = {str(one): _edition(indicator, one, now, retrieved) for one in editions}
    standing = {
        (one.vintage_id, one.area_id, one.year, one.breakdown): one.value
        for one in Observation.objects.filter(vintage__in=vintages.values())
    }
    new = []
    for row in rows:
        vintage, area = vintages[str(row["edition"])], areas[row["area"]]
        cell = (vintage.pk, area.pk, row["ref_year"], row["breakdown"])
        if cell not in standing:
            standing[cell] = row["value"]
            new.append(
                Observation(
                    vintage=vintage,
                    area=area,
                    year=row["ref_year"],
                    breakdown=row["breakdown"],
                    value=row["value"],
                    status=row["status"],
                    note=row["source"][:400],
                )
            )
        elif standing[cell] != row["value"]:
            sentence = gettext(
                "%(area)s %(year)s already has another value in the edition %(edition)s. "
                "Figures are never overwritten; please enter the correction as an edition of its own."
            )
            params = {"area": area.name_here, "year": row["ref_year"], "edition": vintage.label}
            raise Refused(sentence % params, "figure-stands")
    return new


def _edition(indicator: Indicator, edition: int | str, now: datetime, retrieved: date) -> Vintage:
    """Find or create an edition of retyped figures; a number means an edition of Facts and Figures."""
    is_numbered = isinstance(edition, int)
    source = source_of("facts-and-figures" if is_numbered else "wdi-itu")
    vintage, _ = Vintage.objects.get_or_create(
        indicator=indicator,
        source=source,
        label=str(edition),
        dimension="",
        withdrawn_at=None,
        defaults={
            "edition_year": edition if is_numbered else now.year,
            "retrieved_date": retrieved,
            "added_at": now,
        },
    )
    return vintage


def _require_new(indicator: Indicator, file: series.SeriesFile, edition: str, name: str) -> None:
    """Refuse a file imported before, and an edition with other values."""
    known = Vintage.objects.filter(indicator=indicator, file_digest=file.digest, withdrawn_at=None).first()
    if known:
        sentence = gettext(
            "%(file)s was imported before, as edition %(label)s of %(indicator)s. Nothing was changed."
        )
        params = {"file": name, "label": known.label, "indicator": indicator.symbol.short}
        raise Refused(sentence % params, "file-known")
    same = Vintage.objects.filter(
        indicator=indicator,
        source=indicator.source,
        label=edition,
        dimension=file.dimension,
        withdrawn_at=None,
    )
    if same.exists():
        sentence = gettext(
            "There is an edition %(label)s of %(indicator)s already, from another file, and numbers are "
            "never overwritten. Please give this one a name of its own."
        )
        raise Refused(sentence % {"label": edition, "indicator": indicator.symbol.short}, "edition-known")


def _areas(readings: Iterable[series.ReadValue], name: str) -> dict[str, Area]:
    cells = {(one.code, one.year, one.breakdown) for one in readings}
    areas = areas_by_code({one.code: one.name for one in readings})
    counted = Counter((areas[code].pk, year, breakdown) for code, year, breakdown in cells)
    double = next((cell for cell, times in counted.items() if times > 1), None)
    if double:
        area = next(area for area in areas.values() if area.pk == double[0])
        sentence = gettext("%(file)s: %(area)s stands there under two codes, both with a value for %(year)s.")
        raise Refused(sentence % {"file": name, "area": area.name_here, "year": double[1]}, "table-fault")
    return areas


def _is_strange(area: Area) -> bool:
    return area.grouping == AreaGrouping.OTHER and len(area.titles) == 1


def _log(indicator: Indicator, verb: str, change: Mapping[str, object], actor: Actor, now: datetime) -> None:
    record.write(
        forum_id=indicator.forum_id,
        actor=actor,
        verb=verb,
        symbol=indicator.symbol,
        change=change,
        now=now,
    )
