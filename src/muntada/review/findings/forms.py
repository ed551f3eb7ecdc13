from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.forums.models import Forum, Goal, Line
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.review.findings.actions import FindingText
from muntada.review.findings.rules import KIND_NAMES, STRENGTH_NAMES, EvidenceStrength, FindingKind

TEXT_LENGTH = 3000


class FindingForm(EditForm):
    """What was found under a line, and what it rests on."""

    line = forms.ModelChoiceField(
        label=_("Action line"), queryset=Line.objects.none(), empty_label=_("Choose a line")
    )
    kind = forms.ChoiceField(label=_("What kind of finding is it?"), choices=list(KIND_NAMES.items()))
    text = forms.CharField(
        label=_("Finding"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Cite what it rests on by its symbol in square brackets, for example [C/12] or [D/3]."),
    )
    strength = forms.ChoiceField(label=_("How strong is the evidence?"), choices=list(STRENGTH_NAMES.items()))
    goals = forms.ModelMultipleChoiceField(
        label=_("Goals it concerns"),
        queryset=Goal.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=CONTENT_LANGUAGES)

    def __init__(self, *args: object, forum: Forum, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        lines, goals = self.fields["line"], self.fields["goals"]
        lines.queryset = Line.objects.filter(framework_id=forum.framework_id)  # type: ignore[attr-defined]
        goals.queryset = Goal.objects.filter(framework_id=forum.framework_id)  # type: ignore[attr-defined]

    def finding(self) -> FindingText:
        data = self.cleaned_data
        return FindingText(
            kind=FindingKind(data["kind"]),
            line=data["line"],
            text=data["text"],
            language=data["language"],
            strength=EvidenceStrength(data["strength"]),
            goals=tuple(data["goals"]),
        )
