"""Forms of an import: source, edition, and column roles."""

from collections.abc import Mapping, Sequence

from django import forms
from django.core.validators import URLValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from muntada.evidence.imports.actions.imports import NewImport
from muntada.evidence.imports.adapter import YEAR_COLUMN, Says
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.cleaning import clean_line

MOST_BYTES = 50_000_000

SAYS_NAMES: Mapping[str, Promise] = {
    Says.NOTHING: _("Nothing: leave it out"),
    Says.AREA: _("Code of the country or group"),
    Says.AREA_NAME: _("Name of the country or group"),
    Says.YEAR: _("Year"),
    Says.VALUE: _("Value"),
    YEAR_COLUMN: _("The values of the year that is its name"),
    Says.SERIES: _("Code of the indicator"),
    Says.SERIES_NAME: _("Name of the indicator"),
    Says.UNIT: _("Unit"),
    Says.SEX: _("Sex"),
    Says.AGE: _("Age"),
    Says.LOCATION: _("Urban or rural"),
    Says.SKILL: _("Skill"),
    Says.OTHER_PART: _("Another part of the people"),
    Says.NATURE: _("How the value came about"),
    Says.NOTE: _("Note"),
    Says.SOURCE: _("Source of the value"),
}


class ImportForm(CleanForm):
    """A file or an address, with metadata that cannot be read from it."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "CSV or XLSX (long or wide), SDMX, answers of the World Bank and UNSD interfaces (JSON), or a "
            "data package (ZIP). At most 50 MB."
        ),
    )
    address = forms.CharField(
        label=_("Or its address"),
        required=False,
        max_length=1000,
        validators=[URLValidator(schemes=["http", "https"])],
        widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr"}),
        help_text=_("For example https://api.worldbank.org/v2/country/all/indicator/IT.NET.USER.ZS"),
    )
    edition = forms.CharField(
        label=_("Edition of the source"),
        required=False,
        max_length=80,
        help_text=_(
            "As it is cited, beginning with its year, for example 2025 or 2025-07. If it is left empty, it "
            "is the day the source names, or else today."
        ),
    )
    series = forms.CharField(
        label=_("Code of the indicator"),
        required=False,
        max_length=64,
        help_text=_("Only where the file has one indicator and does not name it, or names it otherwise."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    source = forms.CharField(
        label=_("Who publishes it"),
        required=False,
        max_length=200,
        help_text=_("The World Bank, UNSD and ITU are recognized by their files."),
    )
    licence = forms.CharField(
        label=_("Licence"), required=False, max_length=120, help_text=_("As the publisher states it.")
    )

    def clean(self) -> dict[str, object]:
        typed = super().clean() or {}
        upload = typed.get("file")
        if bool(upload) == bool(typed.get("address")) and not self.errors:
            self.add_error("file", _("Please choose a file or give an address, one of the two."))
        elif upload and (upload.size or 0) > MOST_BYTES:
            self.add_error("file", _("This file is larger than 50 MB. Please split it."))
        return typed

    def new_import(self) -> NewImport:
        """Return the input for the action."""
        typed = self.cleaned_data
        upload = typed["file"]
        return NewImport(
            name=clean_line(upload.name) if upload else typed["address"],
            content=upload.read() if upload else b"",
            address=typed["address"],
            edition=clean_line(typed["edition"]),
            series=typed["series"].strip(),
            source=clean_line(typed["source"]),
            licence=clean_line(typed["licence"]),
        )


class ColumnsForm(CleanForm):
    """The role of each column of a table."""

    def __init__(
        self, *args: object, header: Sequence[str], says: Mapping[str, str], series: str, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.header = [name for name in header if name]
        choices = [(value, name) for value, name in SAYS_NAMES.items()]
        for place, name in enumerate(self.header):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=name, choices=choices, initial=says.get(name, Says.NOTHING), required=True
            )
        self.fields["series"] = forms.CharField(
            label=_("Code of the indicator"),
            required=False,
            max_length=64,
            initial=series,
            help_text=_("Where no column names it."),
        )

    def says(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"column-{place}"] for place, name in enumerate(self.header)}

    def columns(self) -> list[forms.BoundField]:
        return [self[f"column-{place}"] for place in range(len(self.header))]
