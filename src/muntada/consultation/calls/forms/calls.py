"""Forms of the secretariat for calls: preparation, questions, extension."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.consultation.calls.actions.preparing import CallPlan
from muntada.consultation.calls.forms.fields import page_language
from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import (
    TITLE_LENGTH,
    CallVotesOpenTo,
    ResultsVisible,
    StatementsOpenTo,
)
from muntada.consultation.calls.rules.gives_out import GIVES_OUT_WORDS
from muntada.forums.rules.reasons import REASON_LENGTH
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.edit_forms import EditForm, EditFormSet
from muntada.foundations.languages import (
    CONTENT_LANGUAGES,
    LANGUAGE_CODES,
    city_name,
    direction,
    language_name,
)

INTRODUCTION_LENGTH = 4_000
MOST_WORDS = 5_000
MOST_QUESTIONS = 20

VOTES_WORDS: Mapping[CallVotesOpenTo, Promise] = {
    CallVotesOpenTo.ANYONE: _("Anyone, without an account"),
    CallVotesOpenTo.SIGNED_IN: _("Whoever is signed in"),
    CallVotesOpenTo.VOUCHED: _("Whoever is confirmed by their organization"),
    CallVotesOpenTo.NOBODY: _("Nobody"),
}
STATEMENTS_WORDS: Mapping[StatementsOpenTo, Promise] = {
    StatementsOpenTo.SIGNED_IN: _("Whoever is signed in"),
    StatementsOpenTo.NOBODY: _("Only the moderators"),
}
RESULTS_WORDS: Mapping[ResultsVisible, Promise] = {
    ResultsVisible.ALWAYS: _("At any time"),
    ResultsVisible.AFTER_VOTE: _("To whoever has voted"),
    ResultsVisible.AFTER_CLOSE: _("When the call is closed"),
}


def moment_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateTimeField:
    """Return a field for date and time in the zone of the forum."""
    form = "%Y-%m-%dT%H:%M"
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}, format=form)
    return forms.DateTimeField(
        label=label, required=required, help_text=help_text, widget=widget, input_formats=[form]
    )


def name_zone(form: forms.Form) -> None:
    """Show the time zone beside each field."""
    city = city_name(timezone.get_current_timezone_name())
    where = gettext("In the time of %(city)s.") % {"city": city}
    for field in form.fields.values():
        if isinstance(field, forms.DateTimeField):
            field.help_text = f"{field.help_text} {where}".strip()


def in_order(languages: Iterable[str]) -> list[str]:
    """Return the languages, the page's own first."""
    return sorted(languages, key=lambda language: language != page_language())


@dataclass(frozen=True)
class CallFieldsInLanguage:
    """The fields of one language."""

    language: str
    fields: Sequence[forms.BoundField]

    @property
    def is_filled(self) -> bool:
        return any(field.value() for field in self.fields)

    @property
    def has_errors(self) -> bool:
        return any(field.errors for field in self.fields)


class TextsForm(EditForm):
    """A form with texts in each language of the forum."""

    def by_language(self) -> list[CallFieldsInLanguage]:
        """Return the fields by language, the page's own first."""
        languages = list(dict.fromkeys(name.partition("_")[2] for name in self.fields if self._is_text(name)))
        return [
            CallFieldsInLanguage(one, [self[name] for name in self.fields if self._is_text(name, one)])
            for one in languages
        ]

    def other_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if not self._is_text(field.name)]

    def _is_text(self, name: str, language: str = "") -> bool:
        asked = name.partition("_")[2]
        return asked == language if language else asked in LANGUAGE_CODES

    def add_texts(
        self, name: str, label: Any, languages: Sequence[str], *, limit: int, rows: int = 1
    ) -> None:
        for language in languages:
            attrs = {"dir": direction(language), "lang": language}
            widget: forms.Widget = forms.TextInput(attrs=attrs)
            if rows > 1:
                widget = forms.Textarea(attrs=attrs | {"rows": rows})
            self.fields[f"{name}_{language}"] = forms.CharField(
                label=f"{label} ({language_name(language)})", required=False, max_length=limit, widget=widget
            )

    def texts(self, name: str, *, is_line: bool = True) -> dict[str, str]:
        """Return the non-empty texts by language."""
        clean = clean_line if is_line else clean_text
        found = {
            key.removeprefix(f"{name}_"): clean(value)
            for key, value in self.cleaned_data.items()
            if key.startswith(f"{name}_") and isinstance(value, str)
        }
        return {language: text for language, text in found.items() if text}


def initial_texts(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}_{language}": text for language, text in texts.items()}


