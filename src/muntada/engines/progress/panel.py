"""Many series as one dense block of numbers: series x areas x years, where a gap is NaN.

All that is computed for whole databases at once is computed on this shape.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Integers = NDArray[np.integer]
type Bools = NDArray[np.bool_]

type Cell = tuple[str, str, int, float]

MOST_CELLS = 200_000_000
COLUMNS = ("series", "area", "year", "value")


@runtime_checkable
class Frame(Protocol):
    """What is used of a data frame of pandas, which the engines do not need themselves."""

    columns: Any

    def itertuples(self, *, index: bool, name: str | None) -> Iterable[Any]: ...

    def __getitem__(self, columns: list[str]) -> Any: ...


class PanelTooLarge(ValueError):
    """The series, areas and years make more cells than are held at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Values of `series` x `areas` x `years`; the years are consecutive.

    `values` is float64 of that shape, NaN where there is no value. `listed` (series x areas) are the pairs of
    which a source speaks at all, even if only to say that there is no value. `doubled` are those of which it
    gives two different values for one year: nothing can be said of them. `estimated` is of the shape of the
    values, or None where a source does not say which are estimates.
    """

    series: tuple[str, ...]
    areas: tuple[str, ...]
    first_year: int
    values: Floats
    listed: Bools
    doubled: Bools
    estimated: Bools | None = None

    @property
    def years(self) -> Integers:
        return np.arange(self.first_year, self.first_year + self.values.shape[2])

    def only(self, areas: Iterable[str]) -> "Panel":
        """Return the panel of these areas; each is listed for every series, with values or without."""
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
        return Panel(self.series, wanted, self.first_year, values, listed, doubled, estimated)

    def digest(self) -> str:
        """Return the digest of everything that is in the panel."""
        digest = hashlib.sha256()
        heads = (repr(self.series), repr(self.areas), repr(self.first_year), repr(self.values.shape))
        for head in heads:
            digest.update(head.encode())
        for part in (self.values, self.listed, self.doubled, self.estimated):
            if part is not None:
                digest.update(np.ascontiguousarray(part).view(np.uint8).data)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some cells as columns: the number of the series, of the area, the year and the value of each.

    `value` is NaN where a source says that there is none.
    """

    series: Integers
    area: Integers
    year: Integers
    value: Floats
    is_estimated: Bools | None = None


def panel_of(cells: "Iterable[Cell] | Frame") -> Panel:
    """Return the panel of (series, area, year, value) in any order; NaN says that there is no value.

    A data frame of pandas with these four columns will do, too; its other columns are passed over. Series
    and areas stand in the order of the alphabet. Raises PanelTooLarge, and a ValueError for other shapes.
    """
    given = list(_cells_of_frame(cells) if isinstance(cells, Frame) else cells)
    if any(isinstance(cell, str) or len(cell) != len(COLUMNS) for cell in given):
        raise ValueError(f"each cell is a tuple of {', '.join(COLUMNS)}")
    names = {name: number for number, name in enumerate(dict.fromkeys(cell[0] for cell in given))}
    places = {name: number for number, name in enumerate(dict.fromkeys(cell[1] for cell in given))}
    piece = Piece(
        np.array([names[cell[0]] for cell in given], dtype=np.int64),
        np.array([places[cell[1]] for cell in given], dtype=np.int64),
        np.array([cell[2] for cell in given], dtype=np.int64),
        np.array([cell[3] for cell in given], dtype=np.float64),
    )
    return panel_of_pieces(list(names), list(places), [piece])


def _cells_of_frame(frame: Frame) -> Iterable[Cell]:
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise ValueError(f"the data frame has no column {', '.join(missing)}")
    rows: Iterable[Cell] = frame[list(COLUMNS)].itertuples(index=False, name=None)
    return rows


def panel_of_pieces(series: Sequence[str], areas: Sequence[str], pieces: Sequence[Piece]) -> Panel:
    """Return the panel of cells told piece by piece, with numbers in `series` and `areas`.

    Series and areas stand in the order of the alphabet, so that the order of the cells makes no difference.
    Raises PanelTooLarge.
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
        # Told before in another piece, or later in this one, and otherwise: the cell has two values.
        twice = (np.isfinite(before) & (before != value)) | (flat[cell] != value)
        doubled.reshape(-1)[pair[twice]] = True
        if estimated is not None and piece.is_estimated is not None:
            estimated.reshape(-1)[cell[piece.is_estimated[known]]] = True
    return Panel(names, places, first, values, listed, doubled, estimated)


def _sorted(names: Sequence[str]) -> tuple[tuple[str, ...], Integers]:
    """Return the names in order, and at which place each of those given stands."""
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    return tuple(names[number] for number in order), place
