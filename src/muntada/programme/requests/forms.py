"""Forms of session requests."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.consultation.calls.forms.calls import TextsForm, in_order, initial_texts
from muntada.consultation.calls.forms.fields import RequiredText, words_field
from muntada.consultation.contributions.rules.contributions import answer_field
from muntada.consultation.contributions.rules.drafts import WINDOW_LENGTH
from muntada.forums.models import Goal, Line
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES, LANGUAGE_CODES, in_language, language_name
from muntada.people.models import Organisation
from muntada.programme.requests.actions.request_forms import FormPlan
from muntada.programme.requests.actions.requests import NewRequest
from muntada.programme.requests.models.request_forms import FormVersion
from muntada.programme.requests.rules.checks import (
    CHECK_NAMES,
    MOST_NUMBER,
    NUMBERS,
    STRENGTH_NAMES,
    RequestCheck,
    RuleStrength,
)
from muntada.programme.requests.rules.request_forms import (
    ANSWER_LENGTH,
    ASKED_NAMES,
    CALL_TEXT_LENGTH,
    NEVER_NEEDED,
    USUAL_MINUTES,
    WISH_NAMES,
    FieldUse,
    FormField,
    FormTerms,
)
from muntada.programme.requests.rules.requests import DESCRIPTION_LENGTH, MOST_SPEAKERS
from muntada.programme.sessions.forms import page_language
from muntada.programme.sessions.rules import SERVICE_NAMES, SESSION_KIND_NAMES, TITLE_LENGTH, SessionKind

MOST_AUDIENCE = 100_000
USUAL_LENGTH = 60
OWED_LENGTH = 100_000
MOST_LINES = 2_000


@dataclass(frozen=True)
class Offered:
    """The options of a request: kinds, lines, goals, own organizations."""

    kinds: Iterable[str]
    lines: Iterable[Line]
    goals: Iterable[Goal]
    organisations: Iterable[Organisation]


class RequestForm(CleanForm):
    """A session request. Nothing is required in a draft; missing fields are reported on submission."""

    use_required_attribute = False

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    window = forms.CharField(required=False, max_length=WINDOW_LENGTH, widget=forms.HiddenInput)
    questions = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind of session"), required=False)
    title = forms.CharField(label=_("Title"), required=False, widget=forms.TextInput(attrs={"dir": "auto"}))
    description = forms.CharField(
        label=_("What the session is about"),
        help_text=_("What you want to discuss, with whom, and what should come out. Cite with [C/12]."),
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        required=False,
    )
    language = forms.ChoiceField(label=_("Language of your text"), choices=CONTENT_LANGUAGES)
    minutes = forms.TypedChoiceField(label=_("Length in minutes"), coerce=int)
    organisation = forms.TypedChoiceField(
        label=_("For which organization"), coerce=int, empty_value=None, required=False
    )
    spoken = forms.MultipleChoiceField(
        label=_("Languages spoken in the session"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    audience = forms.IntegerField(
        label=_("How many people you expect"),
        help_text=_("On site; leave 0 if you do not know."),
        min_value=0,
        max_value=MOST_AUDIENCE,
        required=False,
    )
    is_online_only = forms.BooleanField(label=_("The session is held online only"), required=False)
    needs = forms.MultipleChoiceField(
        label=_("What the session needs"),
        choices=list(SERVICE_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    lines = forms.MultipleChoiceField(
        label=_("Action lines"), widget=forms.CheckboxSelectMultiple, required=False
    )
    goals = forms.MultipleChoiceField(label=_("Goals"), widget=forms.CheckboxSelectMultiple, required=False)
    answers = forms.CharField(
        label=_("What it answers"),
        help_text=_("Symbols of themes or contributions, such as M/3, C/12."),
        max_length=300,
        required=False,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        offered: Offered,
        asked: FormVersion | None,
        before: Mapping[str, Any],
        initial: Mapping[str, Any] | None = None,
        is_submitted: bool = False,
    ) -> None:
        """Ask what `asked` does. `before` is what the request says so far: what is not asked stays so."""
        super().__init__(data, initial={**as_typed(before), **(initial or {})})
        self.asked_in, self.before = asked, before
        self.terms = asked.terms if asked else FormTerms()
        lengths = {*self.terms.lengths, before.get("minutes", 0)} - {0} if before else self.terms.lengths
        self._choose("minutes", [(length, str(length)) for length in sorted(lengths)])
        self._choose("lines", [(line.code, str(line)) for line in offered.lines])
        self._choose("goals", [(goal.code, str(goal)) for goal in offered.goals])
        self._choose("spoken", [(code, language_name(code)) for code in LANGUAGE_CODES])
        own = [(organisation.pk, organisation.name) for organisation in offered.organisations]
        self._choose("organisation", [("", _("none: in my own name")), *own])
        self._choose("kind", [(kind, SESSION_KIND_NAMES[SessionKind(kind)]) for kind in offered.kinds])
        if asked is not None or is_submitted:
            # Another kind has another form, so the kind is chosen before.
            self.fields["kind"].widget = forms.HiddenInput()
        for what in FormField:
            if not self.terms.asks(what):
                del self.fields[what.value]
            elif self.terms.needs(what):
                self.fields[what.value].required = True
        for item in self.terms.items:
            self.fields[answer_field(item["code"])] = _question(item)
        self.order_fields(["revision", "window", "questions", "seen", "kind", "title", "description"])

    def _choose(self, field: str, choices: Any) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    def full_clean(self) -> None:
        """Skip required checks: drafts may be incomplete, and a rule checks submissions."""
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = False
        super().full_clean()
        for field in needed:
            field.required = True
        for name in ("title", "description", "language", "minutes"):
            self.fields[name].required = True

    def new_request(self) -> NewRequest:
        """Return what was typed, even where some of it is refused; what cannot be read stays as it was."""
        said, before = self.cleaned_data, self.before
        wanted = {
            "title": self._typed("title"),
            "description": self._typed("description"),
            "language": said.get("language") or before.get("language") or page_language(),
            "kind": said.get("kind") or before.get("kind") or SessionKind.WORKSHOP.value,
            "minutes": said.get("minutes") or before.get("minutes") or self._first_length(),
            "organisation_id": self._kept("organisation", "organisation_id", None),
            "spoken": self._kept("spoken", "spoken", ()),
            "audience": self._kept("audience", "audience", 0) or 0,
            "is_online_only": self._kept("is_online_only", "is_online_only", False),
            "needs": self._kept("needs", "needs", ()),
            "line_codes": self._kept("lines", "line_codes", ()),
            "goal_codes": self._kept("goals", "goal_codes", ()),
            "answers": self._kept("answers", "answers", ""),
            "track": before.get("track", ""),
            "said": {**before.get("said", {}), **self._answers()},
        }
        return NewRequest(**wanted)

    def _kept(self, field: str, word: str, nothing: Any) -> Any:
        return self.cleaned_data.get(field, self.before.get(word, nothing))

    def _answers(self) -> dict[str, str]:
        return {item["code"]: self._typed(answer_field(item["code"])) for item in self.terms.items}

    def _typed(self, name: str) -> str:
        # Texts never contain NUL, and PostgreSQL cannot store it.
        return str(self.cleaned_data.get(name, self.data.get(name, ""))).replace("\0", "")

    def _first_length(self) -> int:
        lengths = sorted(self.terms.lengths)
        return USUAL_LENGTH if USUAL_LENGTH in lengths or not lengths else lengths[0]

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if len(title) > TITLE_LENGTH:
            self.add_error("title", _too_long(TITLE_LENGTH))
        return title

    def clean_description(self) -> str:
        text: str = self.cleaned_data["description"]
        if len(text) > DESCRIPTION_LENGTH:
            self.add_error("description", _too_long(DESCRIPTION_LENGTH))
        return text


def _too_long(limit: int) -> forms.ValidationError:
    sentence = _("This is longer than %(limit)s characters. It is kept; please shorten it before you submit.")
    return forms.ValidationError(sentence, params={"limit": limit})


def _question(item: Mapping[str, Any]) -> RequiredText:
    hint = in_language(item.get("hints", {}))
    field = words_field(in_language(item["labels"]), ANSWER_LENGTH, rows=5, help_text=hint)
    field.required = bool(item.get("required"))
    field.most_words = item.get("words")
    field.widget.is_required = False
    return field


def as_typed(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form begins with: what the request says, else what is usual."""
    if not words:
        return {"language": page_language(), "kind": SessionKind.WORKSHOP.value, "minutes": USUAL_LENGTH}
    same = ("title", "description", "language", "kind", "minutes", "spoken", "audience", "is_online_only")
    return (
        {name: words.get(name) for name in (*same, "needs", "answers")}
        | {
            "organisation": words.get("organisation_id") or "",
            "lines": words.get("line_codes", ()),
            "goals": words.get("goal_codes", ()),
        }
        | {answer_field(code): text for code, text in words.get("said", {}).items()}
    )


