"""Rooms, when they are closed, and slots."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.forums.models import Forum
from muntada.programme.models import Room
from muntada.programme.rules.sessions import SERVICE_NAMES


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
        choices=list(SERVICE_NAMES.items()),
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
