"""Many series as one dense array: series x areas x years, NaN for a gap."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from muntada.engines.arrays import BoolArray, FloatArray

type AnyIntArray = NDArray[np.integer]

type PanelCell = tuple[str, str, int, float]

MOST_CELLS = 200_000_000
COLUMNS = ("series", "area", "year", "value")


@runtime_checkable
class PanelFrame(Protocol):
    """The interface of a pandas data frame used here; pandas itself is not required."""

    columns: Any

    def itertuples(self, *, index: bool, name: str | None) -> Iterable[Any]: ...

    def __getitem__(self, columns: list[str]) -> Any: ...


class PanelTooLarge(ValueError):
    """The product of series, areas and years exceeds the number of cells allowed in memory."""


@dataclass(frozen=True, slots=True, eq=False)
class SeriesPanel:
    """Values of `series` x `areas` x `years`; the years are consecutive.

    `values` is float64 of that shape, NaN if missing. `listed` (series x areas) marks the pairs a
    source lists, with or without values. `doubled` marks pairs with two different values for one year,
    which cannot be judged. `estimated` has the shape of the values, or is None if the source does not
    mark estimates.
    """

    series: tuple[str, ...]
    areas: tuple[str, ...]
    first_year: int
    values: FloatArray
    listed: BoolArray
    doubled: BoolArray
    estimated: BoolArray | None = None

    @property
    def years(self) -> AnyIntArray:
        return np.arange(self.first_year, self.first_year + self.values.shape[2])

    def only(self, areas: Iterable[str]) -> "SeriesPanel":
        """Return the panel of these areas; each is listed for every series."""
        wanted = tuple(sorted(set(areas)))
        place_of = {area: place for place, area in enumerate(self.areas)}
        there = [number for number, area in enumerate(wanted) if area in place_of]
        from_places = [place_of[wanted[number]] for number in there]
        shape = (len(self.series), len(wanted))
        values = np.full((*shape, self.values.shape[2]), np.nan)
        values[:, there] = self.values[:, from_places]
        doubled = np.zeros(shape, dtype=np.bool_)
        doubled[:, there] = self.doubled[:, from_places]
        estimated = None
        if self.estimated is not None:
            estimated = np.zeros(values.shape, dtype=np.bool_)
            estimated[:, there] = self.estimated[:, from_places]
        listed = np.ones(shape, dtype=np.bool_)
        return SeriesPanel(self.series, wanted, self.first_year, values, listed, doubled, estimated)

    def digest(self) -> str:
        """Return a digest of all content."""
        digest = hashlib.sha256()
        heads = (repr(self.series), repr(self.areas), repr(self.first_year), repr(self.values.shape))
        for head in heads:
            digest.update(head.encode())
        for part in (self.values, self.listed, self.doubled, self.estimated):
            if part is not None:
                digest.update(np.ascontiguousarray(part).view(np.uint8).data)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class PanelPiece:
    """Cells as columns: series index, area index, year and value.

    `value` is NaN if the source states that there is none.
    """

    series: AnyIntArray
    area: AnyIntArray
    year: AnyIntArray
    value: FloatArray
    is_estimated: BoolArray | None = None


def panel_of(cells: "Iterable[PanelCell] | PanelFrame") -> SeriesPanel:
    """Create a panel from (series, area, year, value) in any order; NaN is a stated gap.

    A pandas data frame with these four columns is accepted; other columns are ignored. Series and areas
    are sorted. Raises PanelTooLarge, and ValueError for other input.
    """
    given = list(_cells_of_frame(cells) if isinstance(cells, PanelFrame) else cells)
    if any(isinstance(cell, str) or len(cell) != len(COLUMNS) for cell in given):
        raise ValueError(f"each cell is a tuple of {', '.join(COLUMNS)}")
    names = {name: number for number, name in enumerate(dict.fromkeys(cell[0] for cell in given))}
    places = {name: number for number, name in enumerate(dict.fromkeys(cell[1] for cell in given))}
    piece = PanelPiece(
        np.array([names[cell[0]] for cell in given], dtype=np.int64),
        np.array([places[cell[1]] for cell in given], dtype=np.int64),
        np.array([cell[2] for cell in given], dtype=np.int64),
        np.array([cell[3] for cell in given], dtype=np.float64),
    )
    return panel_of_pieces(list(names), list(places), [piece])


def _cells_of_frame(frame: PanelFrame) -> Iterable[PanelCell]:
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise ValueError(f"the data frame has no column {', '.join(missing)}")
    rows: Iterable[PanelCell] = frame[list(COLUMNS)].itertuples(index=False, name=None)
    return rows


def panel_of_pieces(series: Sequence[str], areas: Sequence[str], pieces: Sequence[PanelPiece]) -> SeriesPanel:
    """Create a panel from pieces with indices into `series` and `areas`.

    Series and areas are sorted, so the order of cells has no influence. Raises PanelTooLarge.
    """
    years = [(int(piece.year.min()), int(piece.year.max())) for piece in pieces if len(piece.year)]
    first, last = min((one for one, _ in years), default=0), max((one for _, one in years), default=-1)
    shape = (len(series), len(areas), last - first + 1)
    if shape[0] * shape[1] * shape[2] > MOST_CELLS:
        raise PanelTooLarge(f"{shape[0]} series x {shape[1]} areas x {shape[2]} years")
    (names, name_at), (places, place_at) = _sorted(series), _sorted(areas)
    values = np.full(shape, np.nan)
    listed, doubled = np.zeros(shape[:2], dtype=np.bool_), np.zeros(shape[:2], dtype=np.bool_)
    says = any(piece.is_estimated is not None for piece in pieces)
    estimated = np.zeros(shape, dtype=np.bool_) if says else None
    for piece in pieces:
        pair = name_at[piece.series] * shape[1] + place_at[piece.area]
        listed.reshape(-1)[pair] = True
        known = np.isfinite(piece.value)
        pair, value = pair[known], piece.value[known]
        cell = pair * shape[2] + (piece.year[known] - first)
        flat = values.reshape(-1)
        before = flat[cell]
        flat[cell] = value
        # A different value in an earlier piece, or later in this one: the cell has two values.
        twice = (np.isfinite(before) & (before != value)) | (flat[cell] != value)
        doubled.reshape(-1)[pair[twice]] = True
        if estimated is not None and piece.is_estimated is not None:
            estimated.reshape(-1)[cell[piece.is_estimated[known]]] = True
    return SeriesPanel(names, places, first, values, listed, doubled, estimated)


def _sorted(names: Sequence[str]) -> tuple[tuple[str, ...], AnyIntArray]:
    """Return the sorted names, and the new index of each given name."""
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    return tuple(names[number] for number in order), place
