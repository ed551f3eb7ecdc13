"""Forms of a story and its parts."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.evidence.indicators.models import FIRST_YEAR, LAST_YEAR, Indicator
from muntada.evidence.indicators.rules.observations import BREAKDOWN_NAMES, Breakdown
from muntada.evidence.stories.actions import PartWords, StoryWords
from muntada.evidence.stories.models import Story, StoryPart
from muntada.evidence.stories.rules import (
    LEAD_LENGTH,
    SHAPE_NAMES,
    TEXT_LENGTH,
    TITLE_LENGTH,
    StoryShape,
    StorySlice,
)
from muntada.forums.models import Forum, Milestone
from muntada.foundations.edit_forms import EditForm


class MilestoneChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Milestones, by year and title."""

    def label_from_instance(self, milestone: Milestone) -> str:
        return f"{milestone.on_date.year}: {milestone.text_here}"


class StoryForm(EditForm):
    """Title and lead in one language."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    lead = forms.CharField(
        label=_("What it is about"),
        max_length=LEAD_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    milestones = MilestoneChoice(
        label=_("Noted in the charts"),
        queryset=Milestone.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Dates alone are noted. That something followed a date does not say that it came of it."),
    )

    def __init__(self, typed: Any, *, forum: Forum, language: str, story: Story | None = None) -> None:
        self.language = language
        initial: dict[str, object] = {}
        if story is not None:
            initial = {
                "title": story.titles.get(language, ""),
                "lead": story.leads.get(language, ""),
                "milestones": [one.pk for one in story.milestones.all()],
            }
        super().__init__(typed, initial=initial)
        self.fields["milestones"].queryset = Milestone.objects.filter(forum=forum)  # type: ignore[attr-defined]
        for name in ("title", "lead"):
            self.fields[name].widget.attrs |= {"lang": language, "dir": "auto"}

    def words(self) -> StoryWords:
        typed = self.cleaned_data
        return StoryWords(typed["title"], typed["lead"], self.language)


class PartForm(EditForm):
    """Title and text of a part in one language, and its numbers for all languages."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    text = forms.CharField(
        label=_("Text"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Name a figure and its number is put in: {D/1 WLD 2024}, or {D/1 WLD 2024 female @2025} for a "
            "part of the people and an edition. Cite other things by their symbol: [I/3]."
        ),
    )
    shape = forms.ChoiceField(label=_("What stands beside it"), choices=list(SHAPE_NAMES.items()))
    indicator = forms.ModelChoiceField(
        label=_("Indicator"), queryset=Indicator.objects.none(), required=False, empty_label=_("None")
    )
    areas = forms.CharField(
        label=_("Areas"),
        max_length=200,
        required=False,
        help_text=_("By their codes, in the order of the table, for example WLD, HIC, LIC."),
    )
    breakdowns = forms.MultipleChoiceField(
        label=_("Parts of the people"),
        choices=list(BREAKDOWN_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=[Breakdown.TOTAL],
        help_text=_("Of two parts, the gap between them is shown as well."),
    )
    first_year = forms.IntegerField(
        label=_("From the year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False
    )
    last_year = forms.IntegerField(
        label=_("To the year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False
    )

    def __init__(self, typed: Any, *, forum: Forum, language: str, part: StoryPart | None = None) -> None:
        self.language = language
        initial: dict[str, object] = {}
        if part is not None:
            initial = {
                "title": part.titles.get(language, ""),
                "text": part.texts.get(language, ""),
                "shape": part.shape,
                "indicator": part.indicator_id,
                "areas": ", ".join(part.areas),
                "breakdowns": part.breakdowns or [Breakdown.TOTAL],
                "first_year": part.first_year,
                "last_year": part.last_year,
            }
        super().__init__(typed, initial=initial)
        self.fields["indicator"].queryset = Indicator.objects.filter(forum=forum).select_related("symbol")  # type: ignore[attr-defined]
        for name in ("title", "text"):
            self.fields[name].widget.attrs |= {"lang": language, "dir": "auto"}

    def words(self) -> PartWords:
        typed = self.cleaned_data
        return PartWords(typed["title"], typed["text"], self.language)

    def chosen_shape(self) -> StoryShape:
        return StoryShape(self.cleaned_data["shape"])

    def slice(self) -> StorySlice:
        typed = self.cleaned_data
        codes = [code for code in re.split(r"[\s,;،]+", typed["areas"].upper()) if code]
        return StorySlice(
            areas=tuple(dict.fromkeys(codes)),
            breakdowns=tuple(typed["breakdowns"]),
            first_year=typed["first_year"],
            last_year=typed["last_year"],
        )
