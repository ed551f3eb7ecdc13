"""The form for the target of an indicator."""

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.evidence.assessments.actions import NewTarget
from muntada.evidence.indicators.rules.targets import DIRECTION_NAMES, FIRST_YEAR, LAST_YEAR, BetterWhen
from muntada.foundations.clean_forms import CleanForm

LARGEST = 1e15


class TargetForm(CleanForm):
    """Value, year and source of a target; fields needed by few methods are last."""

    value = forms.FloatField(label=_("Value to reach"), min_value=-LARGEST, max_value=LARGEST)
    year = forms.IntegerField(label=_("By the year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, initial=2030)
    base_year = forms.IntegerField(
        label=_("Counted since"), min_value=FIRST_YEAR, max_value=LAST_YEAR, initial=2015
    )
    direction = forms.ChoiceField(label=_("Which way is better?"), choices=list(DIRECTION_NAMES.items()))
    agreed_in = forms.CharField(
        label=_("Agreed in"),
        max_length=300,
        help_text=_("The document and its paragraph, or the body that proposed it."),
    )
    limit = forms.FloatField(
        label=_("Natural end of the scale"),
        required=False,
        min_value=0,
        max_value=LARGEST,
        help_text=_("For example 100 where the unit is a percentage."),
    )
    lower = forms.FloatField(
        label=_("Lower end of the scale"),
        required=False,
        min_value=-LARGEST,
        max_value=LARGEST,
        help_text=_("The scale on which the SDSN scores; without it this method takes the target."),
    )
    optimum = forms.FloatField(
        label=_("Best end of the scale"), required=False, min_value=-LARGEST, max_value=LARGEST
    )

    def new_target(self) -> NewTarget:
        typed = self.cleaned_data
        return NewTarget(**(typed | {"direction": BetterWhen(typed["direction"])}))
