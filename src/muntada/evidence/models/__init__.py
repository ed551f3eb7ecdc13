"""The tables of the evidence, by what they hold."""

from muntada.evidence.models.areas import Area, Membership
from muntada.evidence.models.composites import CompositeIndex, IndexPart, IndexPillar
from muntada.evidence.models.duplicates import DuplicateLook, LikePair
from muntada.evidence.models.imports import Import, ImportPart, Source
from muntada.evidence.models.indicators import Indicator, Observation, Vintage
from muntada.evidence.models.initiatives import Initiative, InitiativeFigure, InitiativeVersion
from muntada.evidence.models.partnering import Introduction, Partnering
from muntada.evidence.models.results import StoredResult
from muntada.evidence.models.showcase import (
    PhaseChange,
    Showcase,
    ShowcaseCategory,
    ShowcaseEntry,
    ShowcaseExpert,
    ShowcaseJudgement,
    ShowcasePhase,
    ShowcaseVote,
    TieSettled,
    WinnerPick,
)
from muntada.evidence.models.stories import Story, StoryPart
from muntada.evidence.models.tables import InitiativeTable
from muntada.evidence.models.targets import Assessment, IndicatorTarget
from muntada.evidence.models.ties import LineIndicator

__all__ = [
    "Area",
    "Assessment",
    "CompositeIndex",
    "DuplicateLook",
    "Import",
    "ImportPart",
    "IndexPart",
    "IndexPillar",
    "Indicator",
    "IndicatorTarget",
    "Initiative",
    "InitiativeFigure",
    "InitiativeTable",
    "InitiativeVersion",
    "Introduction",
    "LikePair",
    "LineIndicator",
    "Membership",
    "Observation",
    "Partnering",
    "PhaseChange",
    "Showcase",
    "ShowcaseCategory",
    "ShowcaseEntry",
    "ShowcaseExpert",
    "ShowcaseJudgement",
    "ShowcasePhase",
    "ShowcaseVote",
    "Source",
    "StoredResult",
    "Story",
    "StoryPart",
    "TieSettled",
    "Vintage",
    "WinnerPick",
]
