"""Forms of statements and voters."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.forms.fields import line_field, words_field
from muntada.consultation.statements.actions.statements import Wording
from muntada.consultation.statements.rules.statements import (
    PASTED_LENGTH,
    STATEMENT_LENGTH,
    TranslationStatus,
)
from muntada.forums.rules.reasons import REASON_LENGTH
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.people.forms import CountryField
from muntada.people.rules import KIND_NAMES

STATUS_CHOICES: Mapping[TranslationStatus, Promise] = {
    TranslationStatus.AUTHOR: _("Translated by its author"),
    TranslationStatus.MACHINE: _("Machine translation"),
    TranslationStatus.REVIEWED: _("Reviewed translation"),
    TranslationStatus.OFFICIAL: _("Official translation"),
}


class StatementForm(CleanForm):
    """A statement."""

    text = words_field(
        _("Statement"),
        STATEMENT_LENGTH,
        rows=3,
        help_text=_("One thought that somebody can agree or disagree with, in the words of its author."),
    )
    language = forms.ChoiceField(label=_("Language of the statement"), choices=CONTENT_LANGUAGES)

    def wording(self) -> Wording:
        return Wording(self.cleaned_data["text"], self.cleaned_data["language"])

    @property
    def stamp(self) -> str:
        """Return a token for this text: similar statements have been shown."""
        words = f"{self.cleaned_data['language']}\n{self.cleaned_data['text']}"
        return hashlib.sha256(words.encode()).hexdigest()


class PasteForm(CleanForm):
    """Statements, one per line."""

    text = words_field(
        _("Statements, one per line"),
        PASTED_LENGTH,
        rows=14,
        help_text=_("All of them are put to the vote, or none: what is wrong is said with its line."),
    )
    language = forms.ChoiceField(label=_("Language of the statements"), choices=CONTENT_LANGUAGES)


class SplitForm(CleanForm):
    """The parts of a statement, one per line."""

    text = words_field(
        _("Its parts, one per line"),
        STATEMENT_LENGTH * 4,
        rows=6,
        help_text=_("One thought each. Every part shows for good what it was split from."),
    )
    keeps_original = forms.BooleanField(
        required=False, label=_("Keep the longer statement in the vote, too"), initial=False
    )


class MergeForm(CleanForm):
    """The statement to merge into."""

    into = line_field(
        _("Symbol of the statement that stays, like T/12"),
        limit=24,
        help_text=_("Votes stay where they were cast; whoever voted is asked to vote on the other one."),
        direction="ltr",
    )


class CorrectForm(EditForm):
    """The corrected text and the reason."""

    text = words_field(_("The words as they should be"), STATEMENT_LENGTH, rows=3)
    reason = line_field(_("What was wrong"), limit=200)


class TranslateForm(EditForm):
    """A translation and its status."""

    language = forms.ChoiceField(label=_("Language of the translation"), choices=CONTENT_LANGUAGES)
    text = words_field(
        _("Translation"),
        STATEMENT_LENGTH,
        rows=3,
        help_text=_("Leave it empty to take out the translation that stands there."),
    )
    status = forms.ChoiceField(label=_("How it was made"), choices=list(STATUS_CHOICES.items()))
    reason = line_field(
        _("What was wrong"), limit=200, help_text=_("Needed once there are votes and the words change.")
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["text"].required = self.fields["reason"].required = False


class HideForm(CleanForm):
    """The reason for hiding a statement."""

    reason = words_field(_("Why it is taken out of the vote"), REASON_LENGTH, rows=2)


class RefuseForm(CleanForm):
    """The reason for refusing a statement."""

    reason = words_field(_("Why it is not put to the vote"), REASON_LENGTH, rows=2)


class DeclareForm(CleanForm):
    """The declaration of an anonymous voter: asked once, voluntary."""

    kind = forms.ChoiceField(
        required=False,
        label=_("You are part of"),
        choices=[("", _("I would rather not say")), *((one.value, name) for one, name in KIND_NAMES.items())],
    )
    country = CountryField(label=_("Country"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        country = self.fields["country"]
        if isinstance(country, CountryField):
            country.prepare()


class BanForm(CleanForm):
    """The reason for a ban."""

    reason = words_field(_("Why their votes do not count; it is said to them"), REASON_LENGTH, rows=2)
