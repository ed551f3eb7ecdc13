from .answer import Excluded, Price, Selection, Status
from .faults import SelectionFault
from .problem import (
    Alternatives,
    Apportionment,
    Balance,
    Cap,
    Capacity,
    Headcount,
    Pin,
    Problem,
    Request,
    Veto,
)
from .select import select, why_not

__all__ = [
    "Alternatives",
    "Apportionment",
    "Balance",
    "Cap",
    "Capacity",
    "Excluded",
    "Headcount",
    "Pin",
    "Price",
    "Problem",
    "Request",
    "Selection",
    "SelectionFault",
    "Status",
    "Veto",
    "select",
    "why_not",
]
