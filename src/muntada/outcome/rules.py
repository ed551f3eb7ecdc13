"""How a text is negotiated, adopted and followed up. Pure functions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM, Actor

NEGOTIATING_ROLES = (Role.DELEGATE, Role.SECRETARIAT)
EDITING_ROLES = (Role.SECRETARIAT,)


class DraftState(StrEnum):
    OPEN = "open"
    ADOPTED = "adopted"


class ParagraphKind(StrEnum):
    PREAMBULAR = "preambular"
    OPERATIVE = "operative"


PARAGRAPH_KIND_NAMES: Mapping[ParagraphKind, Promise] = {
    ParagraphKind.PREAMBULAR: _("Preambular paragraph"),
    ParagraphKind.OPERATIVE: _("Operative paragraph"),
}


class ParagraphState(StrEnum):
    """How far a paragraph is negotiated."""

    OPEN = "open"
    BRACKETED = "bracketed"
    SUGGESTED = "suggested"
    AD_REF = "ad-ref"
    AGREED = "agreed"
    DELETED = "deleted"


PARAGRAPH_STATE_NAMES: Mapping[ParagraphState, Promise] = {
    ParagraphState.OPEN: pgettext_lazy("paragraph", "Open"),
    ParagraphState.BRACKETED: _("In brackets"),
    ParagraphState.SUGGESTED: _("Suggested for closure"),
    ParagraphState.AD_REF: _("Agreed ad referendum"),
    ParagraphState.AGREED: _("Agreed"),
    ParagraphState.DELETED: _("Deleted"),
}


class ProposalKind(StrEnum):
    """What a party asks for. `new-after` speaks to what is missing from the text."""

    REPLACE = "replace"
    ADD = "add"
    DELETE = "delete"
    NEW_AFTER = "new-after"


PROPOSAL_KIND_NAMES: Mapping[ProposalKind, Promise] = {
    ProposalKind.REPLACE: _("Replace the paragraph"),
    ProposalKind.ADD: _("Add to the paragraph"),
    ProposalKind.DELETE: _("Delete the paragraph"),
    ProposalKind.NEW_AFTER: _("Insert a new paragraph after it"),
}


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


PROPOSAL_STATE_NAMES: Mapping[ProposalState, Promise] = {
    ProposalState.OPEN: _("Open"),
    ProposalState.ACCEPTED: _("Accepted"),
    ProposalState.DECLINED: _("Declined"),
}


class CommitmentState(StrEnum):
    ANNOUNCED = "announced"
    UNDER_WAY = "under-way"
    DONE = "done"
    DROPPED = "dropped"


COMMITMENT_STATE_NAMES: Mapping[CommitmentState, Promise] = {
    CommitmentState.ANNOUNCED: _("Announced"),
    CommitmentState.UNDER_WAY: _("Under way"),
    CommitmentState.DONE: _("Done"),
    CommitmentState.DROPPED: _("Dropped"),
}

# Latin numbering spares everybody a renumbering in the middle of a negotiation.
_LATIN = ("bis", "ter", "quat", "quin", "sex", "sept", "oct", "non", "dec")


def base_label(label: str) -> str:
    """Return the number a label was derived from: 4 for 4, 4bis and 4(12)."""
    return label.partition("(")[0].rstrip("abcdefghijklmnopqrstuvwxyz")


def label_after(label: str, taken: Collection[str]) -> str:
    """Return the label of a paragraph inserted after this one: 4bis, 4ter, ... and at last 4(11)."""
    base = base_label(label)
    for suffix in _LATIN:
        if f"{base}{suffix}" not in taken:
            return f"{base}{suffix}"
    number = len(_LATIN) + 2
    while f"{base}({number})" in taken:
        number += 1
    return f"{base}({number})"


def position_after(positions: Sequence[int], position: int) -> int | None:
    """Return a free place behind `position`, or nothing when the neighbours stand too close."""
    following = min((other for other in positions if other > position), default=position + 2000)
    middle = (position + following) // 2
    return middle if middle > position else None


def amended(text: str, kind: ProposalKind, words: str) -> str:
    """Return the paragraph as it reads once a proposal is accepted."""
    if kind is ProposalKind.REPLACE:
        return words
    if kind is ProposalKind.ADD:
        return f"{text.rstrip()} {words.lstrip()}"
    return text


@dataclass(frozen=True)
class ParagraphStanding:
    """What adoption asks of one paragraph."""

    label: str
    kind: ParagraphKind
    state: ParagraphState
    open_proposals: int
    citations: int


def require_open_draft(state: DraftState) -> None:
    if state is DraftState.ADOPTED:
        raise Refused(
            gettext(
                "This text is adopted and does not change any more. A commitment can still be made on it."
            ),
            "draft-adopted",
        )


def require_words(kind: ProposalKind, words: str) -> None:
    if kind is not ProposalKind.DELETE and not words.strip():
        raise Refused(gettext("Please write the words you propose."), "proposal-without-words", "text")


def require_change(kind: ProposalKind, text: str, words: str) -> None:
    """A replacement replaces something."""
    if kind is ProposalKind.REPLACE and words.split() == text.split():
        raise Refused(
            gettext("These are the words that stand already. Please change them first."), "no-change", "text"
        )


def require_standing(state: ParagraphState) -> None:
    if state is ParagraphState.DELETED:
        raise Refused(
            gettext("This paragraph was deleted. Please propose a new one after the paragraph before it."),
            "paragraph-deleted",
        )


def require_coming(due_date: date | None, today: date) -> None:
    if due_date is not None and due_date < today:
        raise Refused(
            gettext("This day is past. Please choose one that is still to come."), "past", "due_date"
        )


def may_report(actor: Actor, made_by: int | None) -> bool:
    """Whoever made a commitment reports on it, or the secretariat for them."""
    return actor.role in {Role.SECRETARIAT, SYSTEM.role} or (
        made_by is not None and actor.person_id == made_by
    )


def require_reporter(actor: Actor, made_by: int | None) -> None:
    if not may_report(actor, made_by):
        raise NotAllowed(
            gettext("Only whoever made this commitment and the secretariat can report on it."), "report"
        )


def require_open_proposal(state: ProposalState) -> None:
    if state is not ProposalState.OPEN:
        raise Refused(gettext("This proposal is already decided."), "proposal-decided")


def require_adoptable(paragraphs: Sequence[ParagraphStanding]) -> None:
    """A text is adopted when nothing in it is open and every operative paragraph rests on something."""
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
