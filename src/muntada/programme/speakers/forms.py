"""What an author fills in about people, and what these people answer."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Self

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.edit_forms import EditForm, EditFormSet
from muntada.foundations.languages import CONTENT_LANGUAGES, weekday_and_day
from muntada.people.forms import country_names
from muntada.people.rules import KIND_NAMES
from muntada.programme.requests.models.speakers import CoOrganiser, RequestSpeaker
from muntada.programme.requests.queries.requests import hours_of_speaker
from muntada.programme.requests.rules.speakers import (
    GENDER_NAMES,
    MOST_SPANS,
    NOTE_LENGTH,
    SPEAKING_PARTS,
    ZONE_LENGTH,
    Availability,
    DaySpan,
    FactsBy,
    GivenFacts,
    SpeakerAnswer,
)
from muntada.programme.sessions.forms import page_language
from muntada.programme.sessions.rules import NAME_LENGTH, PART_NAMES
from muntada.programme.speakers.actions.speakers import Naming, NamingBody, SpeakerReply

YES, NO = "yes", "no"
FIRST_TIME = (("", _("Not said")), (YES, _("Yes, for the first time")), (NO, _("No, not for the first time")))
PARTS = [(part.value, PART_NAMES[part]) for part in SPEAKING_PARTS]
ADD_ROW = "add_row"
TIME = "%H:%M"
PREFIX = "spans"
NO_ROWS = {f"{PREFIX}-TOTAL_FORMS": "0", f"{PREFIX}-INITIAL_FORMS": "0"}


class FactsForm(EditForm):
    """Raw facts of somebody, all of which can be left out."""

    kind = forms.ChoiceField(
        label=_("Stakeholder group"), choices=[("", _("Not said")), *KIND_NAMES.items()], required=False
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    is_headquarters = forms.BooleanField(
        label=_("At the headquarters of an international organization"), required=False
    )
    gender = forms.ChoiceField(
        label=_("Gender"), choices=[("", _("Not said")), *GENDER_NAMES.items()], required=False
    )
    is_first_time = forms.ChoiceField(
        label=_("At this forum for the first time"), choices=FIRST_TIME, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Not said")), *country_names()]  # type: ignore[attr-defined]

    def facts(self) -> GivenFacts:
        said = self.cleaned_data
        first = said["is_first_time"]
        return GivenFacts(
            kind=said["kind"],
            country=said["country"],
            is_headquarters=said["is_headquarters"],
            gender=said["gender"],
            is_first_time=None if not first else first == YES,
        )


def facts_as_typed(facts: GivenFacts) -> dict[str, Any]:
    first = facts.is_first_time
    return {
        "kind": facts.kind,
        "country": facts.country,
        "is_headquarters": facts.is_headquarters,
        "gender": facts.gender,
        "is_first_time": "" if first is None else YES if first else NO,
    }


class SpeakerForm(FactsForm):
    """Whom an author wants to hear."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    part = forms.ChoiceField(label=_("What they are asked to do"), choices=PARTS)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("For the letter that asks them. Nobody else sees it, and it is deleted after the forum."),
        required=False,
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=CONTENT_LANGUAGES)
    field_order = ("name", "part", "email", "language")

    def naming(self) -> Naming:
        said = self.cleaned_data
        return Naming(said["name"], said["email"], said["language"], said["part"], self.facts())


def speaker_as_typed(speaker: RequestSpeaker | None) -> dict[str, Any]:
    if speaker is None:
        return {"language": page_language(), "part": PARTS[0][0]}
    given = next((one.as_facts for one in speaker.facts.all() if one.by == FactsBy.ORGANISER), GivenFacts())
    kept = {name: getattr(speaker, name) for name in ("name", "part", "email", "language")}
    return kept | facts_as_typed(given)


