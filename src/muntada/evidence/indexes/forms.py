"""The form of a composite index: choices, pillars, and a row per indicator."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.evidence.indexes.actions import NewIndex
from muntada.evidence.indexes.models import CompositeIndex
from muntada.evidence.indexes.rules import (
    AGGREGATE_NAMES,
    COMPARED,
    HEAVIEST,
    MOST_PILLARS,
    NORMALISE_NAMES,
    AggregateBy,
    Normalise,
    PartOf,
    PillarOf,
)
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.indicators.rules.targets import FIRST_YEAR, LAST_YEAR
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES

MAIN = (
    *("title", "about", "language", "compares", "year", "oldest", "normalise", "aggregate"),
    *("treats_outliers", "fills_gaps", "seed"),
)
LARGEST_SEED = 2_000_000_000


@dataclass(frozen=True)
class PillarRow:
    number: int
    title: forms.BoundField
    weight: forms.BoundField


@dataclass(frozen=True)
class IndicatorRow:
    indicator: Indicator
    pillar: forms.BoundField
    weight: forms.BoundField
    way: forms.BoundField


class IndexForm(EditForm):
    title = forms.CharField(label=_("Name"), max_length=200)
    about = forms.CharField(
        label=_("What it is to tell"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Why these indicators, and why these weights. Readers judge the index by this."),
    )
    language = forms.ChoiceField(label=_("Language of name and text"), choices=CONTENT_LANGUAGES)
    compares = forms.ChoiceField(label=_("What is compared"), choices=list(COMPARED.items()))
    year = forms.IntegerField(label=_("As of the year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    oldest = forms.IntegerField(label=_("Years a number may lie back"), min_value=0, max_value=30, initial=5)
    normalise = forms.ChoiceField(label=_("How numbers become scores"), choices=list(NORMALISE_NAMES.items()))
    aggregate = forms.ChoiceField(label=_("How scores become one"), choices=list(AGGREGATE_NAMES.items()))
    treats_outliers = forms.BooleanField(label=_("Draw outliers in"), required=False, initial=True)
    fills_gaps = forms.BooleanField(
        label=_("Fill gaps with the mean of the region"), required=False, initial=True
    )
    seed = forms.IntegerField(
        label=_("Seed of the draws"),
        min_value=0,
        max_value=LARGEST_SEED,
        initial=1,
        help_text=_("With the same seed and numbers anyone gets the same intervals."),
    )

    def __init__(self, *args: Any, indicators: Sequence[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = indicators
        for number in range(1, MOST_PILLARS + 1):
            self.fields[f"pillar-{number}"] = forms.CharField(
                label=_("Name of pillar %(number)d") % {"number": number}, max_length=120, required=False
            )
            self.fields[f"pillar-{number}-weight"] = _weight(_("Weight of pillar %(number)d"), number)
        pillars = [("", "–"), *((str(number), str(number)) for number in range(1, MOST_PILLARS + 1))]
        ways = [("more", _("More is better")), ("less", _("Less is better"))]
        for one in indicators:
            label = {"title": one.title_here}
            self.fields[f"part-{one.pk}"] = forms.ChoiceField(
                label=_("Pillar of %(title)s") % label, choices=pillars, required=False
            )
            self.fields[f"part-{one.pk}-weight"] = forms.FloatField(
                label=_("Weight of %(title)s") % label,
                required=False,
                initial=1,
                min_value=0,
                max_value=HEAVIEST,
            )
            self.fields[f"part-{one.pk}-way"] = forms.ChoiceField(
                label=_("Direction of %(title)s") % label, choices=ways, required=False
            )

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in MAIN]

    def pillar_rows(self) -> Iterator[PillarRow]:
        for number in range(1, MOST_PILLARS + 1):
            yield PillarRow(number, self[f"pillar-{number}"], self[f"pillar-{number}-weight"])

    def indicator_rows(self) -> Iterator[IndicatorRow]:
        for one in self.indicators:
            name = f"part-{one.pk}"
            yield IndicatorRow(one, self[name], self[f"{name}-weight"], self[f"{name}-way"])

    def new_index(self) -> NewIndex:
        typed = self.cleaned_data
        # A pillar with a name or an indicator; the rules refuse one without a name.
        numbers = {int(typed[f"part-{one.pk}"]) for one in self.indicators if typed.get(f"part-{one.pk}")}
        named = [one for one in range(1, MOST_PILLARS + 1) if typed[f"pillar-{one}"]]
        place = {number: at for at, number in enumerate(named)}
        return NewIndex(
            **{name: typed[name] for name in MAIN if name not in {"normalise", "aggregate"}},
            normalise=Normalise(typed["normalise"]),
            aggregate=AggregateBy(typed["aggregate"]),
            pillars=tuple(
                PillarOf(typed[f"pillar-{one}"], _typed(typed[f"pillar-{one}-weight"])) for one in named
            ),
            parts=tuple(
                PartOf(
                    one.pk,
                    place.get(int(typed[f"part-{one.pk}"]), len(place) + len(numbers)),
                    _typed(typed[f"part-{one.pk}-weight"]),
                    typed[f"part-{one.pk}-way"] != "less",
                )
                for one in self.indicators
                if typed.get(f"part-{one.pk}")
            ),
        )


def _weight(label: Any, number: int) -> forms.FloatField:
    return forms.FloatField(
        label=label % {"number": number}, required=False, initial=1, min_value=0, max_value=HEAVIEST
    )


def _typed(weight: float | None) -> float:
    """An empty weight means the default; the rules refuse zero."""
    return 1.0 if weight is None else weight


def as_typed(index: CompositeIndex) -> dict[str, object]:
    """Return the initial values of the form of an index."""
    typed: dict[str, object] = {name: getattr(index, name) for name in MAIN}
    for number, pillar in enumerate(index.pillars.all(), start=1):
        typed[f"pillar-{number}"], typed[f"pillar-{number}-weight"] = pillar.title, pillar.weight
        for part in pillar.parts.all():
            name = f"part-{part.indicator_id}"
            typed[name], typed[f"{name}-weight"] = str(number), part.weight
            typed[f"{name}-way"] = "more" if part.more_is_better else "less"
    return typed
