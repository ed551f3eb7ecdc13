"""A template can be read: its lines fit beside each other on a screen."""

from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "muntada"
COLUMNS = 110
# What is left of 1,297 longer lines. A line that is broken lowers the number; none is added.
LONGER_LINES_LEFT = 82
LONGEST = 200
# A comma stands against a name there, and a sentence holds a sign for percent, which a block would double.
NOT_BROKEN = {
    "consultation/themes/templates/consultation/themes/parts/author.html",
    "evidence/assessments/templates/evidence/assessments/trends.html",
}


def longer_lines(columns: int) -> list[str]:
    return [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in sorted(SOURCE.rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > columns
    ]


def test_no_line_of_a_template_is_added_that_is_longer_than_the_columns():
    found = longer_lines(COLUMNS)
    assert len(found) <= LONGER_LINES_LEFT, found


def test_no_line_of_a_template_runs_off_a_screen():
    found = {line.partition(":")[0] for line in longer_lines(LONGEST)}
    assert found <= NOT_BROKEN
