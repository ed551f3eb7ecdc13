"""What the author of a session request fills in."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.forums.models import Goal, Line
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.people.models import Organisation, Person
from muntada.programme.actions.requests import NewRequest, NewSpeaker
from muntada.programme.forms.fields import page_language
from muntada.programme.models import SessionRequest
from muntada.programme.rules.requests import DESCRIPTION_LENGTH, MOST_SPEAKERS
from muntada.programme.rules.sessions import SERVICE_NAMES, SESSION_KIND_NAMES, TITLE_LENGTH, SessionKind

MINUTES = (30, 45, 60, 75, 90, 120, 180)


FIRST_ROWS = 3


class RequestForm(forms.Form):
    """A session request. Nothing is obliged while it is a draft; what is missing is said on submitting."""

    use_required_attribute = False

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH, required=False)
    description = forms.CharField(
        label=_("What the session is about"),
        help_text=_("What you want to discuss, with whom, and what should come out. Cite with [C/12]."),
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        max_length=DESCRIPTION_LENGTH,
        required=False,
    )
    language = forms.ChoiceField(label=_("Language of your text"), choices=CONTENT_LANGUAGES)
    kind = forms.ChoiceField(label=_("Kind of session"), choices=list(SESSION_KIND_NAMES.items()))
    minutes = forms.TypedChoiceField(label=_("Length in minutes"), coerce=int)
    organisation = forms.TypedChoiceField(
        label=_("For which organisation"), coerce=int, empty_value=None, required=False
    )
    i_speak = forms.BooleanField(label=_("I speak in this session myself"), required=False)
    audience = forms.IntegerField(
        label=_("How many people you expect"),
        help_text=_("On site; leave 0 if you do not know."),
        min_value=0,
        max_value=100_000,
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
        data: object = None,
        *,
        lines: Iterable[Line],
        goals: Iterable[Goal],
        organisations: Iterable[Organisation],
        draft: SessionRequest | None = None,
        answers: str = "",
    ) -> None:
        super().__init__(
            data,  # type: ignore[arg-type]
            initial=_as_initial(draft) if draft else _as_new(answers),
        )
        lengths = {*MINUTES, draft.minutes} if draft else set(MINUTES)
        self.fields["minutes"].choices = [(length, str(length)) for length in sorted(lengths)]  # type: ignore[attr-defined]
        self.fields["lines"].choices = [(line.code, str(line)) for line in lines]  # type: ignore[attr-defined]
        self.fields["goals"].choices = [(goal.code, str(goal)) for goal in goals]  # type: ignore[attr-defined]
        own = [(organisation.pk, organisation.name) for organisation in organisations]
        self.fields["organisation"].choices = [("", gettext("none: in my own name")), *own]  # type: ignore[attr-defined]

    def mark_needed(self) -> None:
        """Do not call optional on the page what is needed in the end, though a draft may lack it."""
        for name in ("title", "description"):
            self.fields[name].required = True

    def new_request(self, speakers: Iterable[NewSpeaker], author: Person) -> NewRequest:
        values = self.cleaned_data
        people = list(speakers)
        if values["i_speak"]:
            people.insert(0, NewSpeaker(str(author), is_confirmed=True, person_id=author.pk))
        return NewRequest(
            title=values["title"],
            description=values["description"],
            language=values["language"],
            kind=values["kind"],
            minutes=values["minutes"],
            organisation_id=values["organisation"],
            speakers=people,
            needs=values["needs"],
            audience=values["audience"] or 0,
            is_online_only=values["is_online_only"],
            line_codes=values["lines"],
            goal_codes=values["goals"],
            answers=values["answers"],
        )


def _as_new(answers: str) -> dict[str, object]:
    return {
        "language": page_language(),
        "kind": SessionKind.WORKSHOP.value,
        "minutes": 60,
        "answers": answers,
    }


def _as_initial(draft: SessionRequest) -> dict[str, object]:
    return {
        "title": draft.title,
        "description": draft.description,
        "language": draft.language,
        "kind": draft.kind,
        "minutes": draft.minutes,
        "organisation": draft.organisation_id or "",
        "i_speak": any(one.person_id == draft.author_id for one in draft.speakers.all() if one.person_id),
        "audience": draft.audience,
        "is_online_only": draft.is_online_only,
        "needs": draft.needs,
        "lines": [line.code for line in draft.lines.all()],
        "goals": [goal.code for goal in draft.goals.all()],
        "answers": draft.answers,
    }


class SpeakerForm(forms.Form):
    """One row of the list of speakers; an empty row is no speaker."""

    name = forms.CharField(label=_("Name of a speaker"), max_length=120, required=False)
    is_confirmed = forms.BooleanField(label=_("has said yes"), required=False)

    def speaker(self) -> NewSpeaker | None:
        name = self.cleaned_data.get("name", "")
        return NewSpeaker(name, is_confirmed=self.cleaned_data["is_confirmed"]) if name else None


def speaker_rows(
    data: object = None, draft: SessionRequest | None = None, more: int = 0
) -> "forms.BaseFormSet[SpeakerForm]":
    """Return the rows of speakers, with some empty ones to fill in."""
    rows = forms.formset_factory(SpeakerForm, extra=FIRST_ROWS + more, max_num=MOST_SPEAKERS)
    known = (
        [
            {"name": one.name, "is_confirmed": one.is_confirmed}
            for one in draft.speakers.all()
            if one.person_id is None or one.person_id != draft.author_id
        ]
        if draft
        else []
    )
    return rows(data, prefix="speakers", initial=known)  # type: ignore[arg-type]
