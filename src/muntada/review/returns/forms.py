from collections.abc import Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.review.returns.models import Return
from muntada.review.returns.rules import (
    CHAPTER_NAMES,
    MOST_STEPS,
    STEP_CELLS,
    WINDOW_LENGTH,
    Chapter,
    ReturnText,
    RoadMapStep,
)

CHAPTER_LENGTH = 12000
LEAST_ROWS = 3
BLANK_ROWS = 2


class DraftText(forms.CharField):
    """A text required for publication, checked by a rule."""

    def validate(self, value: Any) -> None:
        """Accept an empty text."""


class StepRows(forms.Widget):
    """A small table for steps, with two empty rows, so that no script is needed."""

    use_fieldset = True

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del renderer, attrs
        filled = [row for row in (value or []) if any(row.values())]
        count = min(max(len(filled) + BLANK_ROWS, LEAST_ROWS), MOST_STEPS)
        blank = dict.fromkeys(STEP_CELLS, "")
        rows = [filled[place] if place < len(filled) else blank for place in range(count)]
        context = {"name": name, "rows": rows, "lengths": STEP_CELLS}
        return SafeString(render_to_string("review/returns/parts/step_rows.html", context))

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]]:
        del files
        rows = (
            {cell: str(data.get(f"{name}-{place}-{cell}", "")) for cell in STEP_CELLS}
            for place in range(MOST_STEPS)
        )
        return [row for row in rows if any(row.values())]


class StepField(forms.Field):
    """The steps of a road map. Overlong text is refused, not cut."""

    widget = StepRows

    def clean(self, value: list[dict[str, str]]) -> tuple[RoadMapStep, ...]:
        for place, row in enumerate(value or [], start=1):
            for cell, length in STEP_CELLS.items():
                if len(row[cell]) > length:
                    raise forms.ValidationError(
                        _("Row %(row)d: “%(words)s” is too long. Please shorten it to %(length)d characters.")
                        % {"row": place, "words": row[cell][:20] + "…", "length": length}
                    )
        return tuple(RoadMapStep(**row) for row in value or [])


class ReturnForm(CleanForm):
    """The chapters and next steps of a return. A draft may be incomplete."""

    achievements = DraftText(max_length=CHAPTER_LENGTH)
    challenges = DraftText(max_length=CHAPTER_LENGTH)
    recommendations = DraftText(max_length=CHAPTER_LENGTH)
    steps = StepField(
        label=_("Next steps towards a road map"),
        required=False,
        help_text=_("What is done, by whom, by which year, and how anybody will see that it was done."),
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=CONTENT_LANGUAGES)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    window = forms.CharField(required=False, max_length=WINDOW_LENGTH, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for chapter, name in CHAPTER_NAMES.items():
            field = self.fields[chapter.value]
            field.label = str(name)
            field.widget = forms.Textarea(attrs={"rows": 7, "dir": "auto", "maxlength": CHAPTER_LENGTH})
        self.fields[Chapter.ACHIEVEMENTS.value].help_text = _(
            "What was achieved in twenty years. Cite what it rests on: [D/1], [I/3], [C/12], [F/2]."
        )
        self.fields[Chapter.CHALLENGES.value].help_text = _(
            "What stands in the way, and what is not known: no data is an answer too."
        )

    def text(self) -> ReturnText:
        """Return the input; chapters that are too long unchanged."""
        typed = self.cleaned_data
        return ReturnText(
            achievements=typed["achievements"],
            challenges=typed["challenges"],
            recommendations=typed["recommendations"],
            language=typed["language"],
            steps=typed["steps"],
        )


def return_as_typed(draft: Return | None) -> dict[str, object]:
    if draft is None:
        return {}
    return {
        "achievements": draft.achievements,
        "challenges": draft.challenges,
        "recommendations": draft.recommendations,
        "steps": draft.steps,
        "language": draft.language,
        "revision": draft.revision,
    }
