"""Rules of merging: both authors must consent, either can undo it; and what the two texts have in common."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, islice

from django.utils.translation import gettext

from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused

JOINT_TITLE_LENGTH = 200
REASON_LENGTH = 4_000
OPEN_PROPOSALS_PER_PERSON = 20
# Proposals and cancellations send e-mails, so both count.
PROPOSALS_PER_DAY = 10
A_DAY = timedelta(days=1)
# The number of times two authors may be asked the same; proposals of each author count separately.
PROPOSALS_OF_TWO = 3
PAUSE_OF_TWO = timedelta(days=30)
# Shorter runs of words occur in any text of a language.
WORDS_OF_A_PASSAGE = 3
# Words compared of each text; the last few comparisons are cached.
MOST_WORDS_COMPARED = 20_000
KEPT_COMPARED = 8
_CHINESE = "\u3400-\u9fff"
_PIECES = re.compile(rf"[{_CHINESE}]|[^\W{_CHINESE}]+|(?:\W)+")


class MergeState(StrEnum):
    """The state of a proposal to merge."""

    ASKED = "asked"
    DECLINED = "declined"
    MERGED = "merged"
    UNMERGED = "unmerged"


MERGE_STATE_MARKS: Mapping[MergeState, str] = {
    MergeState.ASKED: "asked",
    MergeState.DECLINED: "declined",
    MergeState.MERGED: "agreed",
    MergeState.UNMERGED: "withdrawn",
}


@dataclass(frozen=True)
class Joint:
    """The text of the joint thing."""

    title: str
    text: str
    language: str


@dataclass(frozen=True)
class Sides:
    """The sides of a merge a person is on; an author may have written both."""

    first: bool
    second: bool

    @property
    def any(self) -> bool:
        return self.first or self.second


def require_joint(joint: Joint, longest: int) -> None:
    """The joint text must not be empty, nor longer than a single one may be."""
    if not joint.title.strip():
        raise Refused(gettext("Please give the joint text a title."), "title-missing", "title")
    if len(joint.title) > JOINT_TITLE_LENGTH:
        sentence = gettext("The title is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": JOINT_TITLE_LENGTH}, "title-too-long", "title")
    if not clean_text(joint.text):
        raise Refused(gettext("Please write the joint text."), "text-missing", "text")
    if len(joint.text) > longest:
        sentence = gettext("The text is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": longest}, "text-too-long", "text")


def require_room_for_proposal(*, waiting: int, in_a_day: int) -> None:
    """Limit open proposals, and the e-mails they send."""
    if waiting >= OPEN_PROPOSALS_PER_PERSON:
        sentence = gettext(
            "You have proposed %(count)s merges that are not decided yet. Please wait until some are."
        )
        raise Refused(sentence % {"count": waiting}, "too-many-proposals")
    if in_a_day >= PROPOSALS_PER_DAY:
        sentence = gettext("You have proposed %(count)s merges within a day. Please go on tomorrow.")
        raise Refused(sentence % {"count": in_a_day}, "too-many-proposals-today")


def require_asked_seldom(of_these_two: int) -> None:
    """Limit repeated proposals to the same two authors."""
    if of_these_two >= PROPOSALS_OF_TWO:
        sentence = gettext(
            "It was proposed %(count)s times within %(days)s days that these two become one. "
            "Please leave it to their authors."
        )
        params = {"count": of_these_two, "days": PAUSE_OF_TWO.days}
        raise Refused(sentence % params, "asked-too-often", "other")


def require_reason(reason: str) -> None:
    """Declining and undoing require a reason, shown to those concerned."""
    if not clean_text(reason):
        sentence = gettext("Please give the reason, so that the others understand it.")
        raise Refused(sentence, "reason-missing", "reason")
    if len(reason) > REASON_LENGTH:
        sentence = gettext("The reason is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": REASON_LENGTH}, "reason-too-long", "reason")


def require_undecided(state: MergeState) -> None:
    """A proposal is decided once."""
    if state is MergeState.DECLINED:
        sentence = gettext("This was declined. Please propose it anew if it still makes sense.")
        raise Refused(sentence, "merge-declined")
    if state is not MergeState.ASKED:
        raise Refused(gettext("This was decided already. Please look at the page again."), "merge-decided")


def require_made(state: MergeState) -> None:
    """Only a completed merge can be undone."""
    if state is not MergeState.MERGED:
        raise Refused(gettext("These two were not merged, so nothing can be undone."), "merge-not-made")


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


@dataclass(frozen=True)
class OverlapSide:
    """One of two compared things, with its text in pieces. `anchor` is its id on the page."""

    anchor: str
    thing: object
    pieces: tuple[TextPiece, ...]


def overlap_sides(found: Overlap, one: object, other: object) -> tuple[OverlapSide, OverlapSide]:
    return OverlapSide("one", one, found.first), OverlapSide("other", other, found.second)


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
