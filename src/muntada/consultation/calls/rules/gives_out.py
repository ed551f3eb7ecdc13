"""What of the votes of a call is given out: a breakdown by groups, or rows."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused


class GivesOut(StrEnum):
    """What a call gives out of its votes: one or the other, never both.

    Rows and breakdowns of the same votes together let anybody solve who declared what.
    """

    BREAKDOWN = "breakdown"
    ROWS = "rows"


GIVES_OUT_WORDS: Mapping[GivesOut, Promise] = {
    GivesOut.BREAKDOWN: _("How groups voted: results by stakeholder group and region"),
    GivesOut.ROWS: _("The votes of each voter under an alias, for anybody to compute with; no groups"),
}


def require_breakdown(gives_out: str) -> None:
    """Refuse what needs to know which group somebody declared where the votes of each are given out."""
    if gives_out != GivesOut.BREAKDOWN:
        sentence = gettext(
            "This call gives out the votes of each voter under an alias, so it tells nothing by group and "
            "nothing is re-weighted: with both, anybody could find out who said what of themselves."
        )
        raise Refused(sentence, "breakdown-kept-back")
