"""Forms of the secretariat for meetings."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.actions.meetings import MeetingPlan
from muntada.consultation.calls.forms.calls import TextsForm, in_order, initial_texts, moment_field, name_zone
from muntada.consultation.calls.forms.fields import words_field
from muntada.consultation.calls.models import CallMeeting
from muntada.consultation.calls.rules.calls import LONGEST_MEETING_RECORD, TITLE_LENGTH
from muntada.consultation.calls.rules.meetings import AGENDA_LENGTH, PLACE_LENGTH
from muntada.forums.rules.reasons import REASON_LENGTH
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES

PLAIN = ("starts_at", "ends_at", "place", "join_url", "agenda", "language")


class MeetingForm(TextsForm):
    """Time, place and agenda of a meeting."""

    starts_at = moment_field(_("Starts"))
    ends_at = moment_field(_("Ends"))
    place = forms.CharField(
        label=_("Room"), required=False, max_length=PLACE_LENGTH, widget=forms.TextInput({"dir": "auto"})
    )
    join_url = forms.URLField(
        label=_("Address to join online"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput({"dir": "ltr"}),
    )
    agenda = forms.CharField(
        label=_("Agenda"),
        required=False,
        max_length=AGENDA_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language of the agenda"), choices=CONTENT_LANGUAGES)

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("title", _("Title"), in_order(languages), limit=TITLE_LENGTH)
        name_zone(self)
        self.order_fields([f"title_{language}" for language in in_order(languages)])

    def plan(self) -> MeetingPlan:
        words = self.cleaned_data
        return MeetingPlan(
            titles=self.texts("title"),
            agenda=clean_text(words["agenda"]),
            language=words["language"],
            place=clean_line(words["place"]),
            join_url=words["join_url"],
            starts_at=words["starts_at"],
            ends_at=words["ends_at"],
        )


def meeting_as_typed(meeting: CallMeeting) -> dict[str, Any]:
    return {name: getattr(meeting, name) for name in PLAIN} | initial_texts("title", meeting.titles)


class RecordForm(EditForm):
    """The record of a meeting."""

    record = words_field(
        _("Record"),
        LONGEST_MEETING_RECORD,
        rows=18,
        help_text=_("Everybody reads it. Cite by symbol, like [C/12]; each citation is checked."),
    )
    language = forms.ChoiceField(label=_("Language of the record"), choices=CONTENT_LANGUAGES)


class CancelMeetingForm(CleanForm):
    """The reason for a cancellation."""

    reason = words_field(_("Why it is not held"), REASON_LENGTH, rows=2)
