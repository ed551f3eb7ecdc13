"""What people fill in: a request, a decision, rooms and slots, a timetable, a move, a release."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from muntada.forums.models import Forum, Goal, Line
from muntada.foundations.languages import CONTENT_LANGUAGES, LANGUAGE_CODES
from muntada.people.models import Organisation, Person
from muntada.programme import rules
from muntada.programme.actions.decisions import Merged, Reason
from muntada.programme.actions.requests import NewRequest, NewSpeaker
from muntada.programme.actions.timetables import EFFORTS
from muntada.programme.models import Placement, Room, Session, SessionRequest, Slot

MINUTES = (30, 45, 60, 75, 90, 120, 180)
FIRST_ROWS = 3


def page_language() -> str:
    language = get_language() or "en"
    return language if language in LANGUAGE_CODES else "en"


class RequestForm(forms.Form):
    """A session request. Nothing is obliged while it is a draft; what is missing is said on submitting."""

    use_required_attribute = False

    title = forms.CharField(label=_("Title"), max_length=rules.TITLE_LENGTH, required=False)
    description = forms.CharField(
        label=_("What the session is about"),
        help_text=_("What you want to discuss, with whom, and what should come out. Cite with [C/12]."),
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        max_length=rules.DESCRIPTION_LENGTH,
        required=False,
    )
    language = forms.ChoiceField(label=_("Language of your text"), choices=CONTENT_LANGUAGES)
    kind = forms.ChoiceField(label=_("Kind of session"), choices=list(rules.SESSION_KIND_NAMES.items()))
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
        choices=list(rules.SERVICE_NAMES.items()),
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
        "kind": rules.SessionKind.WORKSHOP.value,
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
    rows = forms.formset_factory(SpeakerForm, extra=FIRST_ROWS + more, max_num=rules.MOST_SPEAKERS)
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


class DecisionForm(forms.Form):
    """What the secretariat decides on one request."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Shown to everybody. Needed for declining and referring."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
        max_length=4000,
    )
    reason_language = forms.ChoiceField(label=_("Language of the reason"), choices=CONTENT_LANGUAGES)

    def __init__(self, data: object = None) -> None:
        super().__init__(data, initial={"reason_language": page_language()})  # type: ignore[arg-type]

    def why(self) -> Reason:
        return Reason(self.cleaned_data["reason"], self.cleaned_data["reason_language"])


class MergeForm(DecisionForm):
    """How the session made of several requests is called and what it is about."""

    title = forms.CharField(label=_("Title of the session"), max_length=rules.TITLE_LENGTH)
    description = forms.CharField(
        label=_("What the session is about"),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        required=False,
        max_length=rules.DESCRIPTION_LENGTH,
    )
    language = forms.ChoiceField(label=_("Language of title and text"), choices=CONTENT_LANGUAGES)
    field_order = ("title", "description", "language", "reason", "reason_language")

    def __init__(self, data: object = None, *, first: SessionRequest) -> None:
        super().__init__(data)
        self.fields["reason"].help_text = gettext("Shown to everybody.")
        self.initial["title"], self.initial["description"] = first.title, first.description
        self.initial["language"] = first.language

    def words(self) -> Merged:
        values = self.cleaned_data
        return Merged(values["title"], values["description"], values["language"])


class RoomForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    seats = forms.IntegerField(
        label=_("Seats"),
        help_text=_("For an online room: how many can join."),
        min_value=1,
        max_value=1_000_000,
    )
    services = forms.MultipleChoiceField(
        label=_("What the room has"),
        choices=list(rules.SERVICE_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_online_only = forms.BooleanField(label=_("An online room"), required=False)


class PeriodForm(forms.Form):
    """A period by the clock of the forum."""

    on_date = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("To"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def moment(self, name: str, zone: ZoneInfo) -> datetime:
        on_date: date = self.cleaned_data["on_date"]
        clock: time = self.cleaned_data[name]
        return datetime.combine(on_date, clock, tzinfo=zone)


class ClosureForm(PeriodForm):
    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none())
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)
    field_order = ("room", "on_date", "starts", "ends", "reason")

    def __init__(self, data: object = None, *, forum: Forum) -> None:
        super().__init__(data, initial={"on_date": forum.starts_date})  # type: ignore[arg-type]
        self.fields["room"].queryset = Room.objects.filter(forum=forum)  # type: ignore[attr-defined]


class SlotsForm(PeriodForm):
    """Slots of one length, one after the other, from a time to a time; on one day or on each day."""

    minutes = forms.IntegerField(label=_("Minutes of each slot"), min_value=10, max_value=480, initial=60)
    pause = forms.IntegerField(label=_("Minutes between slots"), min_value=0, max_value=240, initial=0)
    each_day = forms.BooleanField(label=_("On each day of the forum"), required=False, initial=True)

    def __init__(self, data: object = None, *, forum: Forum) -> None:
        super().__init__(data, initial={"on_date": forum.starts_date, "starts": time(9), "ends": time(13)})  # type: ignore[arg-type]

    def periods(self, forum: Forum) -> list[tuple[datetime, datetime]]:
        values = self.cleaned_data
        days = (forum.ends_date - forum.starts_date).days + 1
        every = [forum.starts_date + timedelta(days=number) for number in range(days)]
        length, pause = timedelta(minutes=values["minutes"]), timedelta(minutes=values["pause"])
        found = []
        for day in every if values["each_day"] else [values["on_date"]]:
            begins = datetime.combine(day, values["starts"], tzinfo=forum.timezone)
            last = datetime.combine(day, values["ends"], tzinfo=forum.timezone)
            while begins + length <= last:
                found.append((begins, begins + length))
                begins += length + pause
        return found


class TimetableForm(forms.Form):
    effort = forms.ChoiceField(
        label=_("How long to search"),
        choices=[("quick", _("quickly")), ("normal", _("normally")), ("thorough", _("thoroughly"))],
        initial="normal",
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        help_text=_("The same seed and the same requests give the same timetable."),
        min_value=0,
        max_value=2_000_000_000,
        initial=0,
    )

    def seconds(self) -> float:
        return EFFORTS[self.cleaned_data["effort"]]


class SlotField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Slots, written by the clock of their forum."""

    zone = ZoneInfo("UTC")

    def label_from_instance(self, obj: Slot) -> str:
        return rules.moment_in_words(obj.starts_at, self.zone)


class MoveForm(forms.Form):
    """Where a session should stand instead."""

    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none())
    slot = SlotField(label=_("Start"), queryset=Slot.objects.none())

    def __init__(self, data: object = None, *, session: Session, placement: Placement | None) -> None:
        forum = session.forum
        slots = list(Slot.objects.filter(forum=forum))
        now = next((one.pk for one in slots if placement and one.starts_at == placement.period.lower), None)
        super().__init__(data, initial={"room": placement.room_id if placement else None, "slot": now})  # type: ignore[arg-type]
        self.fields["room"].queryset = Room.objects.filter(forum=forum)  # type: ignore[attr-defined]
        self.fields["slot"].queryset = Slot.objects.filter(forum=forum)  # type: ignore[attr-defined]
        self.fields["slot"].zone = forum.timezone  # type: ignore[attr-defined]


class ReleaseForm(forms.Form):
    note = forms.CharField(
        label=_("A note on this release"),
        help_text=_("Shown beside the programme; in the language of this page."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
        max_length=2000,
    )

    def notes(self) -> dict[str, str]:
        return {page_language(): self.cleaned_data["note"]}


class SessionForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=rules.TITLE_LENGTH)
    language = forms.ChoiceField(label=_("Language of the title"), choices=CONTENT_LANGUAGES)


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the session is cancelled"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        max_length=2000,
        required=False,
    )
