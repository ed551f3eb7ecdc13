"""Rules of calls: periods, voting rights, visibility of results."""

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
# Reserved addresses under /consultation/.
RESERVED_SLUGS = frozenset({"balance", "copies", "files", "inbox", "letters", "new", "receipts", "themes"})


LONGEST_MEETING_RECORD = 100_000
TITLE_LENGTH = 200


class CallVotesOpenTo(StrEnum):
    """Who may vote on statements."""

    ANYONE = "anyone"
    SIGNED_IN = "signed-in"
    VOUCHED = "vouched"
    NOBODY = "nobody"


class StatementsOpenTo(StrEnum):
    """Who may submit statements, beside moderators."""

    SIGNED_IN = "signed-in"
    NOBODY = "nobody"


class ResultsVisible(StrEnum):
    """When results are shown."""

    ALWAYS = "always"
    AFTER_VOTE = "after-vote"
    AFTER_CLOSE = "after-close"


def require_call_open(window: Window, now: datetime) -> None:
    """Refuse contributions outside the period of a call, with its dates."""
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
    """Refuse a language the call does not accept; without a list it accepts all."""
    if languages and language not in languages:
        named = listed(language_name(one) for one in languages)
        sentence = gettext(
            "This call takes texts in these languages: %(languages)s. Please choose one of them."
        )
        raise Refused(sentence % {"languages": named}, "language-not-taken", "language")


def results_are_visible(visible: str, window: Window, now: datetime, *, voted: bool = False) -> bool:
    """Return whether results are shown to a person; after closing, to everybody."""
    if visible == ResultsVisible.ALWAYS or window.state(now) is StageState.CLOSED:
        return True
    return visible == ResultsVisible.AFTER_VOTE and voted
