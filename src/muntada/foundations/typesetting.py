"""Typeset with Typst in a separate process, whose memory is freed at its end."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SECONDS = 180
_GLYPH = re.compile(rb'href="#(g\w+)"')


class NotSet(Exception):
    """Typesetting failed; the message is Typst's, for operators."""


def set_pages(
    template: Path,
    data: Mapping[str, Any],
    *,
    fonts: Sequence[str],
    only_these_fonts: bool,
    made_at: int,
) -> bytes:
    """Return a PDF, the same for the same input. `fonts` are folders; `made_at` is Unix time in seconds."""
    order = {
        "template": str(template),
        "data": json.dumps(data, ensure_ascii=False),
        "fonts": list(fonts),
        "only_these_fonts": only_these_fonts,
        "made_at": made_at,
    }
    return _ordered(order)


def can_set(letters: str, *, fonts: Sequence[str], only_these_fonts: bool = False) -> bool:
    """Return whether the fonts have all of these letters, which must differ.

    Letters missing from all fonts are drawn as the same box.
    """
    order = {"letters": letters, "fonts": list(fonts), "only_these_fonts": only_these_fonts}
    drawn = set(_GLYPH.findall(_ordered(order)))
    return len(drawn) == len(letters)


def draw_png(svg: str, *, fonts: Sequence[str], dots_per_inch: int) -> bytes:
    """Return a drawing as PNG. `fonts` are folders, with the fonts of the machine as fallback."""
    return _ordered({"svg": svg, "fonts": list(fonts), "dots_per_inch": dots_per_inch})


def _ordered(order: Mapping[str, Any]) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "muntada.foundations.typst_process"],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ.get("PATH", "")},
        )
    except subprocess.TimeoutExpired as error:
        raise NotSet(f"it took more than {SECONDS} seconds") from error
    if done.returncode:
        raise NotSet(done.stderr.decode(errors="replace")[-2_000:])
    return done.stdout
