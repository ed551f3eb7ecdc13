"""The states of an import."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused
from muntada.foundations.jobs.rules import ACTIVE, JobState


class Reached(StrEnum):
    """The permanent state of an import; its job has the state of ongoing work."""

    BEGUN = "begun"
    COLUMNS = "columns"
    LOOKED_AT = "looked"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class ImportState(StrEnum):
    """The state of an import as shown, from its permanent state and its job."""

    LOOKING = "looking"
    COLUMNS = "columns"
    LOOKED_AT = "looked"
    TAKING = "taking"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


STATE_NAMES: Mapping[ImportState, Promise] = {
    ImportState.LOOKING: _("Being looked at"),
    ImportState.COLUMNS: _("Waits for its columns to be named"),
    ImportState.LOOKED_AT: _("Waits for confirmation"),
    ImportState.TAKING: _("Being taken in"),
    ImportState.DONE: _("Taken in"),
    ImportState.REFUSED: _("Not taken in"),
    ImportState.FAILED: _("Broken off"),
    ImportState.WITHDRAWN: _("Withdrawn"),
}
# The signs of states that last; the others are shown as proposed.
STATE_MARKS: Mapping[ImportState, str] = {
    ImportState.DONE: "done",
    ImportState.REFUSED: "refused",
    ImportState.FAILED: "refused",
    ImportState.WITHDRAWN: "refused",
}
# By the codes of the readers.
FORM_NAMES: Mapping[str, Promise] = {
    "world-bank-api": _("Answer of the World Bank interface"),
    "world-bank-table": _("Table of the World Bank"),
    "unsd-api": _("Answer of the UNSD interface"),
    "unsd-table": _("Table of the UNSD"),
    "itu-api": _("Answer of ITU DataHub"),
    "itu-table": _("Table of ITU DataHub"),
    "sdmx-json": _("SDMX-JSON"),
    "sdmx-csv": _("SDMX-CSV"),
    "sdmx-ml": _("SDMX-ML"),
    "data-package": _("Data package"),
    "table": _("Table"),
}
# The columns of the template, whose names the readers know.
COLUMNS = (
    "series_code",
    "series_name",
    "area_code",
    "area_name",
    "year",
    "value",
    "unit",
    "sex",
    "age",
    "residence",
    "nature",
    "note",
)
# The kind of job that previews an import.
LOOK = "evidence.look_at_import"
ROWS_SHOWN, FAULTS_SHOWN = 40, 200


def import_state(reached: Reached, job_state: JobState | None, *, is_look: bool) -> ImportState:
    """Return the state of an import."""
    if reached in (Reached.DONE, Reached.WITHDRAWN):
        return ImportState(reached)
    if job_state in ACTIVE:
        return ImportState.LOOKING if is_look else ImportState.TAKING
    if job_state is JobState.REFUSED:
        return ImportState.REFUSED
    if job_state is JobState.FAILED or reached is Reached.BEGUN:
        return ImportState.FAILED
    return ImportState(reached)


def edition_year(edition: str, retrieved: date) -> int:
    """Return the year by which editions are ordered: from the name, else the retrieval date."""
    year = edition[:4]
    is_year = year.isascii() and year.isdigit() and len(year) == 4  # noqa: PLR2004
    return int(year) if is_year else retrieved.year


def require_confirmable(reached: str, *, has_values: bool, refused: int, leaves_out: bool) -> None:
    """Refuse to import without a preview, without values, or with rows left out without consent."""
    if reached != Reached.LOOKED_AT:
        sentence = gettext("Only an import that was looked at can be taken in. Please reload the page.")
        raise Refused(sentence, "import-state")
    if not has_values:
        sentence = gettext("There is no value in this import that could be taken in.")
        raise Refused(sentence, "import-empty")
    if refused and not leaves_out:
        sentence = gettext(
            "Some rows are refused. Please say that the import is to be taken in without them, "
            "or mend the file and send it again."
        )
        raise Refused(sentence, "rows-refused", "leaves_out")


def require_withdrawable(state: str, reason: str) -> None:
    if state != ImportState.DONE:
        raise Refused(gettext("Only an import that was taken in can be withdrawn."), "import-state")
    if not reason.strip():
        sentence = gettext("Please say why: whoever cited these numbers has to know.")
        raise Refused(sentence, "reason", "reason")


def require_columns_state(state: str) -> None:
    if state not in (ImportState.COLUMNS, ImportState.LOOKED_AT, ImportState.REFUSED):
        sentence = gettext("The columns can be named only before the import is taken in.")
        raise Refused(sentence, "import-state")
