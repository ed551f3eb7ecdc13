"""Typesetting with Typst in a process of its own, which takes much memory and gives it back."""

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
    """The pages could not be set; its words are those of Typst, for whoever looks after the machine."""


def set_pages(
    template: Path,
    data: Mapping[str, Any],
    *,
    fonts: Sequence[str],
    only_these_fonts: bool,
    made_at: int,
) -> bytes:
    """Return a PDF, the same for the same. `fonts` are folders; `made_at` is in seconds of Unix time."""
    order = {
        "template": str(template),
        "data": json.dumps(data, ensure_ascii=False),
        "fonts": list(fonts),
        "only_these_fonts": only_these_fonts,
        "made_at": made_at,
    }
    return _ordered(order)


def can_set(letters: str, *, fonts: Sequence[str], only_these_fonts: bool = False) -> bool:
    """Say whether the fonts have these letters, which have to be different ones.

    Letters that no font has are all drawn by one and the same box.
    """
    order = {"letters": letters, "fonts": list(fonts), "only_these_fonts": only_these_fonts}
    drawn = set(_GLYPH.findall(_ordered(order)))
    return len(drawn) == len(letters)


def draw_png(svg: str, *, fonts: Sequence[str], dots_per_inch: int) -> bytes:
    """Return a drawing as PNG. `fonts` are folders; the letters of the machine help out."""
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
