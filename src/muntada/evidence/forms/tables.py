"""The form for a table of initiatives, and its rows read by the same form as a single one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.evidence.actions.initiatives import NewInitiative
from muntada.evidence.forms.figures import CELLS
from muntada.evidence.forms.initiatives import InitiativeForm
from muntada.evidence.rules.tables import COLUMNS, MOST_ROWS, SEVERAL
from muntada.forums.models import Goal, Line
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.errors import Refused
from muntada.foundations.sheets import SheetRow, read_rows

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


class TableForm(CleanForm):
    """A table of initiatives."""

    file = forms.FileField(
        label=_("Table"),
        help_text=_("CSV or XLSX with the columns named below; at most 10 MB and 10,000 rows."),
        error_messages={"required": _("Please choose a file."), "empty": _("This file is empty.")},
    )


@dataclass(frozen=True)
class ReadRow:
    """A row that says an initiative; `symbol` where it says which one it changes."""

    line: int
    symbol: str
    new: NewInitiative


@dataclass(frozen=True)
class RefusedRow:
    line: int
    reason: str


def rows_in(
    content: bytes, lines: Sequence[Line], goals: Sequence[Goal]
) -> tuple[list[ReadRow], list[RefusedRow]]:
    """Read every row by the form of a single initiative; what it refuses is named with its column."""
    rows = read_rows(content, most=MOST_ROWS, field="file")
    _require_columns(rows)
    read: list[ReadRow] = []
    refused: list[RefusedRow] = []
    for row in rows:
        form = InitiativeForm(_typed(row), lines=lines, goals=goals)
        if form.is_valid():
            read.append(ReadRow(row.number, row.values.get("symbol", "").strip(), form.initiative()))
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
    """Return a row as the form would be sent."""
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
