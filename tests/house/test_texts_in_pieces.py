"""A text shown in pieces reads as it was written, and nothing parts a word from the mark behind it."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils.html import escape, strip_tags

from muntada.forums.merging.rules import Overlap, overlap
from muntada.foundations import edit_forms
from muntada.record import adapter

TEXT = "Unbuilt masts, (first); then “cables”. 村庄，先建。"
SOURCE = Path(__file__).resolve().parents[2] / "src" / "muntada"
# White space and then a mark that belongs to the word before it, at a place where elements or tags meet.
PARTED = re.compile(r"(?:%\}|\}\}|</\w+>)\s+(?:\{% comma %\}|[,.;:!?)،؛](?!\w))")
CUTS = [0, 2, 7, 13, 14, 16, 21, 23, 28, 29, 35, 37, 40, 41, len(TEXT)]


def pieces_of(text: str) -> list[str]:
    """Cut inside words, before commas and behind brackets."""
    return [text[start:end] for start, end in pairwise(CUTS)]


@pytest.mark.parametrize("template", ["parts/marked.html", "parts/inserted.html"])
def test_what_two_people_wrote_reads_as_it_was_written(template: str) -> None:
    pieces = [edit_forms.DiffPiece(piece, number % 2 == 1) for number, piece in enumerate(pieces_of(TEXT))]
    shown = render_to_string(template, {"pieces": pieces})
    assert strip_tags(shown) == escape(TEXT)
    assert len(re.findall(r"<(?:mark|ins)", shown)) == len(pieces) // 2


def test_an_excerpt_reads_as_it_was_written() -> None:
    excerpt = [adapter.Piece(piece, number % 2 == 1) for number, piece in enumerate(pieces_of(TEXT))]
    shown = render_to_string("parts/excerpt.html", {"excerpt": excerpt})
    assert strip_tags(shown) == escape(TEXT)
    assert shown.count("<mark") == len(excerpt) // 2


def test_a_conflict_shows_both_texts_as_they_were_written() -> None:
    typed = [edit_forms.DiffPiece(piece, number % 2 == 0) for number, piece in enumerate(pieces_of(TEXT))]
    stands = [edit_forms.DiffPiece(piece, number % 3 == 0) for number, piece in enumerate(pieces_of(TEXT))]
    context = {"conflict": edit_forms.EditConflict(typed, stands), "saved": None}
    shown = render_to_string("parts/conflict.html", context)
    assert [strip_tags(text).strip() for text in quotations(shown)] == [escape(TEXT)] * 2


@pytest.mark.parametrize(("joint", "other"), [("Build masts first", TEXT), (f"So: {TEXT} End.", TEXT)])
def test_common_passages_of_any_two_texts_read_as_they_were_written(joint: str, other: str) -> None:
    found: Overlap = overlap(joint, other)
    for text, pieces in ((joint, found.first), (other, found.second)):
        assert strip_tags(render_to_string("parts/marked.html", {"pieces": pieces})) == escape(text)


def quotations(page: str) -> list[str]:
    return re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", page, re.DOTALL)


def test_no_template_parts_a_word_from_the_mark_behind_it() -> None:
    parted = [
        f"{path.relative_to(SOURCE)}: {found[0]!r}"
        for path in sorted(SOURCE.rglob("*.html"))
        for found in PARTED.finditer(path.read_text(encoding="utf-8"))
    ]
    assert parted == []
