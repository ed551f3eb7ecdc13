"""The law of calls: when one is open, who may vote in it, from when on its results are shown."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext

from muntada.forums.rules import StageState, Window, open_window
from muntada.foundations.errors import Refused
from muntada.foundations.languages import day_of, language_name, listed
from muntada.people.rules import Role

CALLING_ROLES = (Role.SECRETARIAT,)
ANSWERING_ROLES = (Role.MODERATOR, Role.SECRETARIAT)
# Words that stand under /consultation/ themselves, so no call may be called so.
RESERVED_SLUGS = frozenset({"balance", "copies", "files", "inbox", "letters", "new", "receipts", "themes"})


LONGEST_MEETING_RECORD = 100_000
TITLE_LENGTH = 200


class CallVotesOpenTo(StrEnum):
    """Who may vote on the statements of a call."""

    ANYONE = "anyone"
    SIGNED_IN = "signed-in"
    VOUCHED = "vouched"
    NOBODY = "nobody"


class StatementsOpenTo(StrEnum):
    """Who may put a statement to the vote, beside those who moderate."""

    SIGNED_IN = "signed-in"
    NOBODY = "nobody"


class ResultsVisible(StrEnum):
    """From when on the votes of a call are shown."""

    ALWAYS = "always"
    AFTER_VOTE = "after-vote"
    AFTER_CLOSE = "after-close"


def require_call_open(window: Window, now: datetime) -> None:
    """Refuse what is said outside the time of a call, and say when it opens or that it is over."""
    if open_window([window], now):
        return
    if window.state(now) is StageState.UPCOMING:
        sentence = gettext("This call opens on %(date)s. Please come back then.")
        raise Refused(sentence % {"date": day_of(window.opens_at)}, "call-not-open")
    raise Refused(
        gettext(
            "This call is closed. What you typed is kept below, so that you can copy it; "
            "please write to the secretariat if it should still be heard."
        ),
        "call-closed",
    )


def require_language(language: str, languages: Sequence[str]) -> None:
    """Refuse a language the call does not take; a call that names none takes any."""
    if languages and language not in languages:
        named = listed(language_name(one) for one in languages)
        sentence = gettext(
            "This call takes texts in these languages: %(languages)s. Please choose one of them."
        )
        raise Refused(sentence % {"languages": named}, "language-not-taken", "language")


def results_are_visible(visible: str, window: Window, now: datetime, *, voted: bool = False) -> bool:
    """Say whether votes are shown to somebody who `voted` or did not; once a call is closed, to everybody."""
    if visible == ResultsVisible.ALWAYS or window.state(now) is StageState.CLOSED:
        return True
    return visible == ResultsVisible.AFTER_VOTE and voted
