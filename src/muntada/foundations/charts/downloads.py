"""What every download of a table shares: its headers, and how its rows are written."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from muntada.foundations.sheets import CSV, csv_lines


def csv_of(name: str, columns: Sequence[str], lines: Iterable[Sequence[object]]) -> HttpResponse:
    """Return a CSV file of this name; nothing in it is taken for a formula, and what is unknown is empty."""
    file = name.replace("/", "-")
    return HttpResponse(
        b"".join(csv_lines(columns, lines)),
        content_type=CSV,
        headers={"Content-Disposition": f'attachment; filename="{file}.csv"'},
    )
