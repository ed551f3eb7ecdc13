"""Files of a slice or a whole indicator: tables, pictures, citations."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, gettext

from muntada.evidence.indicators.adapter import slices
from muntada.evidence.indicators.adapter.slices import ShownSlice
from muntada.evidence.indicators.exports import rows
from muntada.evidence.indicators.exports.citations import Citation, as_bibtex, as_csl, as_ris
from muntada.evidence.indicators.exports.vega_lite import specification_of
from muntada.evidence.indicators.models import Indicator, Vintage
from muntada.evidence.indicators.pages import charts
from muntada.evidence.indicators.queries import slices as queries
from muntada.evidence.indicators.queries.indicators import indicator_at, vintages_of
from muntada.evidence.indicators.queries.slices import Edition
from muntada.evidence.indicators.rules.slices import CHOICES, NO_BAND, SliceChoices, SliceForm, ValueMeasure
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.charts import open_data
from muntada.foundations.charts.sheets import as_png
from muntada.foundations.downloads import download
from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by, require_choice
from muntada.foundations.pages import ANYONE
from muntada.foundations.sheets import CSV

# Increase it when the format of a file changes, so that caches are refreshed.
VERSION = 2
CSVW = "application/csvm+json"
MEDIA_TYPES = {
    "csv": CSV,
    "csv-metadata.json": f"{CSVW}; charset=utf-8",
    "zip": "application/zip",
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
    "vl.json": "application/vnd.vegalite.v5+json; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json; charset=utf-8",
}


@dataclass(frozen=True)
class SliceDownload:
    """The slice of a file, its citation and file name."""

    shown: ShownSlice
    citation: Citation
    stem: str
    forum_request: ForumRequest
    number: int


type Written = str | bytes


def address_of(forum_request: ForumRequest, number: int, choices: SliceChoices, form: str = "") -> str:
    """Return the absolute address of a slice or one of its files."""
    name = "evidence:compare_file" if form else "evidence:compare"
    place = reverse(name, args=(forum_request.forum.slug, number, *((form,) if form else ())))
    query = f"?{choices.query}" if choices.query else ""
    return f"{settings.SITE_ADDRESS}{place}{query}"


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by(*CHOICES)
def compare_file(
    request: HttpRequest, forum_request: ForumRequest, number: int, form: str
) -> HttpResponseBase:
    """Serve a slice as CSV, CSV metadata, package, SVG, PNG, specification or citation."""
    if form not in _WRITERS:
        raise NotThere(gettext("There is no file of this form."), "form")
    kept = indicator_at(forum_request.forum, number)
    asked = SliceChoices.of(dict(request.GET.lists()))
    editions = queries.editions_standing(kept)
    edition = queries.edition_asked(kept, editions, asked.edition)
    if edition is None:
        raise NotThere(gettext("There are no numbers for this indicator yet."), "edition")
    tag = _tag(kept, edition.vintages, form, asked.query, forum_request.now.date().isoformat())

    require_choice(request.GET, "edition", (one.pk for each in editions for one in each.vintages))
    require_choice(request.GET, "form", SliceForm)
    require_choice(request.GET, "measure", ValueMeasure)
    require_choice(request.GET, "from", (asked.first,))
    require_choice(request.GET, "to", (asked.last,))

    def write() -> Written:
        ground = slices.options_of_slice(edition)
        areas = [area.code for area in ground.areas]
        require_choice(request.GET, "area", areas)
        require_choice(request.GET, "band", (NO_BAND, *areas))
        require_choice(request.GET, "part", (part.code for part in ground.parts))
        choices = slices.settled(asked, ground)
        shown = slices.slice_of(kept, ground, choices)
        if not shown.lines:
            raise NotThere(gettext("Nothing is known here for what was chosen."), "slice")
        # The address includes the edition, so that it stays the same after the next one.
        citation = rows.citation_of(
            kept, edition, address_of(forum_request, number, choices), forum_request.now.date()
        )
        return _WRITERS[form](SliceDownload(shown, citation, _stem(kept, edition), forum_request, number))

    answer = _given(request, tag, f"{_stem(kept, edition)}.{form}", form, write)
    if form == "csv":
        described = address_of(forum_request, number, asked, "csv-metadata.json")
        answer.headers["Link"] = f'<{described}>; rel="describedby"; type="{CSVW}"'
    return answer


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by()
def numbers(
    request: HttpRequest, forum_request: ForumRequest, number: int, form: str = "csv"
) -> HttpResponseBase:
    """Serve all values in all editions: CSV, its metadata, or a data package."""
    kept = indicator_at(forum_request.forum, number)
    stem = str(kept.symbol).replace("/", "-")

    def write() -> Written:
        address = f"{settings.SITE_ADDRESS}{kept.get_absolute_url()}"
        about = rows.about_indicator(kept, address, stem)
        columns = rows.number_columns()
        if form == "csv-metadata.json":
            return open_data.description_of(about, columns, rows.NUMBERS_KEY, f"{address}.csv")
        table = open_data.csv_of(columns, rows.number_rows(kept))
        return table if form == "csv" else open_data.package_of(about, columns, rows.NUMBERS_KEY, table)

    answer = _given(request, _tag(kept, vintages_of(kept), form), f"{stem}.{form}", form, write)
    if form == "csv":
        described = f"{settings.SITE_ADDRESS}{kept.get_absolute_url()}.csv-metadata.json"
        answer.headers["Link"] = f'<{described}>; rel="describedby"; type="{CSVW}"'
    return answer


def _tag(kept: Indicator, vintages: Sequence[Vintage], *more: str) -> str:
    """Return an ETag without generating the file: values are only added or withdrawn."""
    said: list[Any] = [VERSION, get_language(), kept.titles, kept.units, kept.code, *more]
    for one in vintages:
        withdrawn = one.withdrawn_at.isoformat() if one.withdrawn_at else ""
        said.append((one.pk, one.numbers, withdrawn, one.label, str(one.source or "")))  # type: ignore[attr-defined]
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return f'"{digest[:32]}"'


def _given(
    request: HttpRequest, tag: str, name: str, form: str, write: Callable[[], Written]
) -> HttpResponseBase:
    """Serve the file, or 304 without generating it."""
    answer: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if answer is None:
        inline = form in {"svg", "png", "csv-metadata.json"}
        answer = download(write(), name, MEDIA_TYPES[form], inline=inline)
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _stem(kept: Indicator, edition: Edition) -> str:
    """Return a file name from symbol and edition, in portable characters."""
    symbol = str(kept.symbol).replace("/", "-")
    return f"{symbol}-{open_data.name_in_package(edition.label)}"


def _csv(asked: SliceDownload) -> Written:
    return open_data.csv_of(rows.slice_columns(), rows.slice_rows(asked.shown))


def _description(asked: SliceDownload) -> Written:
    choices = asked.shown.choices
    about = rows.about_slice(asked.shown, asked.citation, asked.stem)
    table = address_of(asked.forum_request, asked.number, choices, "csv")
    return open_data.description_of(about, rows.slice_columns(), rows.SLICE_KEY, table)


def _package(asked: SliceDownload) -> Written:
    about = rows.about_slice(asked.shown, asked.citation, asked.stem)
    table = open_data.csv_of(rows.slice_columns(), rows.slice_rows(asked.shown))
    return open_data.package_of(about, rows.slice_columns(), rows.SLICE_KEY, table)


def _svg(asked: SliceDownload) -> str:
    return charts.file_of(asked.shown, (asked.citation.sentence,))


def _png(asked: SliceDownload) -> Written:
    return as_png(_svg(asked), get_language() or "en")


def _specification(asked: SliceDownload) -> str:
    return specification_of(asked.shown, rows.about_slice(asked.shown, asked.citation, asked.stem))


_WRITERS: dict[str, Callable[[SliceDownload], Written]] = {
    "csv": _csv,
    "csv-metadata.json": _description,
    "zip": _package,
    "svg": _svg,
    "png": _png,
    "vl.json": _specification,
    "bib": lambda asked: as_bibtex(asked.citation),
    "ris": lambda asked: as_ris(asked.citation),
    "json": lambda asked: as_csl(asked.citation),
}
