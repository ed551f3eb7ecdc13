"""What the secretariat fills in to prepare what is asked for sessions of a kind."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.actions.calls import Question
from muntada.consultation.calls.forms.calls import TextsForm, in_order, initial_texts
from muntada.programme.actions.request_forms import FormPlan
from muntada.programme.models import FormVersion
from muntada.programme.rules.request_forms import (
    ASKED_NAMES,
    CALL_TEXT_LENGTH,
    NEVER_NEEDED,
    USUAL_MINUTES,
    WISH_NAMES,
    Asked,
    Wish,
)
from muntada.programme.rules.requests import MOST_SPEAKERS


class TermsForm(TextsForm):
    """What is asked for sessions of a kind, but for the form's own questions, which stand beside it."""

    lengths = forms.CharField(
        label=_("Lengths allowed, in minutes"),
        help_text=_("Such as 45, 60, 90."),
        max_length=100,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    fewest_speakers = forms.IntegerField(
        label=_("Fewest speakers"),
        help_text=_("Whether fewer warns or stops is set among the rules."),
        min_value=0,
        max_value=MOST_SPEAKERS,
    )
    most_speakers = forms.IntegerField(label=_("Most speakers"), min_value=0, max_value=MOST_SPEAKERS)

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for asked in Asked:
            choices = [(wish.value, name) for wish, name in WISH_NAMES.items()]
            if asked in NEVER_NEEDED:
                choices = [one for one in choices if one[0] != Wish.NEEDED]
            self.fields[f"wish-{asked}"] = forms.ChoiceField(label=str(ASKED_NAMES[asked]), choices=choices)
        self.add_texts("text", _("Text of the call"), in_order(languages), limit=CALL_TEXT_LENGTH, rows=4)

    def clean_lengths(self) -> list[int]:
        pieces = re.split(r"[\s,;،]+", self.cleaned_data["lengths"].strip())
        if not all(piece.isdecimal() and len(piece) <= len("9999") for piece in pieces if piece):
            raise forms.ValidationError(gettext("Please give lengths as numbers, such as 45, 60, 90."))
        return sorted({int(piece) for piece in pieces if piece})

    def plan(self, questions: Sequence[Question]) -> FormPlan:
        said = self.cleaned_data
        return FormPlan(
            texts=self.texts("text", is_line=False),
            wishes={asked.value: said[f"wish-{asked}"] for asked in Asked},
            questions=questions,
            lengths=said["lengths"],
            fewest_speakers=said["fewest_speakers"],
            most_speakers=said["most_speakers"],
        )


def terms_as_typed(form: FormVersion | None) -> dict[str, Any]:
    if form is None:
        return {
            "lengths": ", ".join(str(one) for one in USUAL_MINUTES),
            "fewest_speakers": 0,
            "most_speakers": MOST_SPEAKERS,
        } | {f"wish-{asked}": Wish.ASKED.value for asked in Asked}
    return (
        {
            "lengths": ", ".join(str(one) for one in form.lengths),
            "fewest_speakers": form.fewest_speakers,
            "most_speakers": form.most_speakers,
        }
        | {f"wish-{asked}": form.wishes.get(asked, Wish.ASKED) for asked in Asked}
        | initial_texts("text", form.texts)
    )
