"""Forms of replies and reply templates."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.forms.fields import line_field, page_language, words_field
from muntada.consultation.replies.models import ReplyTemplate
from muntada.consultation.replies.rules import (
    DISPOSITION_WORDS,
    TEMPLATE_TITLE_LENGTH,
    Disposition,
    ReplyText,
    TemplateWords,
)
from muntada.forums.rules.reasons import REASON_LENGTH
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES, in_language, language_name, language_of


class ContributionReplyForm(CleanForm):
    """A reply: disposition and reason."""

    disposition = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=list(DISPOSITION_WORDS.items()),
        widget=forms.RadioSelect,
    )
    leads_to = forms.CharField(
        label=_("It leads to"),
        help_text=_("The symbol of the theme, contribution, session request or text, like M/3 or C/12."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    reason = words_field(
        _("Reason"),
        REASON_LENGTH,
        rows=6,
        help_text=_("Everybody reads it; the author gets it by letter."),
    )
    language = forms.ChoiceField(label=_("Language of the reason"), choices=CONTENT_LANGUAGES)

    def answer(self) -> ReplyText:
        words = self.cleaned_data
        return ReplyText(
            Disposition(words["disposition"]), words["reason"], words["language"], words["leads_to"]
        )


def filled_in(typed: dict[str, Any], template: ReplyTemplate, language: str) -> dict[str, Any]:
    """Append the text of a template to the input."""
    spoken = language_of(template.reasons, language)
    before = str(typed.get("reason", "")).strip()
    words = in_language(template.reasons, language)
    return {
        "disposition": template.disposition,
        "leads_to": typed.get("leads_to", ""),
        "reason": f"{before}\n\n{words}" if before else words,
        "language": spoken,
    }


class TemplateForm(EditForm):
    """A template with a reason in each language."""

    titles = line_field(
        _("Name of the template"), limit=TEMPLATE_TITLE_LENGTH, help_text=_("Only those who answer see it.")
    )
    disposition = forms.ChoiceField(
        label=_("What becomes of what is answered with it"),
        choices=list(DISPOSITION_WORDS.items()),
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, languages: Sequence[str], template: ReplyTemplate | None = None, **kwargs: Any
    ) -> None:
        self.languages = languages
        self.titles_before = template.titles if template else {}
        if template is not None:
            kept = {f"reason_{language}": text for language, text in template.reasons.items()}
            kwargs["initial"] = kept | {
                "titles": template.title_here,
                "disposition": template.disposition,
            }
        super().__init__(*args, **kwargs)
        for language in languages:
            field = words_field(
                _("Reason in: %(language)s") % {"language": language_name(language)}, REASON_LENGTH, rows=4
            )
            field.required = False
            field.widget.attrs["lang"] = language
            self.fields[f"reason_{language}"] = field

    def words(self) -> TemplateWords:
        typed = self.cleaned_data
        return TemplateWords(
            titles=self.titles_before | {page_language(): typed["titles"]},
            disposition=Disposition(typed["disposition"]),
            reasons={language: typed[f"reason_{language}"] for language in self.languages},
        )
