"""Shingles of a text: 64-bit hashes of each run of letters of a given length."""

import numpy as np
from numpy.typing import NDArray

type Hashes = NDArray[np.uint64]

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
STIR = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def shingles(plain: str, size: int) -> Hashes:
    """Return the hash of each run of `size` letters, in order; for a shorter text, of the whole."""
    codes = np.frombuffer(plain.encode("utf-32-le", "replace"), dtype="<u4").astype(np.uint64)
    if len(codes) == 0:
        return codes
    size = min(size, len(codes))
    hashes = np.zeros(len(codes) - size + 1, dtype=np.uint64)
    for place in range(size):
        hashes = hashes * MULTIPLIER + codes[place : len(codes) - size + 1 + place] + np.uint64(1)
    return stirred(hashes)


def stirred(hashes: Hashes) -> Hashes:
    """Mix hashes evenly over 64 bits (the final steps of SplitMix64, Steele et al. 2014)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * STIR[0]
    hashes = (hashes ^ (hashes >> np.uint64(27))) * STIR[1]
    return hashes ^ (hashes >> np.uint64(31))
