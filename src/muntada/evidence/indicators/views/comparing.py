"""The comparison page of an indicator: areas, breakdowns, years and chart of choice."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.evidence.areas.models import Area
from muntada.evidence.areas.rules import GROUPING_NAMES, AreaGrouping
from muntada.evidence.indicators.adapter import slices
from muntada.evidence.indicators.adapter.slices import ShownSlice, SliceOptions
from muntada.evidence.indicators.exports.rows import citation_of
from muntada.evidence.indicators.pages import charts
from muntada.evidence.indicators.queries import slices as queries
from muntada.evidence.indicators.queries.indicators import indicator_at
from muntada.evidence.indicators.rules.observations import breakdown_name
from muntada.evidence.indicators.rules.slices import (
    FORM_NAMES,
    MARK_NAMES,
    MEASURE_NAMES,
    MOST_LINES,
    NO_BAND,
    WORLD,
    SliceChoices,
    SliceForm,
    areas_found,
)
from muntada.evidence.indicators.views.files import address_of
from muntada.evidence.indicators.views.tables import marks_in, year_rows
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE

WORDS_LONGEST = 80
SLICE_FILES = {
    "csv": _("Table (CSV)"),
    "csv-metadata.json": _("Description of the CSV"),
    "zip": _("Data package"),
    "svg": _("Chart (SVG)"),
    "png": _("Chart (PNG)"),
    "vl.json": _("Chart to change (Vega-Lite)"),
}
CITATION_FILES = {"bib": "BibTeX", "ris": "RIS", "json": "CSL-JSON"}


@dataclass(frozen=True)
class Option:
    """An option: value, text, and whether it is selected."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Looked:
    """The result of searching an area by name: candidates, or a sentence."""

    words: str = ""
    found: tuple[Area, ...] = ()
    sentence: str = ""


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def compare(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show a slice as chart and table, with citation and files."""
    kept = indicator_at(forum_request.forum, number)
    asked = SliceChoices.of(dict(request.GET.lists()))
    editions = queries.editions_standing(kept)
    edition = queries.edition_asked(kept, editions, asked.edition)
    if edition is None:
        return render(request, "evidence/indicators/compare.html", {"indicator": kept})
    ground = slices.options_of_slice(edition)
    choices = slices.settled(asked, ground)
    looked = _looked(request.GET.get("find", "")[:WORDS_LONGEST].strip(), ground, choices)
    if len(looked.found) == 1:
        code = looked.found[0].code
        wider = asked.with_(areas=tuple(dict.fromkeys((*choices.areas, code))))
        return redirect(f"{request.path}?{wider.query}")
    shown = slices.slice_of(kept, ground, choices)
    has_years = choices.form in (SliceForm.LINES, SliceForm.PANELS)
    citation = citation_of(
        kept, edition, address_of(forum_request, number, choices), forum_request.now.date()
    )
    context = {
        "indicator": kept,
        "shown": shown,
        "looked": looked,
        "editions": editions,
        "pictures": charts.pictures_of(shown),
        "is_panels": choices.form is SliceForm.PANELS,
        "notes": charts.notes_of(shown),
        "years": shown.years if has_years else (),
        "year_rows": year_rows(shown) if has_years else (),
        "query": choices.query,
        "slice_files": [(form, str(words)) for form, words in SLICE_FILES.items()],
        "citation_files": list(CITATION_FILES.items()),
        "marks": [(mark, str(MARK_NAMES[mark])) for mark in marks_in(shown)],
        "citation": citation,
    }
    return render(
        request, "evidence/indicators/compare.html", context | _options(ground, shown, forum_request, number)
    )


def _looked(words: str, ground: SliceOptions, choices: SliceChoices) -> Looked:
    """Find areas by name: a single match is added, several are offered."""
    if not words:
        return Looked()
    names = {area.code: area.name_here for area in ground.areas}
    with translation.override("en"):
        english = {area.code: area.name_here for area in ground.areas}
    codes = areas_found(words, names, english)
    by_code = {area.code: area for area in ground.areas}
    found = tuple(by_code[code] for code in codes if code not in choices.areas)
    if codes and not found:
        return Looked(words)
    if len(choices.areas) * len(choices.parts) >= MOST_LINES and found:
        sentence = gettext("At most %(most)s lines can be told apart. Please take one away first.")
        return Looked(words, (), sentence % {"most": MOST_LINES})
    if not found:
        sentence = gettext("This edition has no country or group called “%(words)s”. Try a shorter name.")
        return Looked(words, (), sentence % {"words": words})
    return Looked(words, found[:MOST_LINES])


def _options(
    ground: SliceOptions, shown: ShownSlice, forum_request: ForumRequest, number: int
) -> dict[str, object]:
    choices = shown.choices
    by_code = {area.code: area for area in ground.areas}
    first, last = ground.years
    bands = slices.groups_with_band(shown.lines)
    return {
        "forms": [Option(form, str(name), form is choices.form) for form, name in FORM_NAMES.items()],
        "measures": [Option(one, str(name), one is choices.measure) for one, name in MEASURE_NAMES.items()],
        "chosen": [by_code[code] for code in choices.areas],
        "others": sorted(area.name_here for area in ground.areas if area.code not in choices.areas),
        "parts": [
            Option(part.code, breakdown_name(part.code), part.code in choices.parts) for part in ground.parts
        ],
        "all_years": range(first, last + 1),
        "bands": [
            Option(line.area.code, line.name, shown.band is not None and shown.band.line is line)
            for line in bands
        ]
        if choices.form is SliceForm.LINES
        else [],
        "no_band": NO_BAND,
        "presets": _presets(ground.areas, choices, forum_request, number),
        "most": MOST_LINES,
    }


def _presets(
    present: Sequence[Area], choices: SliceChoices, forum_request: ForumRequest, number: int
) -> list[tuple[str, str]]:
    """Return links for the groupings with at least two groups in this edition."""
    links = []
    for grouping in AreaGrouping:
        groups = queries.groups_in(present, grouping)
        if grouping is AreaGrouping.WORLD or not 1 < len(groups) <= MOST_LINES:
            continue
        world = [area for area in present if area.code == WORLD][: MOST_LINES - len(groups)]
        wanted = choices.with_(areas=tuple(area.code for area in (*world, *groups)), band="")
        address = reverse("evidence:compare", args=(forum_request.forum.slug, number))
        links.append((str(GROUPING_NAMES[grouping]), f"{address}?{wanted.query}"))
    return links
