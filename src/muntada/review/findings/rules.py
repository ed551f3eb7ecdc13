"""Rules of findings. Pure functions."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused


class FindingKind(StrEnum):
    """What a finding says of twenty years."""

    ACHIEVEMENT = "achievement"
    OBSTACLE = "obstacle"
    LESSON = "lesson"
    TREND = "trend"
    VISION = "vision"


KIND_NAMES: Mapping[FindingKind, Promise] = {
    FindingKind.ACHIEVEMENT: _("Achievement"),
    FindingKind.OBSTACLE: _("Obstacle"),
    FindingKind.LESSON: _("Lesson"),
    FindingKind.TREND: _("Trend"),
    FindingKind.VISION: _("Vision"),
}
# The column headings of the coverage matrix.
KIND_HEADINGS: Mapping[FindingKind, Promise] = {
    FindingKind.ACHIEVEMENT: _("Achievements"),
    FindingKind.OBSTACLE: _("Obstacles"),
    FindingKind.LESSON: _("Lessons"),
    FindingKind.TREND: _("Trends"),
    FindingKind.VISION: _("Visions"),
}


class EvidenceStrength(StrEnum):
    """The strength of evidence as judged by the facilitator."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


STRENGTH_NAMES: Mapping[EvidenceStrength, Promise] = {
    EvidenceStrength.LOW: _("Weak evidence"),
    EvidenceStrength.MEDIUM: _("Some evidence"),
    EvidenceStrength.HIGH: _("Strong evidence"),
}


class FindingState(StrEnum):
    PROPOSED = "proposed"
    SETTLED = "settled"


STATE_NAMES: Mapping[FindingState, Promise] = {
    FindingState.PROPOSED: _("Proposed"),
    FindingState.SETTLED: _("Settled"),
}


def require_ground(citations: int) -> None:
    """A finding must cite at least one source."""
    if not citations:
        raise Refused(
            gettext(
                "A finding has to rest on something. Please cite at least one source, "
                "for example [C/12] for a contribution or [D/3] for an indicator."
            ),
            "finding-without-ground",
            "text",
        )


def require_proposed(state: FindingState) -> None:
    """A settled finding is immutable, since others cite it."""
    if state is FindingState.SETTLED:
        raise Refused(
            gettext("This finding is settled and cannot be changed. Please write a new one that cites it."),
            "finding-settled",
            "text",
        )