class RequestTermsForm(TextsForm):
    """The fields of a form for a kind, without its own questions."""

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
        for asked in FormField:
            choices = [(wish.value, name) for wish, name in WISH_NAMES.items()]
            if asked in NEVER_NEEDED:
                choices = [one for one in choices if one[0] != FieldUse.NEEDED]
            self.fields[f"wish-{asked}"] = forms.ChoiceField(label=str(ASKED_NAMES[asked]), choices=choices)
        self.add_texts("text", _("Text of the call"), in_order(languages), limit=CALL_TEXT_LENGTH, rows=4)

    def clean_lengths(self) -> list[int]:
        pieces = re.split(r"[\s,;،]+", self.cleaned_data["lengths"].strip())
        if not all(piece.isdecimal() and len(piece) <= len("9999") for piece in pieces if piece):
            raise forms.ValidationError(gettext("Please give lengths as numbers, such as 45, 60, 90."))
        return sorted({int(piece) for piece in pieces if piece})

    def plan(self, questions: Sequence[CallQuestion]) -> FormPlan:
        said = self.cleaned_data
        return FormPlan(
            texts=self.texts("text", is_line=False),
            wishes={asked.value: said[f"wish-{asked}"] for asked in FormField},
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
        } | {f"wish-{asked}": FieldUse.ASKED.value for asked in FormField}
    return (
        {
            "lengths": ", ".join(str(one) for one in form.lengths),
            "fewest_speakers": form.fewest_speakers,
            "most_speakers": form.most_speakers,
        }
        | {f"wish-{asked}": form.wishes.get(asked, FieldUse.ASKED) for asked in FormField}
        | initial_texts("text", form.texts)
    )


