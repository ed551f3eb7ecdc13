"""What is filled in to put a statement to the vote, by moderators, and by a voter about themselves."""

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
    """A sentence put to the vote."""

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
        """Return what stands for these words once their near ones were shown; who sends it goes on."""
        words = f"{self.cleaned_data['language']}\n{self.cleaned_data['text']}"
        return hashlib.sha256(words.encode()).hexdigest()


class PasteForm(CleanForm):
    """Many statements, one per line."""

    text = words_field(
        _("Statements, one per line"),
        PASTED_LENGTH,
        rows=14,
        help_text=_("All of them are put to the vote, or none: what is wrong is said with its line."),
    )
    language = forms.ChoiceField(label=_("Language of the statements"), choices=CONTENT_LANGUAGES)


class SplitForm(CleanForm):
    """The parts of a longer statement, one per line."""

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
    """Which statement says the same and stays in the vote."""

    into = line_field(
        _("Symbol of the statement that stays, like T/12"),
        limit=24,
        help_text=_("Votes stay where they were cast; whoever voted is asked to vote on the other one."),
        direction="ltr",
    )


class CorrectForm(EditForm):
    """The words put right, and why."""

    text = words_field(_("The words as they should be"), STATEMENT_LENGTH, rows=3)
    reason = line_field(_("What was wrong"), limit=200)


class TranslateForm(EditForm):
    """A statement in another language, and how that came about."""

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
    """Why a statement is taken out of the vote."""

    reason = words_field(_("Why it is taken out of the vote"), REASON_LENGTH, rows=2)


class RefuseForm(CleanForm):
    """Why a statement is not put to the vote."""

    reason = words_field(_("Why it is not put to the vote"), REASON_LENGTH, rows=2)


class DeclareForm(CleanForm):
    """Who somebody is who votes without an account: asked once, and nobody has to say."""

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
    """Why the votes of somebody do not count."""

    reason = words_field(_("Why their votes do not count; it is said to them"), REASON_LENGTH, rows=2)
