"""The formats of statistical sources, and the first address to request from an API."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from muntada.engines.readers.columns import SourceColumns

WORLD_BANK = "api.worldbank.org"


class SourceFormat(StrEnum):
    """A format of a source."""

    WORLD_BANK_API = "world-bank-api"
    WORLD_BANK_TABLE = "world-bank-table"
    UNSD_API = "unsd-api"
    UNSD_TABLE = "unsd-table"
    ITU_API = "itu-api"
    ITU_TABLE = "itu-table"
    SDMX_JSON = "sdmx-json"
    SDMX_CSV = "sdmx-csv"
    SDMX_ML = "sdmx-ml"
    PACKAGE = "data-package"
    TABLE = "table"


@dataclass(frozen=True)
class Sight:
    """What the beginning of a source reveals: its format, columns and edition, if named."""

    form: SourceFormat
    header: tuple[str, ...]
    columns: SourceColumns
    edition: str = ""
    licence: str = ""


def first_page(address: str) -> str:
    """Return the address of the first request; the World Bank answers in XML unless asked for JSON."""
    if urlsplit(address).hostname != WORLD_BANK:
        return address
    asked = dict(parse_qsl(urlsplit(address).query))
    for name, value in (("format", "json"), ("per_page", "20000"), ("footnote", "y")):
        if name not in asked:
            address = with_parameter(address, name, value)
    return address


def with_parameter(address: str, name: str, value: str) -> str:
    parts = urlsplit(address)
    kept = [(key, said) for key, said in parse_qsl(parts.query, keep_blank_values=True) if key != name]
    return urlunsplit(parts._replace(query=urlencode([*kept, (name, value)], safe=":;")))
