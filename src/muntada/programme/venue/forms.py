"""Rooms, when they are closed, and slots."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from muntada.forums.models import Forum
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.errors import Refused
from muntada.programme.sessions.models import Building, Room
from muntada.programme.sessions.rules import SERVICE_NAMES, grid_of_lines, period_at, slots_between


class RoomForm(EditForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    seats = forms.IntegerField(
        label=_("Seats"),
        help_text=_("For an online room: how many can join."),
        min_value=1,
        max_value=1_000_000,
    )
    services = forms.MultipleChoiceField(
        label=_("What the room has"),
        choices=list(SERVICE_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_online_only = forms.BooleanField(label=_("An online room"), required=False)
    building = forms.ModelChoiceField(
        label=_("Building"), queryset=Building.objects.none(), required=False, empty_label=_("none")
    )
    floor = forms.CharField(label=_("Floor"), max_length=40, required=False)

    def __init__(
        self, data: object = None, *, forum: Forum, prefix: str = "", room: Room | None = None
    ) -> None:
        known = {name: getattr(room, name) for name in self.base_fields} if room else None
        super().__init__(data, prefix=prefix or None, initial=known)  # type: ignore[arg-type]
        self.fields["building"].queryset = Building.objects.filter(forum=forum)  # type: ignore[attr-defined]


class RoomChangeForm(RoomForm):
    """A room that is there already also has a place in the order."""

    position = forms.IntegerField(
        label=_("Place in the order"),
        help_text=_("Rooms are shown from the smallest number to the largest."),
        min_value=0,
        max_value=10_000,
    )


class BuildingForm(CleanForm):
    name = forms.CharField(label=_("Name"), max_length=80)


class WalkForm(CleanForm):
    """How long one walks from one building to another."""

    first = forms.ModelChoiceField(label=_("From"), queryset=Building.objects.none())
    second = forms.ModelChoiceField(label=_("To"), queryset=Building.objects.none())
    minutes = forms.IntegerField(label=_("Minutes on foot"), min_value=0, max_value=240)

    def __init__(self, data: object = None, *, forum: Forum) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for name in ("first", "second"):
            self.fields[name].queryset = Building.objects.filter(forum=forum)  # type: ignore[attr-defined]


class GridForm(EditForm):
    """The slots of a day, one in each line, and the days that get the same."""

    grid = forms.CharField(
        label=_("Slots"),
        help_text=_("One in each line, such as 09:00-10:30. No line: no slot on this day."),
        widget=forms.Textarea(attrs={"rows": 10, "dir": "ltr", "spellcheck": "false"}),
        required=False,
        max_length=4000,
    )
    other_days = forms.MultipleChoiceField(
        label=_("The same slots on these days, too"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_confirmed = forms.BooleanField(
        label=_("Take slots out even where sessions start in them"), required=False
    )

    def __init__(self, data: object = None, *, day: date, days: list[date], grid: str) -> None:
        super().__init__(data, initial={"grid": grid})  # type: ignore[arg-type]
        others = [one for one in days if one != day]
        words = [(one.isoformat(), date_format(one, "MONTH_DAY_FORMAT")) for one in others]
        self.fields["other_days"].choices = words  # type: ignore[attr-defined]

    def clean_grid(self) -> list[tuple[time, time]]:
        return _as_form_error(lambda: grid_of_lines(self.cleaned_data["grid"]))

    def also(self) -> list[date]:
        return [date.fromisoformat(one) for one in self.cleaned_data["other_days"]]


def _as_form_error[T](read: Callable[[], T]) -> T:
    try:
        return read()
    except Refused as refusal:
        raise forms.ValidationError(str(refusal)) from refusal


class PeriodForm(CleanForm):
    """A period by the clock of the forum."""

    on_date = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("To"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def __init__(
        self, data: object = None, *, forum: Forum, initial: dict[str, object] | None = None
    ) -> None:
        super().__init__(data, initial={"on_date": forum.starts_date} | (initial or {}))  # type: ignore[arg-type]
        self.zone = forum.timezone

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if {"on_date", "starts", "ends"} <= values.keys():
            _as_form_error(self.period)
        return values

    def period(self) -> tuple[datetime, datetime]:
        """Return the period that was typed, by the clock of the forum."""
        values = self.cleaned_data
        return period_at(values["on_date"], values["starts"], values["ends"], self.zone)


class OpeningForm(PeriodForm):
    """Hours in which a room is open."""


class ClosureForm(PeriodForm):
    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none())
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)
    field_order = ("room", "on_date", "starts", "ends", "reason")

    def __init__(self, data: object = None, *, forum: Forum) -> None:
        super().__init__(data, forum=forum)
        self.fields["room"].queryset = Room.objects.filter(forum=forum, closed_at=None)  # type: ignore[attr-defined]


class SlotsForm(PeriodForm):
    """Slots of one length, one after the other, from a time to a time; on one day or on each day."""

    minutes = forms.IntegerField(label=_("Minutes of each slot"), min_value=10, max_value=480, initial=60)
    pause = forms.IntegerField(label=_("Minutes between slots"), min_value=0, max_value=240, initial=0)
    each_day = forms.BooleanField(label=_("On each day of the forum"), required=False, initial=True)

    def __init__(self, data: object = None, *, forum: Forum) -> None:
        super().__init__(data, forum=forum, initial={"starts": time(9), "ends": time(13)})

    def periods(self, forum: Forum) -> list[tuple[datetime, datetime]]:
        values = self.cleaned_data
        days = days_of_forum(forum) if values["each_day"] else [values["on_date"]]
        length, pause = timedelta(minutes=values["minutes"]), timedelta(minutes=values["pause"])
        return [
            period
            for day in days
            for period in slots_between(day, values["starts"], values["ends"], forum.timezone, length, pause)
        ]


def days_of_forum(forum: Forum) -> list[date]:
    days = (forum.ends_date - forum.starts_date).days + 1
    return [forum.starts_date + timedelta(days=number) for number in range(days)]
