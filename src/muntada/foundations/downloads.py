"""Responses with files: the Content-Disposition header, and tables as CSV and XLSX."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from muntada.foundations.sheets import CSV, XLSX, SpreadsheetRow, as_csv, as_xlsx, csv_lines


def content_disposition(name: str, *, inline: bool = False) -> str:
    """Return the header with a file name in any script; slashes of a symbol become dashes."""
    return content_disposition_header(not inline, name.replace("/", "-")) or "inline"


def download(content: bytes | str, name: str, media_type: str, *, inline: bool = False) -> HttpResponse:
    """Return a response with a file, to be saved or shown in the browser (`inline`)."""
    headers = {"Content-Disposition": content_disposition(name, inline=inline)}
    return HttpResponse(content, content_type=media_type, headers=headers)


def streamed_download(parts: Iterable[bytes], name: str, media_type: str) -> StreamingHttpResponse:
    """Return a file written part by part, to keep memory low."""
    headers = {"Content-Disposition": content_disposition(name)}
    return StreamingHttpResponse(parts, content_type=media_type, headers=headers)


def table_download(
    columns: Sequence[str], rows: Sequence[SpreadsheetRow], name: str, form: str
) -> HttpResponse:
    """Return a short table as XLSX or CSV; `name` has no extension."""
    if form == "xlsx":
        # A workbook takes its header from the first row.
        return download(as_xlsx(rows or [dict.fromkeys(columns)], sheet=name), f"{name}.xlsx", XLSX)
    return download(as_csv(columns, rows), f"{name}.{form}", CSV)


def csv_download(name: str, columns: Sequence[str], lines: Iterable[Sequence[object]]) -> HttpResponse:
    """Return a CSV file of this name; formulas are escaped, unknown values are empty."""
    return download(b"".join(csv_lines(columns, lines)), f"{name}.csv", CSV)
