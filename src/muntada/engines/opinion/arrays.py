"""Types of the arrays that the modules of this engine exchange."""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Integers = NDArray[np.intp]
type BoolArray = NDArray[np.bool_]

AXES = 2  # dimensions of the plane of the map
