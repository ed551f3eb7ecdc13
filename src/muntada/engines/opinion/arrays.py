"""The arrays that pass between the rooms of this engine."""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Integers = NDArray[np.intp]
type Bools = NDArray[np.bool_]

AXES = 2  # of the plane in which everybody lies
