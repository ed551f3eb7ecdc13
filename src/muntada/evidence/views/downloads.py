"""What every download of a table shares: its headers, and words that no spreadsheet takes for a formula."""

from django.http import HttpResponse


def csv_of(name: str) -> HttpResponse:
    """Return an empty answer for a CSV file of this name."""
    file = name.replace("/", "-")
    return HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}.csv"'},
    )


def plain(text: str) -> str:
    """Keep a spreadsheet from reading words as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
