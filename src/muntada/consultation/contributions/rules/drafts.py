"""Rules of drafts: conflicts between windows, and answers by question."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# The length of a browser window's id.
WINDOW_LENGTH = 32
# Without questions, there is still one text.
UNASKED = "text"

QUESTIONS_CHANGED = _(
    "The questions of this call were changed while you wrote. What you wrote is kept; "
    "please look at the questions again, then submit."
)


def has_gone_on(revision: int, window: str, seen: int | None, here: str) -> bool:
    """Return whether another window has saved the draft since this one last knew it.

    The window that saved last may continue even if it missed the response.
    """
    return seen != revision and here != window


def by_question(text: str, answers: Mapping[str, str], items: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return all answers by question code; `text` answers the first question."""
    return {**answers, _first_code(items): text}


def under_questions(
    texts: Mapping[str, str], items: Sequence[Mapping[str, Any]]
) -> tuple[str, dict[str, str]]:
    """Return the answer to the first question, and all others by code."""
    first = _first_code(items)
    return texts.get(first, ""), {code: text for code, text in texts.items() if code != first}


def _first_code(items: Sequence[Mapping[str, Any]]) -> str:
    return str(items[0]["code"]) if items else UNASKED


def said_meanwhile(*, last: int, seen: int | None, symbol: str, is_improved: bool) -> str:
    """Describe submissions made since a window was opened; empty if it knows the last.

    `last` and `seen` number the author's submissions, or the versions of a contribution.
    """
    if seen is None or last <= seen:
        return ""
    if is_improved:
        sentence = gettext(
            "You improved %(symbol)s in another window meanwhile. What you typed here is kept as a draft; "
            "please look at the words that stand, then submit again if yours should replace them."
        )
    else:
        sentence = gettext(
            "You submitted %(symbol)s in another window meanwhile. What you typed here is kept as a draft. "
            "To change %(symbol)s, please improve it; to say this as well, submit again."
        )
    return sentence % {"symbol": symbol}
