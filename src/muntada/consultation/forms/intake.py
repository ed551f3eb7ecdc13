"""What the secretariat fills in about what came in otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from muntada.consultation.forms.contributions import ContributionForm
from muntada.consultation.models import QuestionSet
from muntada.consultation.rules.contributions import CameBy, ShownAs
from muntada.consultation.rules.intake import NAME_LENGTH, PROVENANCE_LENGTH, Taken
from muntada.forums.queries import Here
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.cleaning import clean_line

LEFT_OUT = ("revision", "window", "questions", "seen", "attachment", "left_out", "organisation")

SHOWN_WORDS: Mapping[ShownAs, Promise] = {
    ShownAs.NAME: _("With the name of the author"),
    ShownAs.ORGANISATION: _("With the name of the organization only"),
    ShownAs.NOBODY: _("Without a name"),
}


class EntryForm(ContributionForm):
    """A contribution that came by letter or was said in a meeting, typed in by staff."""

    came_by = forms.ChoiceField(
        label=_("How it came in"),
        choices=[(CameBy.LETTER, _("By letter or e-mail")), (CameBy.MEETING, _("Said in a meeting"))],
        widget=forms.RadioSelect,
    )
    provenance = forms.CharField(
        label=_("Where it is from"),
        help_text=_("Which letter or meeting, of which day, and where it is kept. Everybody reads it."),
        max_length=PROVENANCE_LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    author_name = forms.CharField(
        label=_("Name of the author"),
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    author_email = forms.EmailField(
        label=_("E-mail address of the author"),
        help_text=_("The receipt and the reply go there; it is never shown."),
        required=False,
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )
    body = forms.CharField(
        label=_("Organization in whose name it is"),
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, here: Here, asked: QuestionSet | None, **kwargs: Any) -> None:
        super().__init__(*args, here=here, asked=asked, files=False, **kwargs)
        for name in LEFT_OUT:
            self.fields.pop(name, None)
        self.fields["kind"].label = _("Group it belongs to")
        self.fields["country"].label = _("Country")
        self.fields["is_headquarters"].label = _(
            "It comes from the headquarters of an international organization"
        )
        self.fields["consent_to_publish"].label = _("The author agreed to have it published")
        self.fields["consent_to_publish"].help_text = _("Without this, only those who answer it can read it.")
        self._choose("shown_as", list(SHOWN_WORDS.items()))
        self.order_fields(["came_by", "provenance", "author_name", "author_email", "body"])

    def taken(self) -> Taken:
        words = self.cleaned_data
        body = clean_line(words["body"])
        saying = replace(self.saying(), question_set=None)
        return Taken(
            # With the name of a body it can be shown with that alone; which one it is, is found by its name.
            saying=replace(saying, organisation_id=0) if body else saying,
            name=clean_line(words["author_name"]),
            email=words["author_email"],
            organisation=body,
            provenance=clean_line(words["provenance"]),
        )


class TableForm(CleanForm):
    """A table of contributions to be taken in."""

    table = forms.FileField(
        label=_("Table"),
        help_text=_("An XLSX or CSV file made from the template. First you see what would be taken in."),
    )
