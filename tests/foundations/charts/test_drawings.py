"""Drawings: ticks, letters, and an SVG that a page may carry, in the direction of its language."""

import gzip
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.foundations.charts import numbers, palette, scales, sparks
from muntada.foundations.charts.canvas import SVG as NAMESPACE
from muntada.foundations.charts.canvas import ChartWords, isolated
from muntada.foundations.charts.lines import HEIGHT, WIDTH, ChartBand, ChartLine, line_chart

SVG = f"{{{NAMESPACE}}}"
ALLOWED = {
    *("class", "viewBox", "role", "aria-labelledby", "aria-describedby", "direction", "font-family", "lang"),
    *("id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "fill", "fill-opacity", "stroke"),
    *("stroke-width", "stroke-dasharray", "text-anchor", "font-size", "font-weight"),
}
finite = st.floats(min_value=-1e12, max_value=1e12).map(lambda value: round(value, 6))


def drawn(lines: list[ChartLine], language: str = "en", band: ChartBand | None = None) -> ET.Element:
    said = ChartWords(language, f"Title <{language}> & more", "What it shows")
    svg = line_chart(lines, language, band=band).on_page(said, "1-region")
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def texts(chart: ET.Element, kind: str) -> list[ET.Element]:
    return [one for one in chart.iter(f"{SVG}text") if kind in one.get("class")]


def places(chart: ET.Element, kind: str) -> list[tuple[float, float]]:
    """Return the places of the first path of a kind."""
    path = next(one for one in chart.iter(f"{SVG}path") if kind in one.get("class"))
    return [tuple(map(float, place.split(","))) for place in path.get("d").strip("MZ").split("L")]


TWO = [
    ChartLine("W", 0, tuple((year, (year - 2000) * 250.0) for year in range(2000, 2024))),
    ChartLine("A", 1, ((2005, 400.0), (2023, 5900.0))),
]


def test_a_chart_says_what_it_is():
    chart = drawn(TWO)
    assert (chart.get("role"), chart.get("lang")) == ("img", "en")
    title, description = chart.find(f"{SVG}title"), chart.find(f"{SVG}desc")
    assert title.text == "Title <en> & more"
    assert (title.get("id"), description.get("id")) == (
        chart.get("aria-labelledby"),
        chart.get("aria-describedby"),
    )


def test_no_style_script_or_stray_attribute_is_there():
    for element in drawn(TWO, band=ChartBand(0, ((2000, 1.0, 2.0), (2001, 1.0, 3.0)))).iter():
        assert element.tag.removeprefix(SVG) in {
            "svg",
            "title",
            "desc",
            "g",
            "path",
            "line",
            "text",
            "circle",
        }
        assert set(element.keys()) <= ALLOWED


def test_each_line_has_its_colour_its_dashes_and_its_letter():
    chart = drawn(TWO)
    lines = {one.get("class"): one for one in chart.iter(f"{SVG}path")}
    assert set(lines) == {"chart-line series-0", "chart-line series-1"}
    assert lines["chart-line series-0"].get("stroke-dasharray") is None
    assert lines["chart-line series-1"].get("stroke-dasharray") == "6,3"
    letters = [(one.text, one.get("class")) for one in texts(chart, "letter")]
    assert letters == [("W", "chart-letter series-0"), ("A", "chart-letter series-1")]


def test_no_two_of_all_lines_look_the_same():
    looks = {(palette.tone(slot), palette.dashes(slot)) for slot in range(len(palette.LETTERS) + 1)}
    assert len(looks) == len(palette.LETTERS) + 1
    assert [slot for slot in range(1, 13) if palette.tone(slot) == 0] == []


def test_a_line_of_one_year_is_a_point():
    chart = drawn([*TWO, ChartLine("B", 2, ((2010, 3000.0),))])
    assert [one.get("class") for one in chart.iter(f"{SVG}circle")] == ["chart-point series-2"]


def test_in_arabic_time_runs_from_right_to_left_and_the_values_stand_at_the_right():
    left, right = drawn(TWO), drawn(TWO, "ar")
    forward, backward = places(left, "chart-line series-0"), places(right, "chart-line series-0")
    assert [(round(WIDTH - x, 1), y) for x, y in forward] == backward
    assert backward[0][0] > backward[-1][0]
    values = {
        language: [(one.get("text-anchor"), float(one.get("x"))) for one in texts(chart, "label")[:4]]
        for language, chart in (("en", left), ("ar", right))
    }
    assert set(values["en"]) == {("end", 44.0)}
    assert set(values["ar"]) == {("start", WIDTH - 44.0)}


def test_words_from_right_to_left_keep_their_own_order():
    assert isolated("World (WLD)") == "World (WLD)"
    assert isolated("العالم (WLD)") == "\u2067العالم (WLD)\u2069"


def test_numbers_are_written_as_each_language_does():
    labels = {
        language: [one.text for one in texts(drawn(TWO, language), "label")][:4]
        for language in ("en", "fr", "es")
    }
    assert labels["en"] == ["0", "2,000", "4,000", "6,000"]
    assert labels["fr"][1] == "2\u202f000"
    assert labels["es"][1] in {"2000", "2.000"}


def test_a_band_is_drawn_where_it_has_years_side_by_side():
    band = ChartBand(
        0, ((2000, 10.0, 20.0), (2001, 10.0, 30.0), (2003, 5.0, 6.0), (2005, 5.0, 6.0), (2006, 5.0, 7.0))
    )
    chart = drawn(TWO, band=band)
    bands = [one for one in chart.iter(f"{SVG}path") if "chart-band" in one.get("class")]
    assert [one.get("d").count(",") for one in bands] == [4, 4]


@pytest.mark.parametrize(
    "values", [[0.0, 0.0], [-5.0, 3.0], [0.004, 0.005], [1e9, 8.2e9], [100.0], [12.5, 12.5]]
)
def test_every_size_of_numbers_can_be_drawn_in_every_language(values):
    line = ChartLine("A", 1, tuple((2000 + place, value) for place, value in enumerate(values)))
    for language in ("en", "ar", "zh-hans"):
        assert len(texts(drawn([line], language), "label")) > 2


def test_a_full_chart_is_small():
    lines = [
        ChartLine(
            "WABCDEFGH"[slot], slot, tuple((year, year % 7 + slot * 9.123) for year in range(1990, 2026))
        )
        for slot in range(9)
    ]
    svg = line_chart(lines, "en").on_page(ChartWords("en", "Title", "What it shows"), "1-region")
    assert len(gzip.compress(svg.encode())) < 25_000


@given(st.lists(finite, min_size=1, max_size=20))
def test_ticks_hold_all_values_in_even_steps(values):
    ticks = scales.value_ticks(values)
    slack = (ticks[-1] - ticks[0]) * 1e-6
    assert ticks[0] - slack <= min(values)
    assert max(values) <= ticks[-1] + slack
    assert 2 <= len(ticks) <= 12
    steps = [after - before for before, after in pairwise(ticks)]
    assert max(steps) == pytest.approx(min(steps), rel=1e-6)


@given(st.integers(1900, 2100), st.integers(0, 200))
def test_years_are_few_and_inside(first, more):
    ticks = scales.year_ticks(first, first + more)
    assert len(ticks) <= 8
    assert all(first <= year <= first + more for year in ticks)


@given(st.lists(st.floats(0, HEIGHT), min_size=1, max_size=9))
def test_no_letter_covers_another(ends):
    found = sorted(scales.apart(ends, scales.LETTER_HEIGHT, HEIGHT))
    assert all(after - before > scales.LETTER_HEIGHT - 1e-6 for before, after in pairwise(found))
    assert found[-1] <= HEIGHT


def test_letters_keep_the_order_of_their_lines():
    found = scales.apart([100.0, 99.0, 101.0], scales.LETTER_HEIGHT, HEIGHT)
    assert found[1] < found[0] < found[2]


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
    assert numbers.number(value, language) == written


@pytest.mark.parametrize(
    ("value", "written"), [(74.0, "74"), (67.4, "67.4"), (0.25, "0.25"), (20.1131, "20.1"), (1234.5, "1,234")]
)
def test_a_published_figure_gets_no_digits_that_were_not_printed(value, written):
    assert numbers.figure(value, "en") == written


def test_a_small_line_runs_from_its_lowest_to_its_highest():
    assert sparks.sparkline([(2000, 1.0), (2010, 3.0)]) == "M2.0,29.0L118.0,3.0"
    assert sparks.sparkline([(2000, 1.0)]) == ""
    assert sparks.sparkline([(2000, 5.0), (2001, 5.0)]).startswith("M2.0")
