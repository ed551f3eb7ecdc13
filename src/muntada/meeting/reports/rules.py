"""Rules of session reports. Pure functions."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused
from muntada.people.rules import Role

REPORTING_ROLES = (Role.RAPPORTEUR, Role.SPEAKER, Role.SECRETARIAT)


class PointKind(StrEnum):
    """The kinds of points."""

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


def require_points(points: Sequence[object], summary: str) -> None:
    """A report needs a summary and a point."""
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
