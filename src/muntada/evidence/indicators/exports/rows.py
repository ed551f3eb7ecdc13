"""Exported rows of a slice and of a whole indicator."""

from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import quote

from django.utils.translation import get_language, gettext

from muntada.evidence.indicators.adapter.slices import ShownSlice
from muntada.evidence.indicators.exports.citations import Citation
from muntada.evidence.indicators.models import Indicator, Source
from muntada.evidence.indicators.queries.indicators import all_numbers, vintages_of
from muntada.evidence.indicators.queries.slices import Edition
from muntada.foundations.charts.open_data import About, Column, TableSource
from muntada.foundations.sheets import SpreadsheetRow

SLICE_KEY = ("indicator", "area", "year", "breakdown")
NUMBERS_KEY = ("indicator", "area", "year", "breakdown", "source", "edition", "retrieved")
MAP_COLUMNS = (
    *("indicator", "area", "name", "year", "value", "unit", "rank", "class", "target", "target_year"),
    *("source", "edition", "retrieved"),
)


def slice_columns() -> tuple[Column, ...]:
    return (
        *_place(),
        Column("value", "number", gettext("The value as shown")),
        Column("unit", "string", gettext("Unit of the value as shown")),
        Column("published", "number", gettext("The value as published")),
        Column("published_unit", "string", gettext("Unit of the value as published")),
        Column("lower_quartile", "number", gettext("A quarter of the group's countries lie below")),
        Column("upper_quartile", "number", gettext("A quarter of the group's countries lie above")),
        Column("countries", "integer", gettext("How many countries the quartiles rest on")),
        *_origin(),
    )


def number_columns() -> tuple[Column, ...]:
    return (
        *_place(),
        Column("value", "number", gettext("The value as published")),
        Column("unit", "string", gettext("Unit of the value as published")),
        *_origin(),
        Column("withdrawn", "date", gettext("Day on which the edition was withdrawn as wrong, if it was")),
    )


def _place() -> tuple[Column, ...]:
    return (
        Column("indicator", "string", gettext("Code of the indicator")),
        Column("area", "string", gettext("Code of the country or group")),
        Column("name", "string", gettext("Name of the country or group, in the language of the page")),
        Column("year", "integer", gettext("Year the value is about")),
        Column("breakdown", "string", gettext("Part of the people the value is about; total is all")),
    )


def _origin() -> tuple[Column, ...]:
    return (
        Column("source", "string", gettext("Who publishes it")),
        Column("licence", "string", gettext("Licence under which the source publishes it")),
        Column("edition", "string", gettext("Edition of the source")),
        Column("retrieved", "date", gettext("Day on which it was read from its source")),
        Column("nature", "string", gettext("Measured, estimated or projected, as far as the source says")),
        Column("status", "string", gettext("Whether the figure was checked against its source")),
        Column("note", "string", gettext("Note of the source, or where it was read")),
    )


def slice_rows(shown: ShownSlice) -> Iterator[SpreadsheetRow]:
    """Yield the values of a slice by line and year."""
    band = {one.year: one for one in shown.band.years} if shown.band else {}
    published_unit = shown.indicator.unit_here or shown.edition.first.unit
    source = shown.edition.first.source
    for line in shown.lines:
        has_band = shown.band is not None and shown.band.line is line
        for cell in line.cells:
            around = band.get(cell.year) if has_band else None
            yield {
                "indicator": shown.indicator.code,
                "area": line.area.code,
                "name": line.area.name_here,
                "year": cell.year,
                "breakdown": line.part,
                "value": plain(cell.value),
                "unit": shown.unit,
                "published": plain(cell.published),
                "published_unit": published_unit,
                "lower_quartile": plain(around.lower) if around else None,
                "upper_quartile": plain(around.upper) if around else None,
                "countries": around.counted if around else None,
                "source": shown.edition.source,
                "licence": source.licence if source else "",
                "edition": shown.edition.label,
                "retrieved": shown.edition.retrieved,
                "nature": cell.nature,
                "status": cell.status,
                "note": cell.note,
            }


def number_rows(indicator: Indicator) -> Iterator[SpreadsheetRow]:
    """Yield all values of an indicator in all editions."""
    unit = indicator.unit_here
    names: dict[int, str] = {}
    for one in all_numbers(indicator).iterator(chunk_size=5000):
        vintage = one.vintage
        if one.area_id not in names:
            names[one.area_id] = one.area.name_here
        yield {
            "indicator": indicator.code,
            "area": one.area.code,
            "name": names[one.area_id],
            "year": one.year,
            "breakdown": one.breakdown,
            "value": plain(one.value),
            "unit": unit or vintage.unit,
            "source": str(vintage.source or ""),
            "licence": vintage.source.licence if vintage.source else "",
            "edition": vintage.label,
            "retrieved": vintage.retrieved_date,
            "nature": one.nature,
            "status": one.status,
            "note": one.note,
            "withdrawn": vintage.withdrawn_at.date() if vintage.withdrawn_at else None,
        }


def plain(value: float) -> object:
    """Return a number with the digits a double represents exactly."""
    short = float(f"{value:.15g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short  # noqa: PLR2004


def citation_of(indicator: Indicator, edition: Edition, address: str, today: date) -> Citation:
    source = edition.first.source
    return Citation(
        title=indicator.title_here,
        code=indicator.code,
        symbol=str(indicator.symbol),
        source=str(source or ""),
        publisher=source.publisher if source else "",
        edition=edition.label,
        year=edition.first.edition_year,
        retrieved=edition.retrieved,
        address=address,
        read_on=today,
        licence=source.licence if source else "",
    )


def about_slice(shown: ShownSlice, citation: Citation, stem: str) -> About:
    source = shown.edition.first.source
    return About(
        name=stem,
        title=f"{shown.indicator.title_here}, {shown.unit}" if shown.unit else shown.indicator.title_here,
        citation=citation.sentence,
        address=citation.address,
        language=get_language() or "en",
        edition=shown.edition.label,
        retrieved=shown.edition.retrieved,
        sources=_sources([source]),
    )


def about_indicator(indicator: Indicator, address: str, stem: str) -> About:
    """Return the metadata of all values of an indicator; each row names its edition."""
    return About(
        name=stem,
        title=f"{indicator.title_here}, {indicator.unit_here}"
        if indicator.unit_here
        else indicator.title_here,
        citation=gettext("%(title)s [%(code)s], all editions. %(symbol)s, %(address)s.")
        % {
            "title": indicator.title_here,
            "code": indicator.code,
            "symbol": indicator.symbol,
            "address": quote(address, safe=":/?&=%#"),
        },
        address=address,
        language=get_language() or "en",
        edition="",
        retrieved=None,
        sources=_sources(one.source for one in vintages_of(indicator)),
    )


def _sources(sources: Iterable[Source | None]) -> tuple[TableSource, ...]:
    return tuple(
        TableSource(str(one), one.address, one.licence) for one in dict.fromkeys(sources) if one is not None
    )
