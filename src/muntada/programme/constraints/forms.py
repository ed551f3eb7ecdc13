"""Forms of constraints and timetable rules."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.foundations.edit_forms import EditForm
from muntada.foundations.errors import Refused
from muntada.programme.constraints.actions import RULE_FIELDS, RuleSettings, SessionTies
from muntada.programme.constraints.models import ApartSet, SessionSeries, TimetableRules
from muntada.programme.constraints.rules import (
    LONGEST_PAUSE,
    MOST_AUDIENCE,
    MOST_OF_AN_ORGANISER,
    MOST_WEIGHT,
    TIE_NAME_LENGTH,
    WEIGHT_NAMES,
    WEIGHT_WORDS,
    numbers_of_sessions,
)
from muntada.programme.sessions.models import Session
from muntada.programme.sessions.rules import TRACK_LENGTH

SYMBOLS_LENGTH = 4000


def _as_form_error[T](read: Callable[[], T]) -> T:
    try:
        return read()
    except Refused as refusal:
        raise forms.ValidationError(str(refusal)) from refusal


def _symbols(sessions: Sequence[Session]) -> str:
    return ", ".join(session.symbol.short for session in sessions)


class SessionTiesForm(EditForm):
    """The expected audience and constraints of a session."""

    audience = forms.IntegerField(
        label=_("How many people are expected"),
        help_text=_("It stands in a room with as many seats. 0: nobody has said."),
        min_value=0,
        max_value=MOST_AUDIENCE,
    )
    track = forms.CharField(
        label=_("Track"),
        max_length=TRACK_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "list": "tracks"}),
    )
    after = forms.CharField(
        label=_("It comes after"),
        help_text=_("Symbols of sessions that have to end before it begins, such as S/3, S/12."),
        max_length=SYMBOLS_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    apart = forms.MultipleChoiceField(
        label=_("Never at the same time as the others of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    new_apart = forms.CharField(
        label=_("or of a new set, called"),
        help_text=_("Such as “High-level segments”. Other sessions join it on their own pages."),
        max_length=TIE_NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    series = forms.TypedChoiceField(
        label=_("A part of the series"), coerce=int, empty_value=None, required=False
    )
    new_series = forms.CharField(
        label=_("or of a new series, called"),
        max_length=TIE_NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    part = forms.IntegerField(
        label=_("Which part it is"),
        help_text=_("1 is the first. Left empty, it is the last."),
        min_value=1,
        max_value=200,
        required=False,
    )

    def __init__(
        self,
        data: object = None,
        *,
        session: Session,
        series: Sequence[SessionSeries],
        sets: Sequence[ApartSet],
    ) -> None:
        super().__init__(data, initial=_ties_as_typed(session))  # type: ignore[arg-type]
        self.fields["apart"].choices = [(str(one.pk), one.name) for one in sets]  # type: ignore[attr-defined]
        names = [("", _("none")), *((str(one.pk), one.name) for one in series)]
        self.fields["series"].choices = names  # type: ignore[attr-defined]
        if not sets:
            del self.fields["apart"]
            self.fields["new_apart"].label = _("Never at the same time as the others of a new set, called")
        if not series:
            del self.fields["series"]
            self.fields["new_series"].label = _("A part of a new series, called")

    def clean_after(self) -> list[int]:
        return _as_form_error(lambda: numbers_of_sessions(self.cleaned_data["after"], "after"))

    def ties(self) -> SessionTies:
        said = self.cleaned_data
        return SessionTies(
            audience=said["audience"],
            track=said["track"],
            after=said["after"],
            apart=[int(one) for one in said.get("apart", [])],
            new_apart=said["new_apart"],
            series=said.get("series"),
            new_series=said["new_series"],
            part=said["part"],
        )


def _ties_as_typed(session: Session) -> dict[str, Any]:
    part = getattr(session, "series_part", None)
    earlier = session.comes_after.select_related("earlier__symbol").order_by("earlier__symbol__number")
    return {
        "audience": session.audience,
        "track": session.track,
        "after": _symbols([one.earlier for one in earlier]),
        "apart": [str(one.apart_id) for one in session.kept_apart.all()],
        "series": part.series_id if part else None,
        "part": part.position if part else None,
    }


class ApartForm(EditForm):
    """Sessions no two of which are at the same time."""

    name = forms.CharField(
        label=_("Name"), max_length=TIE_NAME_LENGTH, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    sessions = forms.CharField(
        label=_("Sessions"),
        help_text=_("Symbols such as S/3, S/12."),
        max_length=SYMBOLS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "spellcheck": "false"}),
    )

    def clean_sessions(self) -> list[int]:
        return _as_form_error(lambda: numbers_of_sessions(self.cleaned_data["sessions"], "sessions"))

    def keeping(self) -> Mapping[str, Any]:
        """Return the arguments of the action."""
        return {"name": self.cleaned_data["name"], "numbers": self.cleaned_data["sessions"]}


class SeriesForm(ApartForm):
    """The parts of a series in order."""

    same_day = forms.BooleanField(label=_("All parts on one day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sessions"].label = _("Parts")
        self.fields["sessions"].help_text = _("Symbols in their order, such as S/3, S/12.")

    def keeping(self) -> Mapping[str, Any]:
        return {**super().keeping(), "same_day": self.cleaned_data["same_day"]}


def series_as_typed(series: SessionSeries | None) -> dict[str, Any]:
    if series is None:
        return {}
    parts = _symbols([part.session for part in series.parts.all()])
    return {"name": series.name, "sessions": parts, "same_day": series.same_day}


def apart_as_typed(apart: ApartSet | None) -> dict[str, Any]:
    if apart is None:
        return {}
    return {"name": apart.name, "sessions": _symbols([one.session for one in apart.members.all()])}


HARD_FIELDS = (
    "organiser_limit",
    "pause_minutes",
    "tracks_never_meet",
    "lines_must_spread",
    "groups_must_spread",
)


class TimetableRulesForm(EditForm):
    """The rules of timetables."""

    organiser_limit = forms.IntegerField(
        label=_("Sessions of an organizer on a day, at most"),
        help_text=_(
            "No organization, and nobody who organizes alone, has more. Left empty: as many as there are."
        ),
        min_value=1,
        max_value=MOST_OF_AN_ORGANISER,
        required=False,
    )
    pause_minutes = forms.IntegerField(
        label=_("Minutes between two sessions of a person, at least"),
        help_text=_(
            "Everybody on a stage gets this pause; the time to walk to another building counts, too."
        ),
        min_value=0,
        max_value=LONGEST_PAUSE,
    )
    tracks_never_meet = forms.BooleanField(
        label=_("Sessions of a track are never at the same time"),
        help_text=_("Then a track cannot have more sessions than there are slots."),
        required=False,
    )
    lines_must_spread = forms.BooleanField(
        label=_("Each action line is spread evenly over the days"),
        help_text=_(
            "No day has more of its sessions than an even share, rounded up. Left open, it is a wish that"
            " weighs as is said below."
        ),
        required=False,
    )
    groups_must_spread = forms.BooleanField(
        label=_("Each stakeholder group is spread evenly over the days"),
        help_text=_(
            "No day has more sessions with its speakers than an even share, rounded up. Left open, it is a"
            " wish that weighs as is said below."
        ),
        required=False,
    )
    comfort_from = forms.TimeField(
        label=_("Good hours online, from"),
        help_text=_("By the clock of each person who takes part online and has named their time zone."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    comfort_to = forms.TimeField(
        label=_("Good hours online, until"),
        help_text=_("Outside these hours a session counts against the timetable, the more the further out."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, data: object = None, *, rules: TimetableRules) -> None:
        super().__init__(data, initial={name: getattr(rules, name) for name in RULE_FIELDS})  # type: ignore[arg-type]
        for name, label in WEIGHT_NAMES.items():
            self.fields[name] = forms.IntegerField(
                label=str(label), help_text=str(WEIGHT_WORDS[name]), min_value=0, max_value=MOST_WEIGHT
            )

    @property
    def hard(self) -> list[forms.BoundField]:
        return [self[name] for name in HARD_FIELDS]

    @property
    def hours(self) -> list[forms.BoundField]:
        return [self[name] for name in ("comfort_from", "comfort_to")]

    @property
    def wishes(self) -> list[forms.BoundField]:
        return [self[name] for name in WEIGHT_NAMES]

    def settings(self) -> RuleSettings:
        return RuleSettings(**{name: self.cleaned_data[name] for name in RULE_FIELDS})