class CallForm(TextsForm):
    """A call in preparation."""

    slug = forms.SlugField(
        label=_("Address"),
        max_length=64,
        help_text=_("Small letters, digits and hyphens, like open-call; it stays when the call is open."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    opens_at = moment_field(_("Opens"))
    closes_at = moment_field(
        _("Closes"), required=False, help_text=_("The first moment at which nobody can submit any more.")
    )
    takes_contributions = forms.BooleanField(label=_("People can write contributions"), required=False)
    takes_attachments = forms.BooleanField(label=_("Files can be attached"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages people can write in"),
        required=False,
        choices=CONTENT_LANGUAGES,
        help_text=_("If none is chosen, people write in any of them."),
        widget=forms.CheckboxSelectMultiple,
    )
    votes_open_to = forms.ChoiceField(
        label=_("Who may vote on statements"), choices=list(VOTES_WORDS.items())
    )
    statements_open_to = forms.ChoiceField(
        label=_("Who may put a statement to the vote"), choices=list(STATEMENTS_WORDS.items())
    )
    statements_wait = forms.BooleanField(
        label=_("A moderator reads each statement before it is put to the vote"), required=False
    )
    results_visible = forms.ChoiceField(label=_("Votes are shown"), choices=list(RESULTS_WORDS.items()))
    gives_out = forms.ChoiceField(
        label=_("Of the votes is given out"),
        choices=list(GIVES_OUT_WORDS.items()),
        widget=forms.RadioSelect,
        help_text=_(
            "One or the other, for good: whoever has the votes of each and the results of each group "
            "can find out who said what of themselves. It cannot be changed when the call is open."
        ),
    )
    source = forms.CharField(
        label=_("Source of the questions"),
        required=False,
        max_length=500,
        widget=forms.TextInput({"dir": "auto"}),
    )
    source_url = forms.URLField(
        label=_("Address of the source"),
        required=False,
        max_length=500,
        widget=forms.URLInput({"dir": "ltr"}),
    )

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown_in = in_order(languages)
        self.add_texts("title", _("Title"), self.shown_in, limit=TITLE_LENGTH)
        self.add_texts("introduction", _("Introduction"), self.shown_in, limit=INTRODUCTION_LENGTH, rows=4)
        name_zone(self)
        words = [f"{name}_{one}" for one in self.shown_in for name in ("title", "introduction")]
        self.order_fields([*words, *(name for name in self.fields if name not in words)])

    def plan(self) -> CallPlan:
        words = self.cleaned_data
        kept = (
            *("slug", "opens_at", "closes_at", "takes_contributions", "takes_attachments", "votes_open_to"),
            *("statements_open_to", "statements_wait", "results_visible", "gives_out", "source"),
            "source_url",
        )
        return CallPlan(
            titles=self.texts("title"),
            introductions=self.texts("introduction", is_line=False),
            languages=tuple(words["languages"]),
            **{name: words[name] for name in kept},
        )


def call_as_typed(call: Call) -> dict[str, Any]:
    plain = {name: getattr(call, name) for name in CallForm.base_fields}
    return plain | initial_texts("title", call.titles) | initial_texts("introduction", call.introductions)


class CallQuestionForm(TextsForm):
    """One question of a set."""

    code = forms.SlugField(required=False, widget=forms.HiddenInput)
    required = forms.BooleanField(label=_("Has to be answered"), required=False)
    words = forms.IntegerField(
        label=_("At most so many words"), required=False, min_value=1, max_value=MOST_WORDS
    )

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = in_order(languages)
        self.add_texts("label", _("Question"), self.languages, limit=500, rows=2)
        self.add_texts("hint", _("Hint"), self.languages, limit=500)
        words = [f"{name}_{one}" for one in self.languages for name in ("label", "hint")]
        self.order_fields(["code", *words, "required", "words"])


class QuestionsForm(EditFormSet):
    """All questions of a call on one page, changed together."""

    def clean(self) -> None:
        """Refuse a question without text."""
        for form in self.forms:
            if (form.has_changed() or form.initial) and not _is_deleted(form) and not form.texts("label"):
                form.add_error(None, gettext("Please write the question in at least one language."))

    def questions(self, used: Iterable[str] = (), asked: Iterable[str] = ()) -> list[CallQuestion]:
        """Return the questions in order; new ones get a code never used before.

        An old page that still shows a deleted question restores it as a new one.
        """
        before = set(asked)
        kept = [form for form in self.forms if form.texts("label") and not _is_deleted(form)]
        kept.sort(key=lambda form: form.cleaned_data.get("ORDER") or len(kept) + 1)
        codes = {*used, *(form.cleaned_data["code"] for form in kept)}
        questions = []
        for form in kept:
            words = form.cleaned_data
            is_kept = words["code"] in before
            code = words["code"] if is_kept else _free_code(codes)
            before.discard(code)
            codes.add(code)
            questions.append(
                CallQuestion(code, form.texts("label"), form.texts("hint"), words["required"], words["words"])
            )
        return questions


def _is_deleted(form: forms.BaseForm) -> bool:
    return bool(form.cleaned_data.get("DELETE"))


def question_set_form(extra: int) -> type[Any]:
    """Return the form of all questions, with `extra` empty ones."""
    made: type[Any] = forms.formset_factory(
        CallQuestionForm,
        formset=QuestionsForm,
        extra=extra,
        can_delete=True,
        can_order=True,
        max_num=MOST_QUESTIONS,
        validate_max=True,
    )
    return made


def questions_as_typed(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"code": item["code"], "required": item.get("required", False), "words": item.get("words")}
        | initial_texts("label", item["labels"])
        | initial_texts("hint", item.get("hints", {}))
        for item in items
    ]


def _free_code(taken: set[str]) -> str:
    return next(code for code in (f"q{number}" for number in range(1, 1_000)) if code not in taken)


class ExtensionForm(CleanForm):
    """The new end of a call, and the reason."""

    closes_at = moment_field(_("New end"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Everybody reads it; it goes by letter to those who write or have written."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_zone(self)
