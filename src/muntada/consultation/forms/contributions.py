"""What an author fills in."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from muntada.consultation.forms.fields import line_field, page_language, words_field
from muntada.consultation.models import Contribution, ContributionDraft
from muntada.consultation.rules.contributions import (
    SHOWN_AS_WORDS,
    TEXT_LENGTH,
    Saying,
    ShownAs,
)
from muntada.forums.queries import Here, goals_of, lines_of
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.people.queries import organisations_of


class ContributionForm(forms.Form):
    """A contribution. Nothing is obliged while it is a draft; what is missing is said on submitting."""

    language = forms.ChoiceField(label=_("Language you write in"), choices=CONTENT_LANGUAGES)
    title = line_field(_("Title"))
    text = words_field(
        _("Your contribution"),
        TEXT_LENGTH,
        rows=14,
        help_text=_(
            "Cite what is in the record by its symbol, like [C/12] or [D/3]. **Bold** and lists work."
        ),
    )
    lines = forms.TypedMultipleChoiceField(
        label=_("Action lines it is about"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    goals = forms.TypedMultipleChoiceField(
        label=_("Goals it is about"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    organisation = forms.TypedChoiceField(
        label=_("In the name of"), coerce=int, empty_value=None, required=False
    )
    shown_as = forms.ChoiceField(
        label=_("How you are shown"),
        choices=list(SHOWN_AS_WORDS.items()),
        widget=forms.RadioSelect,
    )
    consent_to_publish = forms.BooleanField(
        label=_("Publish this text with the record of the forum"),
        help_text=_("Without this, only you and those who answer it can read it."),
        required=False,
    )
    attachment = forms.FileField(
        label=_("Attach a file"),
        help_text=_("A PDF, DOCX, ODT, PNG or JPEG file of at most 10 MB."),
        required=False,
    )

    def __init__(self, *args: Any, here: Here, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theirs = organisations_of(here.person) if here.person else []
        self._choose("lines", [(line.pk, str(line)) for line in lines_of(here.forum)])
        self._choose("goals", [(goal.pk, str(goal)) for goal in goals_of(here.forum)])
        self._choose("organisation", [("", _("Myself")), *((one.pk, one.name) for one in theirs)])
        if not theirs:
            del self.fields["organisation"]
            words = [(key, word) for key, word in SHOWN_AS_WORDS.items() if key != "organisation"]
            self._choose("shown_as", words)

    def _choose(self, field: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    def saying(self) -> Saying:
        words = self.cleaned_data
        return Saying(
            title=words.get("title", ""),
            text=words.get("text", ""),
            language=words.get("language") or page_language(),
            consent_to_publish=words.get("consent_to_publish", False),
            shown_as=words.get("shown_as") or ShownAs.NAME,
            organisation_id=words.get("organisation"),
            line_ids=tuple(words.get("lines", ())),
            goal_ids=tuple(words.get("goals", ())),
        )

    @property
    def upload(self) -> "UploadedFile[Any] | None":
        upload: UploadedFile[Any] | None = self.cleaned_data.get("attachment")
        return upload


def as_typed(words: ContributionDraft | Contribution | None) -> dict[str, Any]:
    """Return what the form begins with: the draft, else what was submitted, else nothing."""
    if words is None:
        return {"language": page_language(), "shown_as": ShownAs.NAME, "consent_to_publish": True}
    if isinstance(words, ContributionDraft):
        lines, goals = words.line_ids, words.goal_ids
    else:
        lines = [line.pk for line in words.lines.all()]
        goals = [goal.pk for goal in words.goals.all()]
    return {
        "language": words.language,
        "title": words.title,
        "text": words.text,
        "organisation": words.organisation_id,
        "shown_as": words.shown_as,
        "consent_to_publish": words.consent_to_publish,
        "lines": lines,
        "goals": goals,
    }
