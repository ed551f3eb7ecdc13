"""Rows are locked so that others may still point to them; a plain lock and that of the log would deadlock."""

import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "muntada"


def test_no_lock_keeps_others_from_pointing_to_a_row():
    plain = [
        path.name
        for path in SOURCE.rglob("*.py")
        for call in re.findall(r"select_for_update\(([^)]*\)?,?[^)]*)\)", path.read_text(encoding="utf-8"))
        if "no_key=True" not in call
    ]
    assert plain == []
