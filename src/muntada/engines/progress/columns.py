"""Parse four columns of plain CSV rows as arrays, many rows at once.

A plain row is UTF-8 without quotation marks, with a year of four digits and a value that is empty
or a number. A piece of a file with any other row is not parsed here. Eight bytes are processed as
one integer.
"""

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muntada.engines.arrays import FloatArray
from muntada.engines.progress.panel import AnyIntArray

type BitArray = NDArray[np.uint64]

_NUMBER = re.compile(rb"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")

NEWLINE, COMMA, POINT, MINUS, PLUS, NOUGHT = b"\n,.-+0"
WORD = 8
LONGEST_VALUE = 2 * WORD  # longer values are parsed one by one
EXACT = 1 << 53  # smaller integers are exact, and so is one division by a power of ten
TENS = 10.0 ** np.arange(LONGEST_VALUE + 1)
# Masks for the first n bytes of a word, in memory order.
FIRST_BYTES = np.array([(1 << (8 * count)) - 1 for count in range(WORD + 1)], dtype=np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class SeriesColumns:
    """Names in order of appearance; for each row the index of its series and area, its year and its value."""

    series: tuple[str, ...]
    series_at: AnyIntArray
    areas: tuple[str, ...]
    area_at: AnyIntArray
    year: NDArray[np.int16]
    value: FloatArray
    status: tuple[str, ...] = ()
    status_at: AnyIntArray | None = None


def plain_columns(text: bytes, columns: int, places: list[int]) -> SeriesColumns | None:
    """Return the columns at `places` (series, area, year, value, optionally status) if every row is plain."""
    if b'"' in text or b"\0" in text:
        return None
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n")
        if b"\r" in text:
            return None
    found = _fields(text, columns, places)
    if found is None:
        return None
    words, starts, lengths = found
    year = _years(words, starts[2], lengths[2])
    value = _values(text, words, starts[3], lengths[3])
    if year is None or value is None:
        return None
    try:
        series, series_at = _names(text, words, starts[0], lengths[0])
        areas, area_at = _names(text, words, starts[1], lengths[1])
        status, status_at = _names(text, words, starts[4], lengths[4]) if len(places) > 4 else ((), None)  # noqa: PLR2004
    except UnicodeDecodeError:
        return None
    return SeriesColumns(series, series_at, areas, area_at, year, value, status, status_at)


def _fields(
    text: bytes, columns: int, places: list[int]
) -> tuple[BitArray, list[AnyIntArray], list[AnyIntArray]] | None:
    """Return the text as words, and the start and length of the cells at `places`."""
    size = len(text)
    padded = np.frombuffer(text + b"\n" + bytes(LONGEST_VALUE), dtype=np.uint8)
    ends = np.flatnonzero(padded[: size + (not text.endswith(b"\n"))] == NEWLINE)
    begins = np.concatenate([[0], ends[:-1] + 1])
    filled = ends > begins
    begins, ends = begins[filled], ends[filled]
    commas = np.flatnonzero(padded[:size] == COMMA)
    if len(commas) != len(ends) * (columns - 1):
        return None
    cuts = commas.reshape(len(ends), columns - 1)
    if np.any(cuts[:, 0] < begins) or np.any(cuts[:, -1] > ends):
        return None
    starts = [begins if place == 0 else cuts[:, place - 1] + 1 for place in places]
    stops = [ends if place == columns - 1 else cuts[:, place] for place in places]
    words: BitArray = np.ndarray((size + 1 + WORD,), dtype="<u8", buffer=padded.data, strides=(1,))
    return words, starts, [stop - start for start, stop in zip(starts, stops, strict=True)]


def _years(words: BitArray, starts: AnyIntArray, lengths: AnyIntArray) -> NDArray[np.int16] | None:
    if np.any(lengths != 4):  # noqa: PLR2004
        return None
    four = words[starts]
    year = np.zeros(len(starts), dtype=np.int16)
    for place in range(4):
        digit = ((four >> np.uint64(8 * place)) & np.uint64(255)).astype(np.int16) - NOUGHT
        if np.any((digit < 0) | (digit > 9)):  # noqa: PLR2004
            return None
        year = year * np.int16(10) + digit
    return year


def _values(text: bytes, words: BitArray, starts: AnyIntArray, lengths: AnyIntArray) -> FloatArray | None:
    """Parse decimals exactly as Python does, which parses those that are not plain; empty is NaN."""
    longest = min(int(lengths.max(initial=0)), LONGEST_VALUE)
    first = words[starts] & FIRST_BYTES[np.minimum(lengths, WORD)]
    second = words[starts + WORD] & FIRST_BYTES[np.clip(lengths - WORD, 0, WORD)] if longest > WORD else first
    sign = (first & np.uint64(255)).astype(np.uint8)
    signed = (sign == MINUS) | (sign == PLUS)
    whole = np.zeros(len(starts), dtype=np.int64)
    digits, points, after = (np.zeros(len(starts), dtype=np.int8) for _ in range(3))
    for place in range(longest):
        word, shift = (first, place) if place < WORD else (second, place - WORD)
        letter = ((word >> np.uint64(8 * shift)) & np.uint64(255)).astype(np.uint8)
        digit = letter - np.uint8(NOUGHT)  # characters below "0" wrap to values far above 9
        is_digit = digit <= 9  # noqa: PLR2004
        whole = np.where(is_digit, whole * 10 + digit, whole)
        digits += is_digit
        after += is_digit & (points > 0)
        points += letter == POINT
    plain = (digits + points + signed == lengths) & (points <= 1) & (whole < EXACT)
    empty = lengths == 0
    number = whole / TENS[after]
    number = np.where(empty, np.nan, np.where(sign == MINUS, -number, number))
    for row in np.flatnonzero(~empty & ~(plain & (digits > 0))).tolist():
        cell = text[starts[row] : starts[row] + lengths[row]].strip()
        if not (_NUMBER.fullmatch(cell) and math.isfinite(float(cell))):
            return None
        number[row] = float(cell)
    return number


def _names(
    text: bytes, words: BitArray, starts: AnyIntArray, lengths: AnyIntArray
) -> tuple[tuple[str, ...], AnyIntArray]:
    """Number the names; a name is looked up only if it differs from the row before."""
    differs = np.ones(len(starts), dtype=np.bool_)
    differs[1:] = lengths[1:] != lengths[:-1]
    for begin in range(0, int(lengths.max(initial=0)), WORD):
        # Beyond the end of the text there is nothing a cell could contain.
        at = np.minimum(starts + begin, len(words) - 1)
        word = words[at] & FIRST_BYTES[np.clip(lengths - begin, 0, WORD)]
        differs[1:] |= word[1:] != word[:-1]
    changes = np.flatnonzero(differs)
    numbers: dict[bytes, int] = {}
    spans = zip(starts[changes].tolist(), lengths[changes].tolist(), strict=True)
    met = [numbers.setdefault(text[start : start + length], len(numbers)) for start, length in spans]
    runs = np.cumsum(differs) - 1
    return tuple(name.decode() for name in numbers), np.array(met, dtype=np.int64)[runs]
