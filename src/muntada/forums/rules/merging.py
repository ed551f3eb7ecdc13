"""Rules of merging: both authors must consent, and either can undo it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.translation import gettext

from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused

JOINT_TITLE_LENGTH = 200
REASON_LENGTH = 4_000
OPEN_PROPOSALS_PER_PERSON = 20
# Proposals and cancellations send e-mails, so both count.
PROPOSALS_PER_DAY = 10
A_DAY = timedelta(days=1)
# The number of times two authors may be asked the same; proposals of each author count separately.
PROPOSALS_OF_TWO = 3
PAUSE_OF_TWO = timedelta(days=30)


class MergeState(StrEnum):
    """The state of a proposal to merge."""

    ASKED = "asked"
    DECLINED = "declined"
    MERGED = "merged"
    UNMERGED = "unmerged"


@dataclass(frozen=True)
class Joint:
    """The text of the joint thing."""

    title: str
    text: str
    language: str


@dataclass(frozen=True)
class Sides:
    """The sides of a merge a person is on; an author may have written both."""

    first: bool
    second: bool

    @property
    def any(self) -> bool:
        return self.first or self.second


def require_joint(joint: Joint, longest: int) -> None:
    """The joint text must not be empty, nor longer than a single one may be."""
    if not joint.title.strip():
        raise Refused(gettext("Please give the joint text a title."), "title-missing", "title")
    if len(joint.title) > JOINT_TITLE_LENGTH:
        sentence = gettext("The title is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": JOINT_TITLE_LENGTH}, "title-too-long", "title")
    if not clean_text(joint.text):
        raise Refused(gettext("Please write the joint text."), "text-missing", "text")
    if len(joint.text) > longest:
        sentence = gettext("The text is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": longest}, "text-too-long", "text")


def require_room_for_proposal(*, waiting: int, in_a_day: int) -> None:
    """Limit open proposals, and the e-mails they send."""
    if waiting >= OPEN_PROPOSALS_PER_PERSON:
        sentence = gettext(
            "You have proposed %(count)s merges that are not decided yet. Please wait until some are."
        )
        raise Refused(sentence % {"count": waiting}, "too-many-proposals")
    if in_a_day >= PROPOSALS_PER_DAY:
        sentence = gettext("You have proposed %(count)s merges within a day. Please go on tomorrow.")
        raise Refused(sentence % {"count": in_a_day}, "too-many-proposals-today")


def require_asked_seldom(of_these_two: int) -> None:
    """Limit repeated proposals to the same two authors."""
    if of_these_two >= PROPOSALS_OF_TWO:
        sentence = gettext(
            "It was proposed %(count)s times within %(days)s days that these two become one. "
            "Please leave it to their authors."
        )
        params = {"count": of_these_two, "days": PAUSE_OF_TWO.days}
        raise Refused(sentence % params, "asked-too-often", "other")


def require_reason(reason: str) -> None:
    """Declining and undoing require a reason, shown to those concerned."""
    if not clean_text(reason):
        sentence = gettext("Please give the reason, so that the others understand it.")
        raise Refused(sentence, "reason-missing", "reason")
    if len(reason) > REASON_LENGTH:
        sentence = gettext("The reason is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": REASON_LENGTH}, "reason-too-long", "reason")


def require_undecided(state: MergeState) -> None:
    """A proposal is decided once."""
    if state is MergeState.DECLINED:
        sentence = gettext("This was declined. Please propose it anew if it still makes sense.")
        raise Refused(sentence, "merge-declined")
    if state is not MergeState.ASKED:
        raise Refused(gettext("This was decided already. Please look at the page again."), "merge-decided")


def require_made(state: MergeState) -> None:
    """Only a completed merge can be undone."""
    if state is not MergeState.MERGED:
        raise Refused(gettext("These two were not merged, so nothing can be undone."), "merge-not-made")
