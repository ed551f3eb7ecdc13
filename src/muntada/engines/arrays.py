"""Types of the arrays that the modules of the engines exchange."""

import numpy as np
from numpy.typing import NDArray

type FloatArray = NDArray[np.float64]
type IndexArray = NDArray[np.intp]
type IntArray = NDArray[np.int64]
type BoolArray = NDArray[np.bool_]
