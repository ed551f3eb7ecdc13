"""Rules of adoption. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from muntada.foundations.errors import Refused
from muntada.outcome.texts.rules import ParagraphKind, ParagraphState


@dataclass(frozen=True)
class ParagraphStanding:
    """The properties of a paragraph relevant for adoption."""

    label: str
    kind: ParagraphKind
    state: ParagraphState
    open_proposals: int
    citations: int


def require_adoptable(paragraphs: Sequence[ParagraphStanding]) -> None:
    """A text can be adopted if nothing is open and every operative paragraph has citations."""
    standing = [one for one in paragraphs if one.state is not ParagraphState.DELETED]
    if not standing:
        raise Refused(
            gettext("There is no paragraph to adopt yet. Please write the text first."), "draft-empty"
        )
    _refuse(
        [one.label for one in standing if one.open_proposals],
        gettext("Paragraphs %(labels)s have proposals that are not decided. Please decide them first."),
        "proposals-open",
    )
    _refuse(
        [one.label for one in standing if one.state is ParagraphState.BRACKETED],
        gettext("Paragraphs %(labels)s are in brackets. Please agree on them first."),
        "paragraphs-bracketed",
    )
    _refuse(
        [one.label for one in standing if one.kind is ParagraphKind.OPERATIVE and not one.citations],
        gettext("Paragraphs %(labels)s rest on nothing. Please cite what they rest on first."),
        "paragraphs-without-ground",
    )


def _refuse(labels: Sequence[str], sentence: str, code: str) -> None:
    if labels:
        raise Refused(sentence % {"labels": ", ".join(labels)}, code)
