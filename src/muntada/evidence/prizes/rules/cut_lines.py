"""Select the first entries of a ranking, with ties."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext

from muntada.evidence.prizes.rules.rounds import JudgedBy, PrizeTerms
from muntada.foundations.errors import Refused


@dataclass(frozen=True)
class CutLine:
    """The selection: entries in, and those tied for the remaining `places`."""

    inside: tuple[int, ...]
    tied: tuple[int, ...] = ()
    places: int = 0


def draw_line(values: Mapping[int, Fraction | int], places: int) -> CutLine:
    """Select the first `places` by value; a value of zero is never selected."""
    ordered = sorted((one for one, value in values.items() if value > 0), key=lambda one: (-values[one], one))
    if len(ordered) <= places:
        return CutLine(tuple(ordered))
    last, next_one = values[ordered[places - 1]], values[ordered[places]]
    if last != next_one:
        return CutLine(tuple(ordered[:places]))
    inside = tuple(one for one in ordered if values[one] > last)
    return CutLine(inside, tuple(one for one in ordered if values[one] == last), places - len(inside))


def require_settled(drawn: CutLine, chosen: Collection[int], *, may_take_all: bool) -> None:
    """Refuse a settlement with other entries than the tied, or a wrong number."""
    if not drawn.tied:
        raise Refused(gettext("There is no tie here any more. Nothing was changed."), "no-tie")
    if not set(chosen) <= set(drawn.tied):
        raise Refused(gettext("Please choose only among those that are tied."), "not-tied", "chosen")
    if may_take_all and len(set(chosen)) == len(drawn.tied):
        return
    if len(set(chosen)) != drawn.places:
        sentence = (
            gettext("Please choose as many as there are places left (%(places)s), or all of them.")
            if may_take_all
            else gettext("Please choose as many as there are places left (%(places)s).")
        )
        raise Refused(sentence % {"places": drawn.places}, "places", "chosen")


def taken(drawn: CutLine, chosen: Iterable[int]) -> tuple[int, ...]:
    """Return the selected entries after a tie is settled."""
    settled = set(chosen)
    return drawn.inside + tuple(one for one in drawn.tied if one in settled)


def score_of(terms: PrizeTerms, judgements: Collection[Mapping[str, int]]) -> Fraction:
    """Return the score of an entry: the weighted mean of marks, or the number of yes.

    The result is an exact fraction, so that equal means are equal.
    """
    if terms.judged_by is JudgedBy.PICKS:
        return Fraction(sum(marks[one.code] for marks in judgements for one in terms.asked))
    weight = sum(one.weight for one in terms.criteria) * len(judgements)
    total = sum(one.weight * marks[one.code] for marks in judgements for one in terms.criteria)
    return Fraction(total, weight) if weight else Fraction(0)
