"""Forms for merging session requests."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.forums.merging.rules import REASON_LENGTH, Joint
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.programme.merging.actions import JointRequest
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.rules.merging import Leads
from muntada.programme.requests.rules.requests import DESCRIPTION_LENGTH
from muntada.programme.sessions.rules import TITLE_LENGTH
from muntada.programme.speakers.forms import PARTS

SYMBOL_LENGTH = 40


class JoiningForm(CleanForm):
    """The joint request: text, leading author, parts."""

    other = forms.CharField(max_length=SYMBOL_LENGTH, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Title"), max_length=TITLE_LENGTH, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    text = forms.CharField(
        label=_("What the session is about"),
        max_length=DESCRIPTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language of your text"), choices=CONTENT_LANGUAGES)

    def __init__(
        self,
        data: Any = None,
        *,
        two: tuple[SessionRequest, SessionRequest],
        people: Sequence[RequestSpeaker],
        initial: Any = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.people = people
        named = [(side.value, _leader(one)) for side, one in zip(Leads, two, strict=True)]
        self.fields["leads"] = forms.ChoiceField(
            label=_("Who leads the joint session"), choices=named, widget=forms.RadioSelect
        )
        for one in people:
            self.fields[f"part-{one.pk}"] = forms.ChoiceField(
                label=one.name, choices=PARTS, initial=one.part, required=False
            )

    def joint(self) -> JointRequest:
        said = self.cleaned_data
        return JointRequest(
            words=Joint(said["title"], said["text"], said["language"]),
            leads=said["leads"],
            parts={one.pk: said[f"part-{one.pk}"] or one.part for one in self.people},
        )


def _leader(request: SessionRequest) -> str:
    """Return the label of a leading author."""
    symbol = request.symbol.short if request.symbol else ""
    return f"{request.author} ({symbol})" if request.author else symbol


class MergingReasonForm(CleanForm):
    """The reason for declining or undoing."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Those concerned read it."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
