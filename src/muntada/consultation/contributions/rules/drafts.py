"""The law of drafts: when one has gone on elsewhere, and how answers follow their questions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# The name a browser window bears while somebody writes in it.
WINDOW_LENGTH = 32
# Where nothing is asked there is one text all the same.
UNASKED = "text"

QUESTIONS_CHANGED = _(
    "The questions of this call were changed while you wrote. What you wrote is kept; "
    "please look at the questions again, then submit."
)


def has_gone_on(revision: int, window: str, seen: int | None, here: str) -> bool:
    """Say whether a draft was saved by another window since this one last heard of it, or heard of none.

    The window that saved last goes on even if it missed the answer: its connection broke, not its thread.
    """
    return seen != revision and here != window


def by_question(text: str, answers: Mapping[str, str], items: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return all answers by the code of their question; `text` answers the first of these."""
    return {**answers, _first_code(items): text}


def under_questions(
    texts: Mapping[str, str], items: Sequence[Mapping[str, Any]]
) -> tuple[str, dict[str, str]]:
    """Return the answer to the first of these questions, and all other answers by their code."""
    first = _first_code(items)
    return texts.get(first, ""), {code: text for code, text in texts.items() if code != first}


def _first_code(items: Sequence[Mapping[str, Any]]) -> str:
    return str(items[0]["code"]) if items else UNASKED


def said_meanwhile(*, last: int, seen: int | None, symbol: str, is_improved: bool) -> str:
    """Say what was submitted since a window was opened; nothing where it knows the last one.

    `last` and `seen` number what its author submitted to the call, or the versions of what is improved.
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
