"""Reasons for missing numbers: the measures answer bad data with a reason, not an exception."""

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from muntada.engines.arrays import FloatArray
from muntada.engines.reasons import Reason, gettext_noop

type Lacks = NDArray[np.uint8]

# No measurement is larger; values below its inverse are zero.
LARGEST = 1e100


class Lack(IntEnum):
    """A reason as a number, so that arrays can hold it; zero means no reason."""

    NOTHING = 0
    NO_VALUE = 1
    ONE_VALUE = 2
    NOT_FINITE = 3
    WRONG_WEIGHT = 4
    NEGATIVE = 5
    NOTHING_SHARED = 6
    TOO_FEW_POINTS = 7
    CONSTANT = 8
    NOT_POSITIVE = 9
    SAME_START = 10
    TOO_SMALL_A_SHARE = 11
    TOO_OLD = 12
    NO_LEADER = 13
    NOT_REACHED = 14
    TOO_FEW_AREAS = 15
    TOO_LITTLE_KNOWN = 16
    NO_WEIGHT = 17


SENTENCES = {
    Lack.NO_VALUE: gettext_noop("There is no value."),
    Lack.ONE_VALUE: gettext_noop("There is one value only; a difference needs two."),
    Lack.NOT_FINITE: gettext_noop("A value is infinite or far too large."),
    Lack.WRONG_WEIGHT: gettext_noop("A weight is negative, infinite or far too large."),
    Lack.NO_WEIGHT: gettext_noop("No area with a value has a weight."),
    Lack.NEGATIVE: gettext_noop("A value is below zero; a relative measure is defined from zero on."),
    Lack.NOTHING_SHARED: gettext_noop("All values are zero: there is nothing to be shared."),
    Lack.TOO_FEW_POINTS: gettext_noop("There are too few years with a value."),
    Lack.CONSTANT: gettext_noop("All values are the same."),
    Lack.NOT_POSITIVE: gettext_noop("A value is zero or below: no ratio to it and no logarithm is defined."),
    Lack.SAME_START: gettext_noop("All areas start from the same value."),
    Lack.TOO_SMALL_A_SHARE: gettext_noop("Those with a value make up too small a share of the whole."),
    Lack.TOO_OLD: gettext_noop("The latest value is too old."),
    Lack.NO_LEADER: gettext_noop("The series to compare with has no value in or before that year."),
    Lack.TOO_FEW_AREAS: gettext_noop("Fewer than three areas have a value in both years."),
    Lack.TOO_LITTLE_KNOWN: gettext_noop("Too few of the indicators have a value."),
    Lack.NOT_REACHED: gettext_noop("The series to compare with has not reached this value yet."),
}  # fmt: skip


def computable(values: ArrayLike) -> FloatArray:
    """Return numbers whose squares and ratios exist: too large becomes infinite, too small zero."""
    given = np.array(values, dtype=np.float64)
    size = np.abs(given)
    given[size < 1 / LARGEST] = 0.0
    large = size > LARGEST
    given[large] = np.copysign(np.inf, given[large])
    return given


def reason(lack: int) -> Reason | None:
    """Return the sentence of a reason, or None."""
    return Reason(SENTENCES[Lack(lack)]) if lack else None


def number(value: float) -> float | None:
    """Return a number as a plain float, or None if NaN."""
    plain = float(value)
    return plain if np.isfinite(plain) else None
