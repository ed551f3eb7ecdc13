"""A template can be read: its lines fit beside each other on a screen."""

from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "muntada"
COLUMNS = 110
# A sentence with a sign for percent stands in one line: in a block the sign would be doubled for translators.
NOT_BROKEN = {"evidence/assessments/templates/evidence/assessments/trends.html": "lies with 95 %."}


def is_broken(name: str, line: str) -> bool:
    return len(line) <= COLUMNS or (name in NOT_BROKEN and NOT_BROKEN[name] in line)


def test_no_line_of_a_template_is_longer_than_the_columns():
    found = [
        f"{name}:{number}"
        for path in sorted(SOURCE.rglob("*.html"))
        for name in [path.relative_to(SOURCE).as_posix()]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if not is_broken(name, line)
    ]
    assert found == []
