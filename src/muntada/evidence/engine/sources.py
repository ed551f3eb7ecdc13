"""The door to the readers: parts of a source in, observations and refused rows out, in words of the page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext

from muntada.engines.readers.columns import MANY, Columns, Says
from muntada.engines.readers.read import Form, Sight, first_page, next_page, read, sample, sight_of
from muntada.engines.readers.shape import Fault, Found, Observation, Part, SourceFault
from muntada.foundations.errors import Refused

__all__ = [
    "MANY",
    "Columns",
    "Fault",
    "Form",
    "Found",
    "Observation",
    "Part",
    "Says",
    "Sight",
    "first_page",
    "page_after",
]


def look(part: Part) -> Sight:
    """Recognise a source, or refuse it with the reason."""
    try:
        return sight_of(part)
    except SourceFault as fault:
        raise _refusal(fault) from fault


def page_after(address: str, part: Part, number: int) -> str | None:
    """Return where the next page of an answer is, or refuse an answer that is an error."""
    try:
        return next_page(address, part, number)
    except SourceFault as fault:
        raise _refusal(fault) from fault


def found_in(parts: Iterable[Part], sight: Sight, columns: Columns) -> Iterator[Found]:
    """Read a source, one observation or refused row after the other."""
    try:
        yield from read(parts, sight, columns)
    except SourceFault as fault:
        raise _refusal(fault) from fault


SAMPLED_ROWS = 3


def sample_of(part: Part, form: str) -> list[dict[str, str]]:
    """Return the first rows of a table; nothing of what is no table."""
    is_table = form in (Form.TABLE, Form.UNSD_TABLE, Form.WORLD_BANK_TABLE, Form.ITU_TABLE, Form.SDMX_CSV)
    return sample(part, SAMPLED_ROWS) if is_table else []


def _refusal(fault: SourceFault) -> Refused:
    said = gettext(fault.sentence) % fault.params
    if fault.line is None:
        return Refused(said, "source-fault", "file")
    where = gettext("Line %(line)s: %(fault)s") % {"line": fault.line, "fault": said}
    return Refused(where, "source-fault", "file")


def sight_again(form: str, header: Sequence[str], says: Mapping[str, str], series: str) -> Sight:
    """Return what was seen of a source, as it was stored."""
    return Sight(Form(form), tuple(header), columns_again(header, says, series))


def columns_again(header: Sequence[str], says: Mapping[str, str], series: str) -> Columns:
    """Return what the columns say, as it was stored; a column that holds a year says so by `year-column`."""
    return Columns(
        {name: Says(word) for name, word in says.items() if word != YEAR_COLUMN},
        tuple(name for name in header if says.get(name) == YEAR_COLUMN),
        series,
    )


def columns_stored(columns: Columns) -> dict[str, str]:
    return {name: word.value for name, word in columns.says.items()} | dict.fromkeys(
        columns.years, YEAR_COLUMN
    )


YEAR_COLUMN = "year-column"
