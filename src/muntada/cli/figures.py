"""Results of the progress engine as table rows or JSON; a missing number has a reason."""

import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.panel import SeriesPanel
from muntada.engines.progress.panel_files import read_panel
from muntada.engines.reasons import Reason


def read_values(path: Path) -> tuple[SeriesPanel, FloatArray]:
    """Return the panel of a file, and its values without cells that have two values."""
    panel = read_panel(path)
    for series, area in np.argwhere(panel.doubled):
        told = f"{panel.series[series]}, {panel.areas[area]}"
        sys.stderr.write(f"Left out: {plain(told)} has two values for one year.\n")
    return panel, np.where(panel.doubled[:, :, None], np.nan, panel.values)


def as_data(result: Any) -> Any:
    """Return a result as JSON values: dataclasses as objects, reasons as sentences."""
    if isinstance(result, Reason):
        return str(result)
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        named = ((field.name, getattr(result, field.name)) for field in dataclasses.fields(result))
        return {name: as_data(value) for name, value in named}
    if isinstance(result, Mapping):
        return {str(name): as_data(value) for name, value in result.items()}
    if isinstance(result, (tuple, list)):
        return [as_data(one) for one in result]
    return result


def print_json(rows: Iterable[Any]) -> None:
    """Print a JSON list row by row, while later rows are still computed."""
    before = "[\n"
    for row in rows:
        sys.stdout.write(before + json.dumps(as_data(row), ensure_ascii=False, allow_nan=False))
        before = ",\n"
    sys.stdout.write("[]\n" if before == "[\n" else "\n]\n")


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a table: the first column left-aligned, the others right-aligned."""
    cells = [list(header), *([shown(cell) for cell in row] for row in rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(header))]
    for row in cells:
        first, *others = row
        right = "".join(f"  {cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True))
        yield f"  {first:<{widths[0]}}{right}"


def shown(cell: object) -> str:
    if cell is None:
        return "-"
    return f"{cell:.4g}" if isinstance(cell, float) else plain(str(cell))


def plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in text)
