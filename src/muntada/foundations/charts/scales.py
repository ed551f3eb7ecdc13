"""Positions in a chart: round ticks, few years, labels that do not overlap."""

import math
from collections.abc import Sequence

LETTER_HEIGHT = 15
TICKS = 5
YEAR_TICKS = 7


def value_ticks(values: Sequence[float]) -> tuple[float, ...]:
    """Return round ticks from zero (or below) that cover all values."""
    low, high = min(0.0, *values), max(0.0, *values)
    if low == high:
        high = low + 1
    rough = (high - low) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = power * next(round_one for round_one in (1, 2, 2.5, 5, 10) if round_one * power >= rough * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step - 1e-9)
    digits = 6 - math.floor(math.log10(step))
    return tuple(round(place * step, digits) for place in range(first, last + 1))


def year_ticks(first: int, last: int) -> tuple[int, ...]:
    step = next(one for one in (1, 2, 5, 10, 20, 50, 100) if (last - first) / one < YEAR_TICKS)
    return tuple(range(-(-first // step) * step, last + 1, step))


def apart(wanted: Sequence[float], gap: float, lowest: float) -> list[float]:
    """Move labels apart; positions are distances from the top."""
    order = sorted(range(len(wanted)), key=lambda one: wanted[one])
    places = [0.0] * len(wanted)
    before = -math.inf
    for one in order:
        places[one] = before = max(wanted[one], before + gap)
    below = math.inf
    for one in reversed(order):
        places[one] = below = min(places[one], below - gap, lowest)
    return places
