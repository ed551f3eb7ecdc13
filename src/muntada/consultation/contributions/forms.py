"""Forms of contributions, for authors and the secretariat."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.forms.fields import RequiredText, line_field, page_language, words_field
from muntada.consultation.calls.models import QuestionSet
from muntada.consultation.contributions.models import Attachment, Contribution, ContributionDraft
from muntada.consultation.contributions.rules.contributions import (
    SHOWN_AS_WORDS,
    CameBy,
    Saying,
    ShownAs,
    answer_field,
)
from muntada.consultation.contributions.rules.drafts import WINDOW_LENGTH, by_question, under_questions
from muntada.consultation.contributions.rules.imports import (
    NAME_LENGTH,
    PROVENANCE_LENGTH,
    ReceivedContribution,
)
from muntada.forums.queries import ForumRequest, goals_of, lines_of
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.cleaning import clean_line
from muntada.foundations.languages import CONTENT_LANGUAGES, in_language
from muntada.people.forms import country_names
from muntada.people.queries import organisations_of
from muntada.people.rules import KIND_NAMES

FIRST_ROWS, LATER_ROWS = 12, 6
LEFT_OUT = ("revision", "window", "questions", "seen", "attachment", "left_out", "organisation")

SHOWN_WORDS: Mapping[ShownAs, Promise] = {
    ShownAs.NAME: _("With the name of the author"),
    ShownAs.ORGANISATION: _("With the name of the organization only"),
    ShownAs.NOBODY: _("Without a name"),
}


class ContributionForm(CleanForm):
    """A contribution: a field per question, and its author.

    Nothing is required in a draft; missing answers are reported on submission.
    """

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    window = forms.CharField(required=False, max_length=WINDOW_LENGTH, widget=forms.HiddenInput)
    questions = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    language = forms.ChoiceField(label=_("Language you write in"), choices=CONTENT_LANGUAGES)
    title = line_field(_("Title"), limit=None)
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
        label=_("In the name of"),
        help_text=_("What is known of the organization is taken from its entry: its kind and its country."),
        coerce=int,
        empty_value=None,
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("If you write for yourself: the group you belong to"),
        help_text=_(
            "This and the country are asked to see who is heard and who is missing. "
            "They are counted, never shown with your name; you can leave them out."
        ),
        choices=[("", _("Not said")), *KIND_NAMES.items()],
        required=False,
    )
    country = forms.ChoiceField(label=_("If you write for yourself: your country"), required=False)
    is_headquarters = forms.BooleanField(
        label=_("I write from the headquarters of an international organization"),
        help_text=_("Where many have their headquarters, a country would seem to say more than it does."),
        required=False,
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
        help_text=_("A PDF, DOCX, ODT, PNG or JPEG file of at most 10 MB, without a password."),
        required=False,
        # Empty files are refused later, after the texts are saved.
        allow_empty_file=True,
    )
    left_out = forms.TypedMultipleChoiceField(
        label=_("Files to take out"),
        help_text=_("What you submitted before keeps them."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        forum_request: ForumRequest,
        asked: QuestionSet | None,
        files: bool,
        submitted: Sequence[Attachment] = (),
        languages: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked_in = asked
        self.asked: Sequence[Mapping[str, Any]] = asked.items if asked else ()
        theirs = organisations_of(forum_request.person) if forum_request.person else []
        if languages:
            self._choose("language", [one for one in CONTENT_LANGUAGES if one[0] in languages])
        self._choose("lines", [(line.pk, str(line)) for line in lines_of(forum_request.forum)])
        self._choose("goals", [(goal.pk, str(goal)) for goal in goals_of(forum_request.forum)])
        self._choose("organisation", [("", _("Myself")), *((one.pk, one.name) for one in theirs)])
        self._choose("country", [("", _("Not said")), *country_names()])
        if not theirs:
            del self.fields["organisation"]
            words = [(key, word) for key, word in SHOWN_AS_WORDS.items() if key != "organisation"]
            self._choose("shown_as", words)
        if not files:
            del self.fields["attachment"]
        if submitted:
            self._choose("left_out", [(file.pk, str(file)) for file in submitted])
        else:
            del self.fields["left_out"]
        self._ask()

    def _choose(self, field: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    def _ask(self) -> None:
        """Add a field per question, in order, after the title."""
        names = ["text", *(answer_field(item["code"]) for item in self.asked[1:])]
        items: list[Mapping[str, Any] | None] = list(self.asked) or [None]
        for place, (name, item) in enumerate(zip(names, items, strict=True)):
            self.fields[name] = _question_field(item, is_first=not place)
        before = ["revision", "window", "questions", "seen", "language", "title", *names]
        self.order_fields([*before, *(name for name in self.fields if name not in before)])

    def saying(self) -> Saying:
        """Return the input even if some of it is invalid: a draft keeps it."""
        words = self.cleaned_data
        return Saying(
            title=self._typed("title"),
            text=self._typed("text"),
            language=words.get("language") or page_language(),
            consent_to_publish=words.get("consent_to_publish", False),
            shown_as=words.get("shown_as") or ShownAs.NAME,
            organisation_id=words.get("organisation"),
            kind=words.get("kind", ""),
            country=words.get("country", ""),
            is_headquarters=words.get("is_headquarters", False),
            line_ids=tuple(words.get("lines", ())),
            goal_ids=tuple(words.get("goals", ())),
            answers={item["code"]: self._typed(answer_field(item["code"])) for item in self.asked[1:]},
            question_set=words.get("questions"),
            seen=words.get("seen"),
            left_out=tuple(words.get("left_out", ())),
        )

    def _typed(self, name: str) -> str:
        # Texts never contain NUL, and PostgreSQL cannot store it.
        return str(self.cleaned_data.get(name, self.data.get(name, ""))).replace("\0", "")

    @property
    def upload(self) -> "UploadedFile[Any] | None":
        upload: UploadedFile[Any] | None = self.cleaned_data.get("attachment")
        return upload


def _question_field(item: Mapping[str, Any] | None, *, is_first: bool) -> RequiredText:
    label = in_language(item["labels"]) if item else _("Your contribution")
    hints = [in_language(item.get("hints", {}))] if item else []
    if is_first:
        hints.append(
            str(_("Cite what is in the record by its symbol, like [C/12] or [D/3]. **Bold** and lists work."))
        )
    rows = FIRST_ROWS if is_first else LATER_ROWS
    asked = words_field(label, None, rows=rows, help_text=" ".join(filter(None, hints)))
    asked.required = is_first or bool(item and item.get("required"))
    asked.most_words = item.get("words") if item else None
    # The browser must not block saving a draft because of a missing answer.
    asked.widget.is_required = False
    return asked


def as_typed(
    words: ContributionDraft | Contribution | None, asked: QuestionSet | None = None
) -> dict[str, Any]:
    """Return the initial values: the draft, else the submitted text."""
    questions = {"questions": asked.version if asked else None}
    if words is None:
        first = {"language": page_language(), "shown_as": ShownAs.NAME, "consent_to_publish": True}
        return first | questions
    if isinstance(words, ContributionDraft):
        lines, goals = words.line_ids, words.goal_ids
        answers = answers_as_typed(words, words.question_set, asked)
    else:
        lines = [line.pk for line in words.lines.all()]
        goals = [goal.pk for goal in words.goals.all()]
        answers = answers_as_typed(words, words.question_set, words.question_set)
    return (
        questions
        | {
            "revision": words.revision if isinstance(words, ContributionDraft) else None,
            "left_out": words.left_out if isinstance(words, ContributionDraft) else [],
            "language": words.language,
            "title": words.title,
            "organisation": words.organisation_id,
            "kind": words.kind,
            "country": words.country,
            "is_headquarters": words.is_headquarters,
            "shown_as": words.shown_as,
            "consent_to_publish": words.consent_to_publish,
            "lines": lines,
            "goals": goals,
        }
        | answers
    )


def answers_as_typed(
    words: Saying | ContributionDraft | Contribution, shown: QuestionSet | None, asked: QuestionSet | None
) -> dict[str, str]:
    """Return answers as initial values of the current questions."""
    texts = by_question(words.text, words.answers, shown.items if shown else ())
    text, answers = under_questions(texts, asked.items if asked else ())
    return {"text": text} | {answer_field(code): answer for code, answer in answers.items()}


class EntryForm(ContributionForm):
    """A contribution entered by staff."""

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

    def __init__(
        self, *args: Any, forum_request: ForumRequest, asked: QuestionSet | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, forum_request=forum_request, asked=asked, files=False, **kwargs)
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

    def taken(self) -> ReceivedContribution:
        words = self.cleaned_data
        body = clean_line(words["body"])
        saying = replace(self.saying(), question_set=None)
        return ReceivedContribution(
            # Contributions can be shown under an organization's name alone, found by name.
            saying=replace(saying, organisation_id=0) if body else saying,
            name=clean_line(words["author_name"]),
            email=words["author_email"],
            organisation=body,
            provenance=clean_line(words["provenance"]),
        )


class ContributionTableForm(CleanForm):
    """A table of contributions to import."""

    table = forms.FileField(
        label=_("Table"),
        help_text=_("An XLSX or CSV file made from the template. First you see what would be taken in."),
    )
