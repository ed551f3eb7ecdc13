"""The form of an initiative with its result figures, and tables of initiatives parsed by the same form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.evidence.initiatives.actions.initiatives import NewInitiative
from muntada.evidence.initiatives.rules import (
    ACTIVITY_NAMES,
    COLUMNS,
    MOST_FIGURES,
    MOST_ROWS,
    PROGRESS_NAMES,
    SCOPE_NAMES,
    SEVERAL,
    Activity,
    InitiativeProgress,
    InitiativeScope,
    RefusedRow,
    ResultFigure,
)
from muntada.forums.models import Goal, Line
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.cleaning import clean_line
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.errors import Refused
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.foundations.sheets import SheetRow, read_rows
from muntada.people.forms import CountryField, country_names
from muntada.people.rules import KIND_NAMES, OrganisationKind

CITING = _("You can cite by symbol in square brackets, for example [D/1].")
CELLS = ("what", "value", "unit", "year", "source")
LENGTHS = {"what": 200, "value": 24, "unit": 60, "year": 4, "source": 300}
BLANK_ROWS = 2
LEAST_ROWS = 3
MOST_ADDRESSES = 5
LARGEST = Decimal(10) ** 15
FIRST_YEAR, LAST_YEAR = 1950, 2100

type FieldRow = dict[str, str]
NEEDED = (
    "title",
    "language",
    "description",
    "organisation",
    "organisation_kind",
    "activity",
    "scope",
    "status",
)


def _words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class FigureRows(forms.Widget):
    """A small table for input, with two empty rows, so that no script is needed."""

    use_fieldset = True

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del renderer
        filled = [row for row in (value or []) if any(row.values())]
        count = min(max(len(filled) + BLANK_ROWS, LEAST_ROWS), MOST_FIGURES)
        blank: FieldRow = dict.fromkeys(CELLS, "")
        rows = [filled[place] if place < len(filled) else blank for place in range(count)]
        context = {"name": name, "rows": rows, "id": (attrs or {}).get("id", name), "lengths": LENGTHS}
        return SafeString(render_to_string("evidence/initiatives/parts/figure_rows.html", context))

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[FieldRow]:
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
    """Result figures. A faulty row is refused with its position; an empty one is ignored."""

    widget = FigureRows

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> list[FieldRow]:
        return [
            {cell: "" if row.get(cell) is None else str(row[cell]) for cell in CELLS} for row in value or []
        ]

    def clean(self, value: list[FieldRow]) -> tuple[ResultFigure, ...]:
        return tuple(_figure(row, place) for place, row in enumerate(value or [], start=1))


class AddressesField(forms.CharField):
    """Web addresses, one per line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=2100, widget=forms.Textarea(attrs={"rows": 2}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        lines = tuple(line.strip() for line in super().clean(value).splitlines() if line.strip())
        if len(lines) > MOST_ADDRESSES:
            raise forms.ValidationError(
                gettext("At most %(most)d addresses, please.") % {"most": MOST_ADDRESSES}
            )
        check = forms.URLField(max_length=400, assume_scheme="https")
        return tuple(check.clean(line) for line in lines)


class InitiativeForm(EditForm):
    """The data of an initiative."""

    title = forms.CharField(label=_("Title"), max_length=200)
    language = forms.ChoiceField(label=_("Language you write in"), choices=CONTENT_LANGUAGES)
    description = forms.CharField(
        label=_("What is done, for whom?"), max_length=6000, widget=_words(6), help_text=CITING
    )
    beneficiaries = forms.CharField(
        label=_("Who benefits, and how many?"), max_length=2000, required=False, widget=_words(2)
    )
    organisation = forms.CharField(label=_("Organization that leads it"), max_length=200)
    organisation_kind = forms.ChoiceField(label=_("Kind of organization"), choices=list(KIND_NAMES.items()))
    organisation_country = CountryField(label=_("Country of its seat"))
    country = CountryField(
        label=_("Country in which it is done"), help_text=_("Leave empty where it is in several countries.")
    )
    also_in = forms.MultipleChoiceField(
        label=_("Other countries in which it is done"), required=False, widget=forms.CheckboxSelectMultiple
    )
    scope = forms.ChoiceField(label=_("How far does it reach?"), choices=list(SCOPE_NAMES.items()))
    activity = forms.ChoiceField(label=_("Kind of activity"), choices=list(ACTIVITY_NAMES.items()))
    status = forms.ChoiceField(label=_("Status"), choices=list(PROGRESS_NAMES.items()))
    starts_year = forms.IntegerField(label=_("First year"), min_value=1950, max_value=2100, required=False)
    ends_year = forms.IntegerField(label=_("Last year"), min_value=1950, max_value=2100, required=False)
    lines = forms.MultipleChoiceField(
        label=_("Action lines"), required=False, widget=forms.CheckboxSelectMultiple
    )
    goals = forms.MultipleChoiceField(label=_("Goals"), required=False, widget=forms.CheckboxSelectMultiple)
    results = forms.CharField(label=_("Results"), max_length=4000, required=False, widget=_words(4))
    challenges = forms.CharField(label=_("Challenges"), max_length=4000, required=False, widget=_words(4))
    figures = FigureField(
        label=_("Results as numbers"),
        help_text=_("What was reached, counted: for example “Schools connected”, 120, “schools”, 2024."),
    )
    replicability = forms.CharField(
        label=_("What would others need to do the same?"), max_length=4000, required=False, widget=_words(3)
    )
    partners = forms.CharField(
        label=_("Partners"),
        max_length=2000,
        required=False,
        widget=_words(3),
        help_text=_("One organization a line, by its full name: so it is seen who works with whom."),
    )
    website = forms.URLField(label=_("Website"), max_length=400, required=False, assume_scheme="https")
    addresses = AddressesField(
        label=_("Pictures and films"), help_text=_("Their addresses on the web, one a line, at most five.")
    )

    def __init__(self, *args: object, lines: Sequence[Line], goals: Sequence[Goal], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._lines = {line.code: line for line in lines}
        self._goals = {goal.code: goal for goal in goals}
        for name in ("organisation_country", "country"):
            self.fields[name].prepare()  # type: ignore[attr-defined]
        self.fields["also_in"].choices = country_names()  # type: ignore[attr-defined]
        self.fields["lines"].choices = [(line.code, str(line)) for line in lines]  # type: ignore[attr-defined]
        self.fields["goals"].choices = [(goal.code, str(goal)) for goal in goals]  # type: ignore[attr-defined]

    def initiative(self) -> NewInitiative:
        """Return the input for the action."""
        typed = self.cleaned_data
        return NewInitiative(
            title=typed["title"],
            language=typed["language"],
            description=typed["description"],
            organisation=typed["organisation"],
            organisation_kind=OrganisationKind(typed["organisation_kind"]),
            activity=Activity(typed["activity"]),
            scope=InitiativeScope(typed["scope"]),
            status=InitiativeProgress(typed["status"]),
            organisation_country=typed["organisation_country"],
            country=typed["country"],
            lines=tuple(self._lines[code] for code in typed["lines"]),
            goals=tuple(self._goals[code] for code in typed["goals"]),
            also_in=tuple(typed["also_in"]),
            beneficiaries=typed["beneficiaries"],
            results=typed["results"],
            figures=typed["figures"],
            replicability=typed["replicability"],
            media=typed["addresses"],
            challenges=typed["challenges"],
            partners=typed["partners"],
            starts_year=typed["starts_year"],
            ends_year=typed["ends_year"],
            website=typed["website"],
        )


class SendBackForm(CleanForm):
    """What an entry lacks for publication."""

    reason = forms.CharField(
        label=_("What is missing?"),
        max_length=2000,
        widget=_words(3),
        help_text=_("The author gets your words by letter and can mend the entry."),
    )


def _figure(row: FieldRow, place: int) -> ResultFigure:
    for cell, length in LENGTHS.items():
        if len(row[cell]) > length:
            raise forms.ValidationError(
                gettext("Row %(row)d: “%(words)s” is too long. Please shorten it to %(length)d characters.")
                % {"row": place, "words": row[cell][:20] + "…", "length": length}
            )
    if not (row["what"] and row["value"] and row["unit"]):
        raise forms.ValidationError(
            gettext("Row %(row)d: please say what was counted, how much of it, and in which unit.")
            % {"row": place}
        )
    return ResultFigure(
        row["what"], _number(row["value"], place), row["unit"], _year(row["year"], place), row["source"]
    )


def _number(words: str, place: int) -> Decimal:
    """Parse a number with spaces as thousands separators and comma or point."""
    bare = words.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if bare.count(",") == 1 and "." not in bare and len(bare.rpartition(",")[2]) != len("000"):
        bare = bare.replace(",", ".")
    try:
        value = Decimal(bare.replace(",", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= LARGEST:
        raise forms.ValidationError(
            gettext("Row %(row)d: “%(words)s” is not a number. Please write it in digits, without its unit.")
            % {"row": place, "words": words}
        )
    return round(value, 4)


def _year(words: str, place: int) -> int | None:
    if not words:
        return None
    if not (words.isdecimal() and FIRST_YEAR <= int(words) <= LAST_YEAR):
        raise forms.ValidationError(
            gettext("Row %(row)d: “%(words)s” is not a year. Please write four digits, or leave it empty.")
            % {"row": place, "words": words}
        )
    return int(words)


class InitiativeTableForm(CleanForm):
    """A table of initiatives."""

    file = forms.FileField(
        label=_("Table"),
        help_text=_("CSV or XLSX with the columns named below; at most 10 MB and 10,000 rows."),
        error_messages={"required": _("Please choose a file."), "empty": _("This file is empty.")},
    )


@dataclass(frozen=True)
class InitiativeFormRow:
    """A row with an initiative; `symbol` identifies an existing one."""

    line: int
    symbol: str
    new: NewInitiative


def rows_in(
    content: bytes, lines: Sequence[Line], goals: Sequence[Goal]
) -> tuple[list[InitiativeFormRow], list[RefusedRow]]:
    """Parse every row by the form of a single initiative; refusals name the column."""
    rows = read_rows(content, most=MOST_ROWS, field="file")
    _require_columns(rows)
    read: list[InitiativeFormRow] = []
    refused: list[RefusedRow] = []
    for row in rows:
        form = InitiativeForm(_typed(row), lines=lines, goals=goals)
        if form.is_valid():
            read.append(
                InitiativeFormRow(row.number, row.values.get("symbol", "").strip(), form.initiative())
            )
        else:
            refused.append(RefusedRow(row.number, _reason(form)))
    return read, refused


def _require_columns(rows: Sequence[SheetRow]) -> None:
    there = set(rows[0].values) if rows else set()
    unknown, missing = sorted(there - set(COLUMNS)), [name for name in NEEDED if name not in there]
    said = []
    if missing:
        sentence = gettext("These columns are missing: %(missing)s. The file has: %(found)s.")
        said.append(sentence % {"missing": ", ".join(missing), "found": ", ".join(sorted(there))})
    if unknown:
        sentence = gettext("These columns are not known: %(unknown)s.")
        said.append(sentence % {"unknown": ", ".join(unknown)})
    if said:
        said.append(gettext("Please name the columns as in the empty table."))
        raise Refused(" ".join(said), "columns", "file")


def _typed(row: SheetRow) -> MultiValueDict[str, Any]:
    """Return a row as form data."""
    typed: MultiValueDict[str, Any] = MultiValueDict()
    for name, value in row.values.items():
        if name == "media":
            typed["addresses"] = value.replace(";", "\n")
        elif name == "figures":
            for place, words in enumerate(filter(str.strip, value.split(";"))):
                for cell, part in zip(CELLS, words.split("|"), strict=False):
                    typed[f"figures-{place}-{cell}"] = part.strip()
        elif name in SEVERAL:
            typed.setlist(name, [one.strip() for one in value.split(";") if one.strip()])
        else:
            typed[name] = value.strip()
    return typed


def _reason(form: InitiativeForm) -> str:
    return " ".join(
        f"{name}: {sentence}" if name != "__all__" else str(sentence)
        for name, sentences in form.errors.items()
        for sentence in sentences
    )
