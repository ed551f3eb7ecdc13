"""What people fill in: a contribution, a statement, a reply, a theme, an extension."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from muntada.consultation import rules
from muntada.consultation.actions.replies import Answer
from muntada.consultation.actions.statements import Wording
from muntada.consultation.actions.themes import Matter
from muntada.consultation.models import Contribution, Draft
from muntada.consultation.rules import Disposition, Saying
from muntada.forums.queries import Here, goals_of, lines_of
from muntada.foundations.languages import CONTENT_LANGUAGES, LANGUAGE_CODES
from muntada.people.queries import organisations_of


def page_language() -> str:
    language = get_language() or "en"
    return language if language in LANGUAGE_CODES else "en"


class Words(forms.CharField):
    """What has to be there in the end. A rule refuses its absence, with a sentence that says what to do."""

    def validate(self, value: Any) -> None:
        """Let an empty one through: a draft may hold it."""


def words_field(label: Any, limit: int, *, rows: int, help_text: Any = "") -> Words:
    """Make a field for a text somebody writes, shown in its own direction."""
    return Words(
        label=label,
        help_text=help_text,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


def line_field(
    label: Any, *, limit: int = rules.TITLE_LENGTH, help_text: Any = "", direction: str = "auto"
) -> Words:
    """Make a field for one line of words."""
    widget = forms.TextInput(attrs={"dir": direction})
    return Words(label=label, help_text=help_text, max_length=limit, widget=widget)


class ContributionForm(forms.Form):
    """A contribution. Nothing is obliged while it is a draft; what is missing is said on submitting."""

    language = forms.ChoiceField(label=_("Language you write in"), choices=CONTENT_LANGUAGES)
    title = line_field(_("Title"))
    text = words_field(
        _("Your contribution"),
        rules.TEXT_LENGTH,
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
        choices=list(rules.SHOWN_AS_WORDS.items()),
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
            words = [(key, word) for key, word in rules.SHOWN_AS_WORDS.items() if key != "organisation"]
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
            shown_as=words.get("shown_as") or rules.ShownAs.NAME,
            organisation_id=words.get("organisation"),
            line_ids=tuple(words.get("lines", ())),
            goal_ids=tuple(words.get("goals", ())),
        )

    @property
    def upload(self) -> "UploadedFile[Any] | None":
        upload: UploadedFile[Any] | None = self.cleaned_data.get("attachment")
        return upload


def as_typed(words: Draft | Contribution | None) -> dict[str, Any]:
    """Return what the form begins with: the draft, else what was submitted, else nothing."""
    if words is None:
        return {"language": page_language(), "shown_as": rules.ShownAs.NAME, "consent_to_publish": True}
    if isinstance(words, Draft):
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


class StatementForm(forms.Form):
    """A sentence put to the vote."""

    text = words_field(
        _("Statement"),
        rules.STATEMENT_LENGTH,
        rows=3,
        help_text=_("One thought that somebody can agree or disagree with, in the words of its author."),
    )
    language = forms.ChoiceField(label=_("Language of the statement"), choices=CONTENT_LANGUAGES)

    def wording(self) -> Wording:
        return Wording(self.cleaned_data["text"], self.cleaned_data["language"])


class HideForm(forms.Form):
    """Why a statement is taken out of the vote."""

    reason = words_field(_("Why it is taken out of the vote"), rules.REASON_LENGTH, rows=2)


class ReplyForm(forms.Form):
    """What became of a contribution, and why."""

    disposition = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=list(rules.DISPOSITION_WORDS.items()),
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
        rules.REASON_LENGTH,
        rows=6,
        help_text=_("Everybody reads it; the author gets it by letter."),
    )
    language = forms.ChoiceField(label=_("Language of the reason"), choices=CONTENT_LANGUAGES)

    def answer(self) -> Answer:
        words = self.cleaned_data
        return Answer(
            Disposition(words["disposition"]), words["reason"], words["language"], words["leads_to"]
        )


class ThemeForm(forms.Form):
    """A matter that several contributions raise."""

    title = line_field(_("Title of the theme"))
    description = forms.CharField(
        label=_("What it is about"),
        max_length=rules.REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language of the theme"), choices=CONTENT_LANGUAGES)
    contributions = line_field(
        _("Contributions that raise it"),
        limit=rules.REASON_LENGTH,
        help_text=_("Their symbols, like C/1, C/5."),
        direction="ltr",
    )

    def matter(self) -> Matter:
        words = self.cleaned_data
        return Matter({words["language"]: words["title"].strip()}, words["description"], words["language"])
