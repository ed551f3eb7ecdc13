"""Rules of paragraphs: labels, positions, states. Pure functions."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused
from muntada.people.rules import Role

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
    """The negotiation state of a paragraph."""

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
# Latin numbering avoids renumbering during a negotiation.
_LATIN = ("bis", "ter", "quat", "quin", "sex", "sept", "oct", "non", "dec")


def base_label(label: str) -> str:
    """Return the base number of a label: 4 for 4, 4bis and 4(12)."""
    return label.partition("(")[0].rstrip("abcdefghijklmnopqrstuvwxyz")


def label_after(label: str, taken: Collection[str]) -> str:
    """Return the label of an inserted paragraph: 4bis, 4ter, ..., finally 4(11)."""
    base = base_label(label)
    for suffix in _LATIN:
        if f"{base}{suffix}" not in taken:
            return f"{base}{suffix}"
    number = len(_LATIN) + 2
    while f"{base}({number})" in taken:
        number += 1
    return f"{base}({number})"


def position_after(positions: Sequence[int], position: int) -> int | None:
    """Return a free position after `position`, or None without space."""
    following = min((other for other in positions if other > position), default=position + 2000)
    middle = (position + following) // 2
    return middle if middle > position else None


def require_open_draft(state: DraftState) -> None:
    if state is DraftState.ADOPTED:
        raise Refused(
            gettext(
                "This text is adopted and does not change any more. A commitment can still be made on it."
            ),
            "draft-adopted",
        )


def require_standing(state: ParagraphState) -> None:
    if state is ParagraphState.DELETED:
        raise Refused(
            gettext("This paragraph was deleted. Please propose a new one after the paragraph before it."),
            "paragraph-deleted",
        )
