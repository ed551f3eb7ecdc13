"""The law of merging: what can be said as one, who has to agree, and what two texts have in common."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from django.utils.translation import gettext

from muntada.consultation.rules.contributions import TEXT_LENGTH, TITLE_LENGTH, clean_text
from muntada.foundations.errors import Refused

OPEN_PROPOSALS_PER_PERSON = 20
# Fewer words in a row than this are in every text of a language.
WORDS_OF_A_PASSAGE = 3
_CHINESE = "\u3400-\u9fff"
_PIECES = re.compile(rf"[{_CHINESE}]|[^\W{_CHINESE}]+|(?:\W)+")


class MergeState(StrEnum):
    """How a proposal to say two as one stands."""

    ASKED = "asked"
    DECLINED = "declined"
    MERGED = "merged"
    UNMERGED = "unmerged"


@dataclass(frozen=True)
class Joint:
    """The words in which two contributions are to be said as one."""

    title: str
    text: str
    language: str


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether it stands in the other one too."""

    text: str
    is_common: bool


@dataclass(frozen=True)
class Overlap:
    """What two texts have in common: both in pieces, and the common part of the shorter one's words."""

    first: tuple[Piece, ...]
    second: tuple[Piece, ...]
    percent: int


def require_joint(joint: Joint) -> None:
    """The joint text has to say something, and not more than one contribution may."""
    if not joint.title.strip():
        raise Refused(gettext("Please give the joint text a title."), "title-missing", "title")
    if len(joint.title) > TITLE_LENGTH:
        sentence = gettext("The title is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": TITLE_LENGTH}, "title-too-long", "title")
    if not clean_text(joint.text):
        raise Refused(gettext("Please write the joint text."), "text-missing", "text")
    if len(joint.text) > TEXT_LENGTH:
        sentence = gettext("The text is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": TEXT_LENGTH}, "text-too-long", "text")


def require_room_for_proposal(waiting: int) -> None:
    """Nobody covers the forum with proposals."""
    if waiting >= OPEN_PROPOSALS_PER_PERSON:
        sentence = gettext(
            "You have proposed %(count)s merges that are not decided yet. Please wait until some are."
        )
        raise Refused(sentence % {"count": waiting}, "too-many-proposals")


def require_not_joined(joint: str) -> None:
    """What is part of a joint text is taken out of it first, so that the other author is told."""
    if joint:
        sentence = gettext(
            "It is part of %(symbol)s, which two authors say as one. Please undo that on its page first."
        )
        raise Refused(sentence % {"symbol": joint}, "merge-stands")


def joined_text(one: str, other: str) -> str:
    """Return a beginning for the joint text: the first text, then what only the second says."""
    known = {" ".join(paragraph.split()).casefold() for paragraph in _paragraphs(one)}
    new = [
        paragraph for paragraph in _paragraphs(other) if " ".join(paragraph.split()).casefold() not in known
    ]
    return "\n\n".join([*_paragraphs(one), *new])[:TEXT_LENGTH]


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def overlap(one: str, other: str) -> Overlap:
    """Find the passages that stand in both texts, whatever their capitals and spaces."""
    first, second = _PIECES.findall(one), _PIECES.findall(other)
    words_first, words_second = _words(first), _words(second)
    common_first = [False] * len(first)
    common_second = [False] * len(second)
    # Popular words are left out of the search in long texts; without that, it would take seconds.
    matcher = SequenceMatcher(None, [key for _, key in words_first], [key for _, key in words_second])
    shared = 0
    shorter = min(len(words_first), len(words_second))
    for block in matcher.get_matching_blocks():
        if not block.size or block.size < min(WORDS_OF_A_PASSAGE, shorter):
            continue
        shared += block.size
        _mark(common_first, words_first[block.a : block.a + block.size])
        _mark(common_second, words_second[block.b : block.b + block.size])
    percent = round(100 * shared / shorter) if shorter else 0
    return Overlap(_pieces(first, common_first), _pieces(second, common_second), percent)


def _words(pieces: Sequence[str]) -> list[tuple[int, str]]:
    return [(place, piece.casefold()) for place, piece in enumerate(pieces) if piece[0].isalnum()]


def _mark(common: list[bool], words: Sequence[tuple[int, str]]) -> None:
    """Mark a passage whole, with what stands between its words."""
    for place in range(words[0][0], words[-1][0] + 1):
        common[place] = True


def _pieces(pieces: Sequence[str], common: Sequence[bool]) -> tuple[Piece, ...]:
    joined: list[Piece] = []
    for text, is_common in zip(pieces, common, strict=True):
        if joined and joined[-1].is_common == is_common:
            joined[-1] = Piece(joined[-1].text + text, is_common)
        else:
            joined.append(Piece(text, is_common))
    return tuple(joined)
