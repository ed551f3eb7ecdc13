"""The style: legible in both themes, one sheet for both directions, small, and nothing inline."""

import gzip
import itertools
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "muntada"
SHEETS = sorted((SOURCE / "foundations" / "static" / "muntada").glob("*.css"))
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
THEMES = ("light", "dark")

# WCAG 2.2: text needs 4.5:1 against what it stands on; signs, borders of fields and drawn marks need 3:1.
TEXT = (
    *itertools.product(("ink", "ink-soft", "lake", "lake-deep", "thread"), ("paper", "sheet", "wash")),
    *itertools.product(("good", "stop"), ("paper", "sheet", "wash")),
    *itertools.product(("ink", "lake", "lake-deep"), ("lake-wash",)),
    *itertools.product(("ink",), ("thread-wash", "good-wash", "stop-wash")),
    ("stop", "stop-wash"),
    ("on-lake", "lake"),
    ("on-lake", "lake-deep"),
    ("paper", "stop"),
    ("paper", "good"),
    ("paper", "thread"),
    ("paper", "lake"),
    ("on-band", "band"),
    ("band-soft", "band"),
    *((f"g{number}", "sheet") for number in range(8)),
)
SIGNS = (
    *itertools.product(("rule-strong",), ("paper", "sheet", "wash")),
    ("thread-lit", "band"),
    ("thread", "thread-wash"),
    ("good", "good-wash"),
    ("focus", "band"),
)
PHYSICAL = re.compile(
    r"(?:margin|padding|border|inset)-(?:left|right)\b|(?<![\w-])(?:left|right)\s*:"
    r"|(?:text-align|float)\s*:\s*(?:left|right)\b"
)


def read(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


def colours_of(theme: str) -> dict[str, str]:
    """Return the colours by name; a later rule wins, as in the browser."""
    whole = "\n".join(read(sheet) for sheet in SHEETS)
    blocks = re.findall(r"(?:^|\}|\n):root \{([^}]*)\}", whole)
    if theme == "dark":
        blocks += re.findall(r"\n\[data-theme=\"dark\"\] \{([^}]*)\}", whole)
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", "\n".join(blocks)))


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_contrast_the_norm_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("least", "pairs"), [(4.5, TEXT), (3.0, SIGNS)], ids=["text", "signs"])
def test_each_colour_is_legible_on_what_it_stands_on(
    theme: str, least: float, pairs: tuple[tuple[str, str], ...]
) -> None:
    colours = colours_of(theme)
    faint = {
        f"{above} on {below}": round(contrast(colours[above], colours[below]), 2)
        for above, below in pairs
        if contrast(colours[above], colours[below]) < least
    }
    assert not faint


def test_the_dark_colours_are_the_same_whether_the_system_or_the_reader_asks_for_them() -> None:
    for sheet in SHEETS:
        css = read(sheet)
        asked = re.findall(r":root:not\(\[data-theme=\"light\"\]\) \{([^}]*)\}", css)
        chosen = re.findall(r"\n\[data-theme=\"dark\"\] \{([^}]*)\}", css)
        assert [block.split() for block in asked] == [block.split() for block in chosen], sheet.name


def test_no_sheet_knows_left_from_right() -> None:
    found = {
        f"{sheet.name}: {hit}"
        for sheet in SOURCE.rglob("static/**/*.css")
        for hit in PHYSICAL.findall(read(sheet))
    }
    assert not found


def test_the_whole_style_is_small_on_the_wire() -> None:
    assert SHEETS
    assert sum(len(gzip.compress(sheet.read_bytes())) for sheet in SHEETS) < 14_000


def test_no_template_has_a_style_or_a_script_within() -> None:
    """The content security policy would refuse both."""
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(?:\ssrc=|application/(?:ld\+)?json))")
    assert len(TEMPLATES) > 40
    assert not [path.name for path in TEMPLATES if inline.search(path.read_text())]
