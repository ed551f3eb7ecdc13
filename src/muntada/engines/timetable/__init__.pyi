from .blame import blame
from .evaluate import evaluate
from .faults import TimetableFault
from .plan import PlanStatus, TimetableAssessment, TimetablePlan, UnplacedSpec, Violation
from .preflight import preflight
from .problem import (
    Lock,
    PersonSpec,
    PlacementSpec,
    RoomSpec,
    SeriesSpec,
    SessionSpec,
    SlotSpec,
    TimePeriod,
    TimetableProblem,
    WishWeights,
)
from .repair import repair
from .solve import solve

__all__ = [
    "Lock",
    "PersonSpec",
    "PlacementSpec",
    "PlanStatus",
    "RoomSpec",
    "SeriesSpec",
    "SessionSpec",
    "SlotSpec",
    "TimePeriod",
    "TimetableAssessment",
    "TimetableFault",
    "TimetablePlan",
    "TimetableProblem",
    "UnplacedSpec",
    "Violation",
    "WishWeights",
    "blame",
    "evaluate",
    "preflight",
    "repair",
    "solve",
]
