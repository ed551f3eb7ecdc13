"""The common passages of two texts, and a draft of a joint text."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice

# Shorter runs of words occur in any text of a language.
WORDS_OF_A_PASSAGE = 3
# Words compared of each text; the last few comparisons are cached.
MOST_WORDS_COMPARED = 20_000
KEPT_COMPARED = 8
_CHINESE = "\u3400-\u9fff"
_PIECES = re.compile(rf"[{_CHINESE}]|[^\W{_CHINESE}]+|(?:\W)+")


@dataclass(frozen=True)
class TextPiece:
    """A part of a text, and whether the other text contains it."""

    text: str
    is_common: bool


@dataclass(frozen=True)
class Overlap:
    """The overlap of two texts: both in pieces, and the common share of the shorter one.

    `is_whole` is false if only the beginnings of very long texts were compared.
    """

    first: tuple[TextPiece, ...]
    second: tuple[TextPiece, ...]
    percent: int
    is_whole: bool = True


def joined_text(one: str, other: str, longest: int) -> str:
    """Return a draft of the joint text: the first text, then what only the second contains."""
    known = {" ".join(paragraph.split()).casefold() for paragraph in _paragraphs(one)}
    new = [
        paragraph for paragraph in _paragraphs(other) if " ".join(paragraph.split()).casefold() not in known
    ]
    return "\n\n".join([*_paragraphs(one), *new])[:longest]


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


@lru_cache(maxsize=KEPT_COMPARED)
def overlap(one: str, other: str) -> Overlap:
    """Find the passages that both texts contain, ignoring position, case and spacing.

    Runs of words are looked up in a set, so the work is linear in the length of the texts.
    """
    first, second = _PIECES.findall(one), _PIECES.findall(other)
    words_first, words_second = _words(first), _words(second)
    shorter = min(len(words_first), len(words_second))
    width = min(WORDS_OF_A_PASSAGE, shorter)
    runs_first, runs_second = _runs(words_first, width), _runs(words_second, width)
    both = {*runs_first}.intersection(runs_second)
    common_first = _common(words_first, runs_first, both, width)
    common_second = _common(words_second, runs_second, both, width)
    shared = sum(common_first if len(words_first) == shorter else common_second)
    return Overlap(
        _pieces(first, _places(words_first, common_first)),
        _pieces(second, _places(words_second, common_second)),
        round(100 * shared / shorter) if shorter else 0,
        is_whole=max(len(words_first), len(words_second)) < MOST_WORDS_COMPARED,
    )


def _words(pieces: Sequence[str]) -> list[tuple[int, str]]:
    """Return the words to compare, each with the index of its piece."""
    words = ((place, piece.casefold()) for place, piece in enumerate(pieces) if piece[0].isalnum())
    return list(islice(words, MOST_WORDS_COMPARED))


def _runs(words: Sequence[tuple[int, str]], width: int) -> list[tuple[str, ...]]:
    """Return all runs of `width` words; a shorter text gives a single run, an empty one none."""
    keys = [key for _, key in words]
    return list(zip(*(keys[start:] for start in range(width)), strict=False))


def _common(
    words: Sequence[object], runs: Sequence[tuple[str, ...]], both: Collection[tuple[str, ...]], width: int
) -> list[bool]:
    """Return for each word whether a run that contains it is in both texts."""
    common = [False] * len(words)
    for start, run in enumerate(runs):
        if run in both:
            common[start : start + width] = [True] * width
    return common


def _places(words: Sequence[tuple[int, str]], common: Sequence[bool]) -> set[int]:
    """Return the pieces of complete passages, including what is between their words."""
    marked: set[int] = set()
    last = None
    for (place, _), is_common in zip(words, common, strict=True):
        if is_common:
            marked.update(range(place if last is None else last + 1, place + 1))
        last = place if is_common else None
    return marked


def _pieces(pieces: Sequence[str], marked: Collection[int]) -> tuple[TextPiece, ...]:
    grouped = groupby(enumerate(pieces), key=lambda piece: piece[0] in marked)
    return tuple(TextPiece("".join(text for _, text in group), is_common) for is_common, group in grouped)
