"""Fields of more than one value: results as numbers in rows, addresses one a line."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from muntada.evidence.rules.initiatives import MOST_FIGURES, Figure
from muntada.foundations.cleaning import clean_line

CELLS = ("what", "value", "unit", "year", "source")
LENGTHS = {"what": 200, "value": 24, "unit": 60, "year": 4, "source": 300}
BLANK_ROWS = 2
LEAST_ROWS = 3
MOST_ADDRESSES = 5
LARGEST = Decimal(10) ** 15
FIRST_YEAR, LAST_YEAR = 1950, 2100

type Row = dict[str, str]


class FigureRows(forms.Widget):
    """A small table to type in; two rows more than are filled, so that none needs a script."""

    use_fieldset = True

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del renderer
        filled = [row for row in (value or []) if any(row.values())]
        count = min(max(len(filled) + BLANK_ROWS, LEAST_ROWS), MOST_FIGURES)
        blank: Row = dict.fromkeys(CELLS, "")
        rows = [filled[place] if place < len(filled) else blank for place in range(count)]
        context = {"name": name, "rows": rows, "id": (attrs or {}).get("id", name), "lengths": LENGTHS}
        return SafeString(render_to_string("evidence/parts/figure_rows.html", context))

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        del files
        rows = (
            {cell: clean_line(str(data.get(f"{name}-{place}-{cell}", ""))) for cell in CELLS}
            for place in range(MOST_FIGURES)
        )
        return [row for row in rows if any(row.values())]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        del files
        return not any(key.startswith(f"{name}-") for key in data)


class FigureField(forms.Field):
    """Results as numbers. A row that cannot be is refused with its place; an empty one says nothing."""

    widget = FigureRows

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> list[Row]:
        return [
            {cell: "" if row.get(cell) is None else str(row[cell]) for cell in CELLS} for row in value or []
        ]

    def clean(self, value: list[Row]) -> tuple[Figure, ...]:
        return tuple(_figure(row, place) for place, row in enumerate(value or [], start=1))


def _figure(row: Row, place: int) -> Figure:
    for cell, length in LENGTHS.items():
        if len(row[cell]) > length:
            raise forms.ValidationError(
                _("Row %(row)d: “%(words)s” is too long. Please shorten it to %(length)d characters.")
                % {"row": place, "words": row[cell][:20] + "…", "length": length}
            )
    if not (row["what"] and row["value"] and row["unit"]):
        raise forms.ValidationError(
            _("Row %(row)d: please say what was counted, how much of it, and in which unit.") % {"row": place}
        )
    return Figure(
        row["what"], _number(row["value"], place), row["unit"], _year(row["year"], place), row["source"]
    )


def _number(words: str, place: int) -> Decimal:
    """Read a number as people write it: with spaces between thousands, with a comma or a point."""
    bare = words.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if bare.count(",") == 1 and "." not in bare and len(bare.rpartition(",")[2]) != len("000"):
        bare = bare.replace(",", ".")
    try:
        value = Decimal(bare.replace(",", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= LARGEST:
        raise forms.ValidationError(
            _("Row %(row)d: “%(words)s” is not a number. Please write it in digits, without its unit.")
            % {"row": place, "words": words}
        )
    return round(value, 4)


def _year(words: str, place: int) -> int | None:
    if not words:
        return None
    if not (words.isdecimal() and FIRST_YEAR <= int(words) <= LAST_YEAR):
        raise forms.ValidationError(
            _("Row %(row)d: “%(words)s” is not a year. Please write four digits, or leave it empty.")
            % {"row": place, "words": words}
        )
    return int(words)


class AddressesField(forms.CharField):
    """Addresses on the web, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=2100, widget=forms.Textarea(attrs={"rows": 2}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        lines = tuple(line.strip() for line in super().clean(value).splitlines() if line.strip())
        if len(lines) > MOST_ADDRESSES:
            raise forms.ValidationError(_("At most %(most)d addresses, please.") % {"most": MOST_ADDRESSES})
        check = forms.URLField(max_length=400, assume_scheme="https")
        return tuple(check.clean(line) for line in lines)
