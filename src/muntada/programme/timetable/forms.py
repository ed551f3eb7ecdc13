"""A timetable to be made, a session to be moved."""

from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from muntada.foundations.clean_forms import CleanForm
from muntada.programme.sessions.models import Room, Session, Slot
from muntada.programme.timetable.actions.timetables import EFFORTS
from muntada.programme.timetable.models import Placement, Timetable
from muntada.programme.timetable.rules import moment_in_words


class TimetableForm(CleanForm):
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
        return moment_in_words(obj.starts_at, self.zone)


class MoveForm(CleanForm):
    """A place that is asked about."""

    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none())
    slot = SlotField(label=_("Start"), queryset=Slot.objects.none())

    def __init__(self, data: object = None, *, session: Session, placement: Placement | None) -> None:
        forum = session.forum
        slots = list(Slot.objects.filter(forum=forum))
        now = next((one.pk for one in slots if placement and one.starts_at == placement.period.lower), None)
        super().__init__(data, initial={"room": placement.room_id if placement else None, "slot": now})  # type: ignore[arg-type]
        self.fields["room"].queryset = Room.objects.filter(forum=forum, closed_at=None)  # type: ignore[attr-defined]
        self.fields["slot"].queryset = Slot.objects.filter(forum=forum)  # type: ignore[attr-defined]
        self.fields["slot"].zone = forum.timezone  # type: ignore[attr-defined]


class PlaceForm(CleanForm):
    """Where a session should stand instead, and which version of the timetable its editor saw."""

    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none())
    slot = SlotField(label=_("Start"), queryset=Slot.objects.none())
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: object = None, *, timetable: Timetable) -> None:
        sent = data
        if isinstance(data, QueryDict) and "place" in data:
            # One button for each place says both at once.
            slot, _between, room = str(data["place"]).partition("-")
            sent = {"slot": slot, "room": room, "version": data.get("version", "")}
        super().__init__(sent, initial={"version": timetable.version})  # type: ignore[arg-type]
        self.fields["room"].queryset = Room.objects.filter(forum=timetable.forum_id)  # type: ignore[attr-defined]
        self.fields["slot"].queryset = Slot.objects.filter(forum=timetable.forum_id)  # type: ignore[attr-defined]
        self.fields["slot"].zone = timetable.forum.timezone  # type: ignore[attr-defined]
