from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.forums.models import Line
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.meeting.reports.actions import ReportPointText
from muntada.meeting.reports.models import ReportPoint
from muntada.meeting.reports.rules import POINT_HEADINGS, PointKind

POINT_HINT = _(
    "One point a line. Begin with the code of an action line and a colon where it concerns one: C2: ..."
)


class SessionReportForm(EditForm):
    """A session report: summary, and points by kind, one per line."""

    summary = forms.CharField(
        label=_("Summary"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Cite what was said by its symbol in square brackets, for example [Q/4] or [C/12]."),
    )
    language = forms.ChoiceField(label=_("Language of the report"), choices=CONTENT_LANGUAGES)

    def __init__(self, *args: object, lines: Sequence[Line], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._lines = {line.code.lower(): line for line in lines}
        for kind, heading in POINT_HEADINGS.items():
            self.fields[kind] = forms.CharField(
                label=heading,  # type: ignore[arg-type]
                required=False,
                max_length=6000,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=POINT_HINT,
            )
        self.order_fields(["summary", *PointKind, "language"])

    def points(self) -> list[ReportPointText]:
        return [
            self._point(kind, row.strip())
            for kind in PointKind
            for row in self.cleaned_data[kind].splitlines()
            if row.strip()
        ]

    def _point(self, kind: PointKind, row: str) -> ReportPointText:
        code, colon, text = row.partition(":")
        line = self._lines.get(code.strip().lower()) if colon else None
        return ReportPointText(kind, text.strip() if line else row, line)


def points_as_text(points: Sequence[ReportPoint]) -> dict[str, str]:
    """Return a report's points as form values."""
    rows: dict[str, list[str]] = {}
    for point in points:
        rows.setdefault(point.kind, []).append(
            f"{point.line.code}: {point.text}" if point.line else point.text
        )
    return {kind: "\n".join(texts) for kind, texts in rows.items()}
