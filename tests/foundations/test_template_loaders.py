"""Templates are loaded without indentation; what is shown as it is written stays."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from muntada.foundations.template_loaders import without_layout

SENTENCE = re.compile(r"(?P<tag>\{% blocktranslate\b.*?%\})(?P<text>.*?)\{% endblocktranslate", re.DOTALL)
SOURCE = Path(__file__).resolve().parents[2] / "src" / "muntada"


def test_a_page_is_loaded_without_the_indentation_of_its_template() -> None:
    assert without_layout("page.html", "<ul>\n    <li>\n\t{{ one }}\n  </li>\n</ul>") == (
        "<ul>\n<li>\n{{ one }}\n</li>\n</ul>"
    )


@pytest.mark.parametrize(
    ("written", "loaded"),
    [
        ('<a\n  class="x"\n  href="#"\n>y</a>', '<a class="x" href="#">y</a>'),
        (
            '<a\n  href="{% url "a:b" c %}?d={{ e|f:">" }}"\n>y</a>',
            '<a href="{% url "a:b" c %}?d={{ e|f:">" }}">y</a>',
        ),
        ('<p\n  {% if a > b %}id="c"{% endif %}\n>y</p>', '<p{% if a > b %} id="c"{% endif %}>y</p>'),
        ("<p\n  {% if a %}b{% else %}c{% endif %}\n>y</p>", "<p {% if a %}b{% else %}c{% endif %}>y</p>"),
        ("<input\n  name='n'\n/>", "<input name='n'/>"),
        ("1 < 2\n3 > 2", "1 < 2\n3 > 2"),
    ],
)
def test_a_tag_stands_on_one_line(written: str, loaded: str) -> None:
    assert without_layout("page.html", written) == loaded


@pytest.mark.parametrize("element", ["pre", "textarea"])
def test_what_is_shown_as_it_is_written_stays(element: str) -> None:
    text = f"<div>\n  <{element} id='it'>\n    two\n  </{element}>\n</div>"
    assert without_layout("page.html", text) == f"<div>\n<{element} id='it'>\n    two\n  </{element}>\n</div>"


def test_the_line_break_at_the_end_of_a_part_is_no_space_on_the_page() -> None:
    assert without_layout("part.html", "<b>a</b>\n") == "<b>a</b>"


def test_a_letter_stays_as_it_is_written() -> None:
    assert without_layout("letter.txt", "Dear A,\n\n  - one\n") == "Dear A,\n\n  - one\n"


def test_the_loaders_of_the_platform_do_it() -> None:
    template = get_template("base.html")
    written = (SOURCE / "foundations" / "templates" / "base.html").read_text(encoding="utf-8")
    assert template.template.source == without_layout("base.html", written)


def test_a_sentence_over_several_lines_is_trimmed() -> None:
    """Its translation would hang on the indentation otherwise."""
    untrimmed = [
        f"{path.relative_to(SOURCE)}: {found['tag']}"
        for path in sorted(SOURCE.rglob("*.html"))
        for found in SENTENCE.finditer(path.read_text(encoding="utf-8"))
        if " trimmed" not in found["tag"] and "\n" in found["text"]
    ]
    assert untrimmed == []
