"""What may be asked and reported, and what a report holds. Pure functions."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused
from muntada.people.rules import Role

ANSWERING_ROLES = (Role.SPEAKER, Role.MODERATOR, Role.SECRETARIAT)
REPORTING_ROLES = (Role.RAPPORTEUR, Role.SPEAKER, Role.SECRETARIAT)


class Mode(StrEnum):
    """From where somebody takes part; the two weigh the same."""

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


class PointKind(StrEnum):
    """What a session report says, point by point."""

    ACHIEVEMENT = "achievement"
    OBSTACLE = "obstacle"
    LESSON = "lesson"
    TREND = "trend"
    VISION = "vision"
    NO_CONSENSUS = "no-consensus"


POINT_HEADINGS: Mapping[PointKind, Promise] = {
    PointKind.ACHIEVEMENT: _("Achievements"),
    PointKind.OBSTACLE: _("Obstacles"),
    PointKind.LESSON: _("Lessons"),
    PointKind.TREND: _("Trends"),
    PointKind.VISION: _("Vision"),
    PointKind.NO_CONSENSUS: _("Points without consensus"),
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


def require_points(points: Sequence[object], summary: str) -> None:
    """A report says something: a summary and at least one point."""
    if not summary.strip():
        raise Refused(
            gettext("Please write a short summary of the session."), "report-without-summary", "summary"
        )
    if not points:
        raise Refused(
            gettext(
                "Please write at least one point: an achievement, an obstacle, a lesson, a trend or a vision."
            ),
            "report-without-points",
            PointKind.ACHIEVEMENT,
        )
