"""Rules of statements: validity, corrections, order of questions."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import accumulate

from django.utils.translation import gettext
from rapidfuzz.distance import Levenshtein

from muntada.consultation.calls.rules.calls import StatementsOpenTo
from muntada.forums.rules import StageState, Window
from muntada.forums.rules.reasons import require_reason
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import NotAllowed, Refused, SignInFirst

STATEMENT_LENGTH = 1_000
# More would not be read; a participant is one voice among many.
STATEMENTS_PER_PASTE = 500
# Longer input is still read, so that it can be refused without being lost.
PASTED_LENGTH = 10 * STATEMENTS_PER_PASTE * (STATEMENT_LENGTH + len("\r\n"))
STATEMENTS_OF_A_MODERATOR = 2_000
STATEMENTS_OF_A_PERSON = 30
# Letters that may be corrected after the first vote: one in twelve, at least this many.
LEAST_LETTERS_CORRECTED = 3
LETTERS_PER_LETTER_CORRECTED = 12
WORDS_CORRECTED = 1
NEGATIONS = frozenset(
    word
    for words in (
        "no not never none nothing nobody neither nor without cannot",
        "ne pas jamais aucun aucune rien personne sans ni non",
        "nunca jamás ningún ninguna ninguno nada nadie sin tampoco",
        "не нет ни никогда никто ничто ничего нельзя без",
        "لا لم لن ليس ليست ليسوا ما غير بدون دون بلا أبدا",
    )
    for word in words.split()
)
CHINESE_NEGATIONS = frozenset("不没無无未别勿非")


class StatementState(StrEnum):
    """The state of a statement."""

    WAITING = "waiting"
    OPEN = "open"
    HIDDEN = "hidden"
    REFUSED = "refused"
    MERGED = "merged"


# Out of the vote with a reason, or merged; a moderator can restore it.
OUT_OF_THE_VOTE = frozenset({StatementState.HIDDEN, StatementState.REFUSED, StatementState.MERGED})


class TranslationStatus(StrEnum):
    """The origin of a translation; outdated after a correction of the statement."""

    AUTHOR = "author"
    MACHINE = "machine"
    REVIEWED = "reviewed"
    OFFICIAL = "official"
    OUTDATED = "outdated"


class VoteValue:
    """The values of a vote."""

    AGREE = 1
    PASS = 0
    DISAGREE = -1


VOTE_VALUES = (VoteValue.AGREE, VoteValue.PASS, VoteValue.DISAGREE)


def state_named(word: str) -> StatementState | None:
    """Return the state with this name, or None."""
    return StatementState(word) if word in set(StatementState) else None


def require_vote_value(value: int) -> None:
    if value not in VOTE_VALUES:
        raise Refused(gettext("A vote is agree, disagree or pass. Please choose one of them."), "vote-value")


def require_statement(text: str) -> None:
    """A statement is one sentence to agree with."""
    words = clean_text(text)
    if not words:
        raise Refused(gettext("Please write the statement."), "statement-missing", "text")
    if not any(letter.isalnum() for letter in words):
        sentence = gettext(
            "There are no letters in this statement, only signs or characters nobody sees. "
            "Please write it in words."
        )
        raise Refused(sentence, "statement-unreadable", "text")
    if len(words) > STATEMENT_LENGTH:
        sentence = gettext("A statement has at most %(limit)s characters. Please split it into several.")
        raise Refused(sentence % {"limit": STATEMENT_LENGTH}, "statement-too-long", "text")


def require_open_to(statements_open_to: str, *, moderates: bool, is_signed_in: bool) -> None:
    """Refuse people who may not submit statements in a call."""
    if moderates:
        return
    if statements_open_to == StatementsOpenTo.NOBODY:
        sentence = gettext(
            "In this call the moderators take the statements from the contributions. "
            "Please write a contribution if something is missing."
        )
        raise NotAllowed(sentence, "statements-closed")
    if not is_signed_in:
        raise SignInFirst(gettext("Please sign in to put a statement to the vote."), "sign-in")


def require_not_over(window: Window, now: datetime) -> None:
    """Refuse statements after a call has ended."""
    if window.state(now) is StageState.CLOSED:
        sentence = gettext(
            "This call is closed, so nobody could vote on what you put. "
            "Please ask the secretariat for more time first."
        )
        raise Refused(sentence, "call-over")


def require_no_twin(state: str, symbol: str) -> None:
    """Refuse a duplicate, with the state of the other."""
    if state == StatementState.WAITING:
        sentence = gettext("A statement with these words waits for a moderator already, as %(symbol)s.")
    elif state in (StatementState.HIDDEN, StatementState.REFUSED):
        sentence = gettext(
            "A statement with these words is kept out of the vote; %(symbol)s says why. "
            "Please say it in other words."
        )
    else:
        sentence = gettext("This statement stands there already, as %(symbol)s.")
    raise Refused(sentence % {"symbol": symbol}, "statement-doubled", "text")


def require_still_open(state: str, symbol: str, field: str | None = None) -> None:
    """Refuse to merge or split a statement that is not open."""
    if state != StatementState.OPEN:
        sentence = gettext("%(symbol)s is not put to the vote. Please choose one that is.")
        raise Refused(sentence % {"symbol": symbol}, "statement-not-open", field)


def require_room(put_before: int, adding: int, *, moderates: bool) -> None:
    """Limit the statements of a person."""
    limit = STATEMENTS_OF_A_MODERATOR if moderates else STATEMENTS_OF_A_PERSON
    if put_before + adding > limit:
        sentence = gettext(
            "One person puts at most %(limit)s statements to the vote of a call; you have put %(before)s. "
            "Nothing was added. Please vote on what others say, or write a contribution."
        )
        raise Refused(sentence % {"limit": limit, "before": put_before}, "statements-full", "text")


def lines_of(pasted: str) -> list[str]:
    """Return the statements of a text, one per line; refuse all, naming the faulty line."""
    lines = [(place, clean_text(line)) for place, line in enumerate(pasted.splitlines(), start=1)]
    said = [(place, line) for place, line in lines if line]
    if not said:
        raise Refused(gettext("Please paste the statements, one per line."), "statement-missing", "text")
    if len(said) > STATEMENTS_PER_PASTE:
        sentence = gettext(
            "You pasted %(count)s statements; at most %(limit)s go in at once. Nothing was added, and your "
            "text is still below. Please take out all but the first %(limit)s and paste the others after."
        )
        params = {"count": len(said), "limit": STATEMENTS_PER_PASTE}
        raise Refused(sentence % params, "paste-too-long", "text")
    for place, line in said:
        try:
            require_statement(line)
        except Refused as refusal:
            sentence = gettext("Line %(line)s: %(reason)s Nothing was added.")
            about: dict[str, object] = {"line": place, "reason": str(refusal.sentence)}
            raise Refused(sentence % about, refusal.code, "text") from refusal
    return list(dict.fromkeys(line for _, line in said))


def require_correction(before: str, after: str, *, has_votes: bool) -> None:
    """Refuse more than a correction: people voted on the present text."""
    require_statement(after)
    if clean_text(after) == before:
        raise Refused(gettext("These are the words that stand there already."), "correction-same", "text")
    if not has_votes:
        return
    old, new = _words(before), _words(after)
    # Case and commas carry no meaning; numbers and negations do.
    changed = Levenshtein.distance(before, clean_text(after))
    limit = max(LEAST_LETTERS_CORRECTED, len(before) // LETTERS_PER_LETTER_CORRECTED)
    if (
        changed > limit
        or _numbers(old) != _numbers(new)
        or _negations(old) != _negations(new)
        or abs(len(old) - len(new)) > WORDS_CORRECTED
        or not _begin_alike(old, new)
    ):
        sentence = gettext(
            "People voted on the words that stand there, so only small mistakes are corrected: a few "
            "letters, no number and no “not”. Please put a new statement to the vote instead."
        )
        raise Refused(sentence, "correction-too-large", "text")


def require_translation(before: str, after: str, reason: str, *, has_votes: bool) -> None:
    """Refuse more than a correction of a translation with votes; a wrong one is deleted."""
    if after:
        require_statement(after)
    if not has_votes or not before or after == before:
        return
    if after:
        require_correction(before, after, has_votes=True)
    require_reason(reason)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:[’'][^\W_]+)*", text.lower())


def _begin_alike(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether words begin alike: a prefix can reverse a meaning."""
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    return {word[0] for word in come} <= {word[0] for word in gone}


