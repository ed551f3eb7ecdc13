"""Rules of questions. Pure functions."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused
from muntada.people.rules import Role

ANSWERING_ROLES = (Role.SPEAKER, Role.MODERATOR, Role.SECRETARIAT)


class Mode(StrEnum):
    """Whether a person takes part on site or online."""

    ROOM = "room"
    ONLINE = "online"


MODE_NAMES: Mapping[Mode, Promise] = {Mode.ROOM: _("In the room"), Mode.ONLINE: _("Online")}


class QuestionState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


QUESTION_STATE_NAMES: Mapping[QuestionState, Promise] = {
    QuestionState.ASKED: _("Waiting for an answer"),
    QuestionState.ANSWERED: _("Answered"),
    QuestionState.WITHDRAWN: _("Withdrawn"),
}


def require_askable(state: QuestionState) -> None:
    if state is QuestionState.WITHDRAWN:
        raise Refused(
            gettext("This question was withdrawn. You can ask it again in your own words."), "withdrawn"
        )


def require_unanswered(state: QuestionState) -> None:
    require_askable(state)
    if state is QuestionState.ANSWERED:
        raise Refused(
            gettext("This question is answered already; its answer stays as it was given."), "answered"
        )
