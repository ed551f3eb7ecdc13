"""Rules of text proposals. Pure functions."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused


class ProposalKind(StrEnum):
    """The kind of a proposal. `new-after` inserts a paragraph."""

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


def amended(text: str, kind: ProposalKind, words: str) -> str:
    """Return the text of a paragraph with the proposal applied."""
    if kind is ProposalKind.REPLACE:
        return words
    if kind is ProposalKind.ADD:
        return f"{text.rstrip()} {words.lstrip()}"
    return text


def require_words(kind: ProposalKind, words: str) -> None:
    if kind is not ProposalKind.DELETE and not words.strip():
        raise Refused(gettext("Please write the words you propose."), "proposal-without-words", "text")


def require_change(kind: ProposalKind, text: str, words: str) -> None:
    """A replacement must change the text."""
    if kind is ProposalKind.REPLACE and words.split() == text.split():
        raise Refused(
            gettext("These are the words that stand already. Please change them first."), "no-change", "text"
        )


def require_open_proposal(state: ProposalState) -> None:
    if state is not ProposalState.OPEN:
        raise Refused(gettext("This proposal is already decided."), "proposal-decided")