def _numbers(words: Sequence[str]) -> list[str]:
    return sorted(word for word in words if any(letter.isnumeric() for letter in word))


def _negations(words: Sequence[str]) -> list[str]:
    """Return the negations; in Chinese, characters."""
    plain = [word for word in words if word in NEGATIONS or word.endswith(("n't", "n’t"))]
    return sorted([*plain, *(letter for word in words for letter in word if letter in CHINESE_NEGATIONS)])


@dataclass(frozen=True)
class CandidateStatement:
    """A statement without a vote of this person: votes, and priority if any."""

    number: int
    votes: int
    priority: float | None


def next_statement(candidates: Sequence[CandidateStatement], salt: str) -> int | None:
    """Draw the next statement; repeated calls give the same one.

    With an opinion map it is a lottery by priority, with 1 for newer statements; without one, the
    statement with the fewest votes.
    """
    if not candidates:
        return None
    if all(one.priority is None for one in candidates):
        return min(candidates, key=lambda one: (one.votes, one.number)).number
    weights = [1.0 if one.priority is None else max(one.priority, 0.0) for one in candidates]
    if not any(weights):
        weights = [1.0] * len(candidates)
    drawn = int.from_bytes(hashlib.sha256(salt.encode()).digest()[:8]) / 2**64 * sum(weights)
    for one, reached in zip(candidates, accumulate(weights), strict=True):
        if drawn < reached:
            return one.number
    return candidates[-1].number
