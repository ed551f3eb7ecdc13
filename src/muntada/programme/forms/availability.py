"""When somebody can take part: days away, hours of every day, and hours of single days in as many rows."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Self

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.edit_forms import EditForm, EditFormSet
from muntada.foundations.languages import weekday_and_day
from muntada.programme.rules.speakers import MOST_SPANS, ZONE_LENGTH, Availability, DaySpan

ADD_ROW = "add_row"
TIME = "%H:%M"
PREFIX = "spans"
NO_ROWS = {f"{PREFIX}-TOTAL_FORMS": "0", f"{PREFIX}-INITIAL_FORMS": "0"}


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
