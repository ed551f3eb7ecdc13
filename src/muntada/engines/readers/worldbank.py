"""World Bank API, version 2: pages of JSON; an error is a document with status 200."""

from collections.abc import Iterator
from typing import Any

from muntada.engines.readers.columns import Says, SourceColumns
from muntada.engines.readers.documents import list_in, mapping_in, text_in
from muntada.engines.readers.shape import Record, SourceFault
from muntada.engines.reasons import gettext_noop

SAID_NO = gettext_noop("The World Bank answered with an error: %(said)s")
NOT_A_PAGE = gettext_noop("This is no answer of the World Bank API with values in it.")

COLUMNS = SourceColumns(
    {
        "series": Says.SERIES,
        "series_name": Says.SERIES_NAME,
        "area": Says.AREA,
        "area_name": Says.AREA_NAME,
        "date": Says.YEAR,
        "value": Says.VALUE,
        "unit": Says.UNIT,
        "obs_status": Says.NATURE,
        "footnote": Says.NOTE,
    }
)


def is_answer(document: Any) -> bool:
    head = mapping_in(next(iter(list_in(document)), None))
    return "message" in head or {"page", "pages", "total"} <= head.keys()


def head_of(document: Any) -> dict[str, Any]:
    """Return the header of a page, or raise the error reported by the World Bank."""
    parts = list_in(document)
    head = mapping_in(parts[0] if parts else None)
    if "message" in head:
        said = [f"{text_in(mapping_in(one).get('key'))}: {text_in(mapping_in(one).get('value'))}"
                for one in list_in(head["message"])]  # fmt: skip
        raise SourceFault(SAID_NO, {"said": "; ".join(said)[:300]})
    if "pages" not in head:
        raise SourceFault(NOT_A_PAGE)
    return dict(head)


def edition_of(document: Any) -> str:
    return text_in(head_of(document).get("lastupdated"))


def pages_of(document: Any) -> int:
    pages = text_in(head_of(document)["pages"])
    return int(pages) if pages.isascii() and pages.isdigit() else 0


def records(document: Any, first: int = 1) -> Iterator[Record]:
    """Yield each value of a page. An aggregate without a three-letter code has its two letters."""
    head_of(document)
    parts = list_in(document)
    for line, row in enumerate(list_in(parts[1] if len(parts) > 1 else None), start=first):
        one = mapping_in(row)
        indicator, country = mapping_in(one.get("indicator")), mapping_in(one.get("country"))
        yield Record(
            line,
            {
                "series": text_in(indicator.get("id")),
                "series_name": text_in(indicator.get("value")),
                "area": text_in(one.get("countryiso3code")) or text_in(country.get("id")),
                "area_name": text_in(country.get("value")),
                "date": text_in(one.get("date")),
                "value": text_in(one.get("value")),
                "unit": text_in(one.get("unit")),
                "obs_status": text_in(one.get("obs_status")),
                "footnote": text_in(one.get("footnote")),
            },
        )