class CoOrganiserForm(EditForm):
    """With whom an author wants to organise."""

    body = forms.CharField(
        label=_("Organization"),
        help_text=_("Leave it empty for somebody who organizes for themselves."),
        max_length=200,
        required=False,
    )
    name = forms.CharField(label=_("Name of the person who answers for it"), max_length=NAME_LENGTH)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("For the letter that asks them. Nobody else sees it, and it is deleted after the forum."),
        required=False,
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=CONTENT_LANGUAGES)
    kind = forms.ChoiceField(
        label=_("Stakeholder group"), choices=[("", _("Not said")), *KIND_NAMES.items()], required=False
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    is_headquarters = forms.BooleanField(
        label=_("At the headquarters of an international organization"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Not said")), *country_names()]  # type: ignore[attr-defined]

    def naming(self) -> NamingBody:
        return NamingBody(**self.cleaned_data)


def body_as_typed(one: CoOrganiser | None) -> dict[str, Any]:
    if one is None:
        return {"language": page_language()}
    return {name: getattr(one, name) for name in CoOrganiserForm.base_fields}


class InvitationReplyForm(EditForm):
    """Yes or no, under a link; for a co-organiser that is all."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[(YES, _("Yes, I take part")), (NO, _("No"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Your name"), max_length=NAME_LENGTH, help_text=_("As it should stand in the programme.")
    )
    note = forms.CharField(
        label=_("A word to whoever asked you"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    field_order: Sequence[str] = ("answer", "name", "note")

    def reply(self) -> SpeakerReply:
        said = self.cleaned_data
        return SpeakerReply(said["answer"] == YES, said["name"], note=said["note"])


class AvailabilityForm(EditForm):
    """When somebody can take part, and from where."""

    is_remote = forms.BooleanField(label=_("I take part online, from another place"), required=False)
    zone = forms.CharField(
        label=_("Time zone you are in"),
        help_text=_("Such as Asia/Kathmandu. Needed if you give hours."),
        max_length=ZONE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"list": "zones", "dir": "ltr", "autocomplete": "off"}),
    )
    hours_from = forms.TimeField(
        label=_("On your clock I can from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format=TIME),
    )
    hours_to = forms.TimeField(
        label=_("On your clock I can until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format=TIME),
    )
    days_away = forms.MultipleChoiceField(
        label=_("Days on which you cannot"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: Any = None,
        *,
        first: date,
        last: date,
        initial: Mapping[str, Any] | None = None,
        rows: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        self.fields["days_away"].choices = [  # type: ignore[attr-defined]
            (day.isoformat(), weekday_and_day(day)) for day in days
        ]
        self.days = (first, last)
        # A row more than there are, so that the next hours can be given at once.
        shown = [dict(row) for row in rows] + ([{}] if len(rows) < MOST_SPANS else [])
        # A page that was open before there were rows sends none.
        has_rows = data is None or f"{PREFIX}-TOTAL_FORMS" in data
        self.spans = SpanFormSet(
            data if has_rows else {**NO_ROWS}, initial=shown if has_rows else None, prefix=PREFIX
        )

    def is_valid(self) -> bool:
        """Whether all of it can be read, the rows as well."""
        if not super().is_valid():
            return False
        if not self.spans.is_valid():
            self.add_error(None, gettext("Some hours on single days are not whole."))
        return not self.errors

    @property
    def has_spans(self) -> bool:
        """Whether a row is filled in, or wrong: then the rows are shown at once."""
        return any(row[name].value() for row in self.spans.forms for name in row.fields)

    def availability(self) -> Availability:
        said = self.cleaned_data
        return Availability(
            is_remote=said["is_remote"],
            zone=said["zone"].strip(),
            hours_from=said["hours_from"],
            hours_to=said["hours_to"],
            days_away=tuple(date.fromisoformat(day) for day in said["days_away"]),
            spans=tuple(span for row in self.spans.forms if (span := row.span()) is not None),
        )

    def with_another_row(self) -> Self:
        """Return the same form with what was typed and one row more; nothing is said to be wrong yet."""
        typed = {name: self[name].value() for name in self.fields}
        rows = [{name: row[name].value() for name in row.fields} for row in self.spans.forms]
        first, last = self.days
        longer = type(self)(initial=typed, rows=rows, first=first, last=last)
        for one in (longer, *longer.spans.forms):
            one.remembers(self.data)
        return longer


class SpeakerReplyForm(AvailabilityForm, InvitationReplyForm, FactsForm):
    """What a speaker answers: yes or no, facts of their own, and when they can."""

    field_order = (
        *("answer", "name", "is_remote", "zone", "hours_from", "hours_to", "days_away"),
        *("kind", "country", "is_headquarters", "gender", "is_first_time", "note"),
    )

    def reply(self) -> SpeakerReply:
        said = self.cleaned_data
        return SpeakerReply(
            said["answer"] == YES, said["name"], self.facts(), self.availability(), said["note"]
        )


def reply_as_typed(asked: RequestSpeaker | CoOrganiser) -> dict[str, Any]:
    """Return what an answer begins with: what was said under this link before, and nothing for anybody else.

    Facts the organiser gave are not shown: people say of themselves what they want, unled. When they can is
    shown as it was said for them, so that they can put it right.
    """
    answers = {SpeakerAnswer.YES.value: YES, SpeakerAnswer.NO.value: NO}
    said: dict[str, Any] = {"answer": answers.get(asked.answer), "name": asked.name, "note": asked.note}
    if isinstance(asked, RequestSpeaker):
        said |= facts_as_typed(asked.own_facts) | availability_as_typed(hours_of_speaker(asked).availability)
    return said


class SpanForm(EditForm):
    """Hours of a single day; an empty row says nothing."""

    use_required_attribute = False

    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format=TIME)
    )
    ends = forms.TimeField(
        label=_("To"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format=TIME)
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        given = [name for name in self.fields if self[name].value()]
        if given and len(given) < len(self.fields) and not self.errors:
            raise forms.ValidationError(gettext("Please give the day and both hours, or empty this row."))
        return said

    def span(self) -> DaySpan | None:
        said = self.cleaned_data
        if not said.get("day"):
            return None
        return DaySpan(said["day"], said["starts"], said["ends"])


SpanFormSet = forms.formset_factory(
    SpanForm, formset=EditFormSet, extra=0, max_num=MOST_SPANS, absolute_max=MOST_SPANS, validate_max=True
)


class TheirAvailabilityForm(AvailabilityForm):
    """The same, asked of whoever names somebody else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in {
            "is_remote": _("They take part online, from another place"),
            "zone": _("Time zone they are in"),
            "hours_from": _("On their clock they can from"),
            "hours_to": _("On their clock they can until"),
            "days_away": _("Days on which they cannot"),
        }.items():
            self.fields[name].label = label
        self.fields["zone"].help_text = _("Such as Asia/Kathmandu. Needed if you give hours.")


def availability_as_typed(said: Availability) -> dict[str, Any]:
    return {
        "is_remote": said.is_remote,
        "zone": said.zone,
        "hours_from": said.hours_from,
        "hours_to": said.hours_to,
        "days_away": [day.isoformat() for day in said.days_away],
    }


def spans_as_typed(said: Availability) -> list[dict[str, Any]]:
    return [{"day": one.day, "starts": one.starts, "ends": one.ends} for one in said.spans]
