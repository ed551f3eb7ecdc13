from .answer import ChoiceStatus, Excluded, Price, SelectionAnswer
from .faults import SelectionFault
from .problem import (
    Alternatives,
    Apportionment,
    BalanceRule,
    Cap,
    Capacity,
    Headcount,
    PinnedRequest,
    RequestSpec,
    SelectionProblem,
    Veto,
)
from .select import select, why_not

__all__ = [
    "Alternatives",
    "Apportionment",
    "BalanceRule",
    "Cap",
    "Capacity",
    "ChoiceStatus",
    "Excluded",
    "Headcount",
    "PinnedRequest",
    "Price",
    "RequestSpec",
    "SelectionAnswer",
    "SelectionFault",
    "SelectionProblem",
    "Veto",
    "select",
    "why_not",
]
