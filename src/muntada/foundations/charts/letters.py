"""Approximate text widths, to break lines before they leave the page."""

import unicodedata

# Relative to the font size; measured on Noto Sans, rounded up.
NARROW, WIDE, RIGHT_TO_LEFT = 0.56, 1.0, 0.52


def width_of(words: str, size: float) -> float:
    return sum(map(_share, words)) * size


def wrapped(words: str, size: float, width: float) -> list[str]:
    """Break text into lines; words longer than a line, and Chinese, break at any letter."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(words, size, width):
        if line and width_of(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def shortened(words: str, size: float, width: float) -> str:
    """Return the text, cut with an ellipsis if it does not fit."""
    if width_of(words, size) <= width:
        return words
    kept = words
    while kept and width_of(kept + "…", size) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _pieces(words: str, size: float, width: float) -> list[str]:
    pieces: list[str] = []
    for word in words.split():
        is_broken = width_of(word, size) > width or any(_share(letter) == WIDE for letter in word)
        pieces += list(word) if is_broken else [word]
        pieces[-1] += " "
    return pieces


def _share(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return WIDE
    return RIGHT_TO_LEFT if unicodedata.bidirectional(letter) in {"R", "AL"} else NARROW