class RulesForm(EditForm):
    """The strength and number of each rule."""

    def __init__(self, data: Any = None, *, rules: Sequence[RequestCheck]) -> None:
        super().__init__(data)
        self.rules = rules
        for rule in rules:
            name = str(CHECK_NAMES[rule.check])
            self.fields[f"{rule.check}-strength"] = forms.ChoiceField(
                label=name, choices=list(STRENGTH_NAMES.items()), initial=rule.strength.value
            )
            if rule.check in NUMBERS:
                self.fields[f"{rule.check}-number"] = forms.IntegerField(
                    label=gettext("Number for “%(rule)s”") % {"rule": name},
                    min_value=1,
                    max_value=MOST_NUMBER,
                    initial=rule.number,
                )

    def rows(self) -> Iterator[tuple[RequestCheck, forms.BoundField, forms.BoundField | None]]:
        """Return each rule with its fields, as a table shows them."""
        for rule in self.rules:
            number = self[f"{rule.check}-number"] if rule.check in NUMBERS else None
            yield rule, self[f"{rule.check}-strength"], number

    def chosen(self) -> list[RequestCheck]:
        said = self.cleaned_data
        return [
            RequestCheck(
                rule.check,
                RuleStrength(said[f"{rule.check}-strength"]),
                said.get(f"{rule.check}-number", rule.number),
            )
            for rule in self.rules
        ]


class OwedForm(EditForm):
    """Organizations with missing reports from another edition, one per line."""

    owed = forms.CharField(
        label=_("Who filed no report last time"),
        help_text=_(
            "One line each: the organization, then a semicolon and the session. An empty list clears it."
        ),
        max_length=OWED_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )

    def clean_owed(self) -> str:
        typed: str = self.cleaned_data["owed"]
        if len(typed.splitlines()) > MOST_LINES:
            sentence = gettext("The list has more than %(limit)s lines. Please shorten it.")
            raise forms.ValidationError(sentence % {"limit": MOST_LINES})
        return typed

    def rows(self) -> list[tuple[str, str]]:
        pairs = (line.partition(";") for line in self.cleaned_data["owed"].splitlines() if line.strip())
        return [(name.strip(), what.strip()) for name, _, what in pairs]
