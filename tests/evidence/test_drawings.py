"""Drawings: ticks, letters, and an SVG that a page may carry."""

import gzip
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.evidence import drawings
from muntada.evidence.drawings import HEIGHT, LETTER_HEIGHT, ChartWords, Line

SVG = f"{{{drawings.SVG}}}"
finite = st.floats(min_value=-1e12, max_value=1e12).map(lambda value: round(value, 6))


def words(*languages: str) -> dict[str, ChartWords]:
    return {one: ChartWords(one, f"Title <{one}> & more", "What it shows") for one in languages}


def drawn(lines: list[Line], *languages: str) -> dict[str, ET.Element]:
    charts = drawings.line_charts(lines, words(*(languages or ("en",))), name="1-region")
    return {language: ET.fromstring(svg) for language, svg in charts.items()}  # noqa: S314 - our own


TWO = [
    Line("W", 0, tuple((year, (year - 2000) * 250.0) for year in range(2000, 2024))),
    Line("A", 1, ((2005, 400.0), (2023, 5900.0))),
]


def test_a_chart_says_what_it_is():
    chart = drawn(TWO)["en"]
    assert (chart.get("role"), chart.get("direction"), chart.get("lang")) == ("img", "ltr", "en")
    title, description = chart.find(f"{SVG}title"), chart.find(f"{SVG}desc")
    assert title.text == "Title <en> & more"
    assert (title.get("id"), description.get("id")) == (
        chart.get("aria-labelledby"),
        chart.get("aria-describedby"),
    )


def test_no_style_script_or_stray_attribute_is_left():
    allowed = drawings._KEPT | {"class", "viewBox", "role", "aria-labelledby", "aria-describedby"}
    allowed |= {"direction", "font-family", "lang", "id"}
    for element in drawn(TWO)["en"].iter():
        assert element.tag.removeprefix(SVG) in {"svg", "title", "desc", "g", "path", "line", "text"}
        assert set(element.keys()) <= allowed


def test_each_line_has_its_colour_its_dashes_and_its_letter():
    chart = drawn(TWO)["en"]
    lines = {one.get("class"): one for one in chart.iter(f"{SVG}path")}
    assert set(lines) == {"chart-line series-0", "chart-line series-1"}
    assert lines["chart-line series-0"].get("stroke-dasharray") is None
    assert lines["chart-line series-1"].get("stroke-dasharray") == "6,3"
    letters = [
        (one.text, one.get("class")) for one in chart.iter(f"{SVG}text") if "letter" in one.get("class")
    ]
    assert letters == [("W", "chart-letter series-0"), ("A", "chart-letter series-1")]


def test_a_line_of_one_year_is_a_point():
    chart = drawn([*TWO, Line("B", 2, ((2010, 3000.0),))])["en"]
    assert any(one.get("class") == "chart-point series-2" for one in chart.iter(f"{SVG}path"))


def test_only_words_and_numbers_differ_between_languages():
    charts = drawn(TWO, "en", "fr", "ar", "ru", "zh-hans", "es")
    labels = {
        language: [one.text for one in chart.iter(f"{SVG}text") if one.get("text-anchor") == "end"]
        for language, chart in charts.items()
    }
    assert labels["en"] == ["0", "2,000", "4,000", "6,000"]
    assert labels["fr"][1] == "2\u202f000"
    assert labels["es"][1] in {"2000", "2.000"}
    paths = {
        language: [one.get("d") for one in chart.iter(f"{SVG}path")] for language, chart in charts.items()
    }
    assert len({tuple(found) for found in paths.values()}) == 1


@pytest.mark.parametrize(
    "values", [[0.0, 0.0], [-5.0, 3.0], [0.004, 0.005], [1e9, 8.2e9], [100.0], [12.5, 12.5]]
)
def test_every_size_of_numbers_can_be_drawn_in_every_language(values):
    line = Line("A", 1, tuple((2000 + place, value) for place, value in enumerate(values)))
    for chart in drawn([line], "en", "ar", "zh-hans").values():
        assert [one for one in chart.iter(f"{SVG}text") if one.get("text-anchor") == "end"]


def test_a_full_chart_is_small():
    lines = [
        Line("WABCDEFGH"[slot], slot, tuple((year, year % 7 + slot * 9.123) for year in range(1990, 2026)))
        for slot in range(9)
    ]
    svg = drawings.line_charts(lines, words("en"), name="1-region")["en"]
    assert len(gzip.compress(svg.encode())) < 25_000


@given(st.lists(finite, min_size=1, max_size=20))
def test_ticks_hold_all_values_in_even_steps(values):
    ticks = drawings.value_ticks(values)
    slack = (ticks[-1] - ticks[0]) * 1e-6
    assert ticks[0] - slack <= min(values)
    assert max(values) <= ticks[-1] + slack
    assert 2 <= len(ticks) <= 12
    steps = [after - before for before, after in pairwise(ticks)]
    assert max(steps) == pytest.approx(min(steps), rel=1e-6)


@given(st.integers(1900, 2100), st.integers(0, 200))
def test_years_are_few_and_inside(first, more):
    ticks = drawings.year_ticks(first, first + more)
    assert len(ticks) <= 8
    assert all(first <= year <= first + more for year in ticks)


@given(st.lists(st.floats(0, HEIGHT), min_size=1, max_size=9))
def test_no_letter_covers_another(ends):
    places = sorted(drawings.letter_places(ends))
    assert all(after - before > LETTER_HEIGHT - 1e-6 for before, after in pairwise(places))
    assert places[-1] <= HEIGHT


def test_letters_keep_the_order_of_their_lines():
    places = drawings.letter_places([100.0, 99.0, 101.0])
    assert places[1] < places[0] < places[2]


@pytest.mark.parametrize(
    ("value", "language", "written"),
    [
        (67.4, "en", "67.4"),
        (67.4, "fr", "67,4"),
        (0.594, "en", "0.59"),
        (0, "en", "0.0"),
        (3262663.4, "en", "3.26M"),
        (25416.2, "en", "25,416"),
        (-12.25, "en", "-12.2"),
    ],
)
def test_a_number_is_written_as_its_language_does(value, language, written):
    assert drawings.number(value, language) == written


@pytest.mark.parametrize(
    ("value", "written"), [(74.0, "74"), (67.4, "67.4"), (0.25, "0.25"), (20.1131, "20.1"), (1234.5, "1,234")]
)
def test_a_published_figure_gets_no_digits_that_were_not_printed(value, written):
    assert drawings.figure(value, "en") == written


def test_a_small_line_runs_from_its_lowest_to_its_highest():
    assert drawings.sparkline([(2000, 1.0), (2010, 3.0)]) == "M2.0,29.0L118.0,3.0"
    assert drawings.sparkline([(2000, 1.0)]) == ""
    assert drawings.sparkline([(2000, 5.0), (2001, 5.0)]).startswith("M2.0")
