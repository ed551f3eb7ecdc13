"""Open data of a call: breakdowns by group, or rows."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused


class GivesOut(StrEnum):
    """The kind of open data: one or the other.

    Rows and breakdowns of the same votes would reveal declarations.
    """

    BREAKDOWN = "breakdown"
    ROWS = "rows"


GIVES_OUT_WORDS: Mapping[GivesOut, Promise] = {
    GivesOut.BREAKDOWN: _("How groups voted: results by stakeholder group and region"),
    GivesOut.ROWS: _("The votes of each voter under an alias, for anybody to compute with; no groups"),
}


def require_breakdown(gives_out: str) -> None:
    """Refuse views by group if the rows of votes are published."""
    if gives_out != GivesOut.BREAKDOWN:
        sentence = gettext(
            "This call gives out the votes of each voter under an alias, so it tells nothing by group and "
            "nothing is re-weighted: with both, anybody could find out who said what of themselves."
        )
        raise Refused(sentence, "breakdown-kept-back")
