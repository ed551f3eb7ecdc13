"""What is computed of an indicator's numbers and kept until they change."""

from enum import StrEnum


class ResultKind(StrEnum):
    """How unequal areas are, where series turn, what is known, what comes, what groups have."""

    DIVIDES = "divides"
    TRENDS = "trends"
    KNOWN = "known"
    FORECAST = "forecast"
    GROUPS = "groups"
