"""Files are named in one place: a header written by hand breaks with the first name that is not ASCII."""

import ast
from pathlib import Path

import muntada

ROOT = Path(muntada.__file__).parent
NAMES_FILES = ROOT / "foundations" / "downloads.py"


def written_by_hand(source: str) -> bool:
    """Whether a module sets the header to a text of its own."""
    return any(
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.lstrip().startswith(("attachment;", "inline;"))
        for node in ast.walk(ast.parse(source))
    )


def test_nobody_writes_the_name_of_a_file_into_a_header_by_hand() -> None:
    by_hand = [
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if path != NAMES_FILES and written_by_hand(path.read_text(encoding="utf-8"))
    ]
    assert by_hand == []


def test_a_header_written_by_hand_is_found() -> None:
    assert written_by_hand('answer["Content-Disposition"] = f\'attachment; filename="{name}"\'')
    assert not written_by_hand('answer["Content-Disposition"] = content_disposition(name)')
