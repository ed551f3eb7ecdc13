"""A table of initiatives: what a row would do, and how far the table is."""

from enum import StrEnum

# The columns of a table; those with several values hold them with semicolons between.
COLUMNS = (
    "symbol",
    "title",
    "language",
    "description",
    "organisation",
    "organisation_kind",
    "organisation_country",
    "activity",
    "scope",
    "status",
    "country",
    "also_in",
    "lines",
    "goals",
    "beneficiaries",
    "results",
    "figures",
    "challenges",
    "replicability",
    "partners",
    "starts_year",
    "ends_year",
    "website",
    "media",
)
SEVERAL = frozenset({"also_in", "lines", "goals", "media"})
MOST_ROWS = 10_000
REFUSED_SHOWN = 100
ROWS_SHOWN = 50


class Outcome(StrEnum):
    """What taking in a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
