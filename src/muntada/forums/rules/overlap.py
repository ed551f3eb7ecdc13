"""What two texts have in common, and how a joint one may begin."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice

# Fewer words in a row than this are in every text of a language.
WORDS_OF_A_PASSAGE = 3
# So many words of each text are compared, and the last few pairs that were are kept ready.
MOST_WORDS_COMPARED = 20_000
KEPT_COMPARED = 8
_CHINESE = "\u3400-\u9fff"
_PIECES = re.compile(rf"[{_CHINESE}]|[^\W{_CHINESE}]+|(?:\W)+")


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether it stands in the other one too."""

    text: str
    is_common: bool


@dataclass(frozen=True)
class Overlap:
    """What two texts have in common: both in pieces, and the common part of the shorter one's words.

    `is_whole` says whether all words were compared; of a very long text only the first are.
    """

    first: tuple[Piece, ...]
    second: tuple[Piece, ...]
    percent: int
    is_whole: bool = True


def joined_text(one: str, other: str, longest: int) -> str:
    """Return a beginning for the joint text: the first text, then what only the second says."""
    known = {" ".join(paragraph.split()).casefold() for paragraph in _paragraphs(one)}
    new = [
        paragraph for paragraph in _paragraphs(other) if " ".join(paragraph.split()).casefold() not in known
    ]
    return "\n\n".join([*_paragraphs(one), *new])[:longest]


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


@lru_cache(maxsize=KEPT_COMPARED)
def overlap(one: str, other: str) -> Overlap:
    """Find the passages that stand in both texts, wherever they stand, whatever their capitals and spaces.

    Every few words in a row are looked up among those of the other text, so that the work grows with the
    texts alone, whatever is in them.
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
    """Return the words that are compared, each with its place among the pieces."""
    words = ((place, piece.casefold()) for place, piece in enumerate(pieces) if piece[0].isalnum())
    return list(islice(words, MOST_WORDS_COMPARED))


def _runs(words: Sequence[tuple[int, str]], width: int) -> list[tuple[str, ...]]:
    """Return every so many words in a row; nothing where there are no words."""
    keys = [key for _, key in words]
    return list(zip(*(keys[start:] for start in range(width)), strict=False))


def _common(
    words: Sequence[object], runs: Sequence[tuple[str, ...]], both: Collection[tuple[str, ...]], width: int
) -> list[bool]:
    """Say of each word whether a run it belongs to stands in both texts."""
    common = [False] * len(words)
    for start, run in enumerate(runs):
        if run in both:
            common[start : start + width] = [True] * width
    return common


def _places(words: Sequence[tuple[int, str]], common: Sequence[bool]) -> set[int]:
    """Return the places of a passage whole, with what stands between its words."""
    marked: set[int] = set()
    last = None
    for (place, _), is_common in zip(words, common, strict=True):
        if is_common:
            marked.update(range(place if last is None else last + 1, place + 1))
        last = place if is_common else None
    return marked


def _pieces(pieces: Sequence[str], marked: Collection[int]) -> tuple[Piece, ...]:
    grouped = groupby(enumerate(pieces), key=lambda piece: piece[0] in marked)
    return tuple(Piece("".join(text for _, text in group), is_common) for is_common, group in grouped)
