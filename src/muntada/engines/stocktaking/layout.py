"""Force-directed layout of a network, the same each time.

The forces are those of d3-force (Bostock), computed over all pairs at once: nodes repel each other
by the inverse of their distance; ties are springs, weaker between nodes with many ties; nodes do
not overlap; and all are pulled gently to the centre. The temperature falls from 1 to 0.001 in 300
steps. The seed determines the initial positions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muntada.engines.arrays import FloatArray
from muntada.engines.stocktaking.graph import Graph

STEPS = 300
PUSH, SPRING, FREE = 110.0, 52.0, 7.0
# The picture is wider than high.
TO_THE_MIDDLE = np.array([0.05, 0.09])
COOLING = 0.001 ** (1 / STEPS)
FRICTION = 0.6
MOST_STRETCHED = 3.0


@dataclass(frozen=True, slots=True)
class PictureFrame:
    """The size of the picture, with margins above and below, and at the sides for labels."""

    width: int = 900
    height: int = 600
    margin: int = 40
    beside: int = 90


@dataclass(frozen=True, slots=True)
class NodePlace:
    x: int
    y: int


def layout(
    graph: Graph, radii: Mapping[str, float], *, seed: int = 1, frame: PictureFrame | None = None
) -> dict[str, NodePlace]:
    """Return the integer position of each node, filling the frame."""
    frame = frame or PictureFrame()
    if len(graph.nodes) < 2:  # noqa: PLR2004  (one stands in the middle)
        return dict.fromkeys(graph.nodes, NodePlace(frame.width // 2, frame.height // 2))
    return _fitted(graph.nodes, _settled(graph, radii, seed), frame)


def _settled(graph: Graph, radii: Mapping[str, float], seed: int) -> FloatArray:
    number = {node: place for place, node in enumerate(graph.nodes)}
    ends = np.array([(number[tie.one], number[tie.other]) for tie in graph.ties]).reshape(-1, 2)
    degrees = np.maximum(np.bincount(ends.ravel(), minlength=len(number)), 1)
    sizes = np.array([radii[node] + FREE for node in graph.nodes])
    spread = SPRING * len(number) ** 0.5 / 2
    at = np.random.default_rng(seed).uniform(-spread, spread, (len(number), 2))
    moving, heat = np.zeros_like(at), 1.0
    for _ in range(STEPS):
        heat *= COOLING
        moving += heat * (_pushed(at) - TO_THE_MIDDLE * at)
        _pull(at, moving, ends, degrees, heat)
        moving *= FRICTION
        at = _apart(at + moving, sizes)
    return at


def _pushed(at: FloatArray) -> FloatArray:
    """Sum over all others: their direction, divided by the squared distance."""
    squared = np.maximum(_squared(at), 1.0)
    weights = PUSH / squared
    return at * weights.sum(axis=1)[:, None] - weights @ at


def _squared(at: FloatArray) -> FloatArray:
    lengths = (at**2).sum(axis=1)
    squared: FloatArray = lengths[:, None] + lengths[None, :] - 2 * (at @ at.T)
    return squared


def _pull(
    at: FloatArray, moving: FloatArray, ends: NDArray[np.int_], degrees: NDArray[np.int_], heat: float
) -> None:
    """Pull the ends of each tie together; the end with fewer ties moves more."""
    one, other = ends[:, 0], ends[:, 1]
    way = at[other] + moving[other] - at[one] - moving[one]
    length = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-6)
    strength = (length - SPRING) / length * heat / np.minimum(degrees[one], degrees[other])
    share = degrees[one] / (degrees[one] + degrees[other])
    np.add.at(moving, other, -way * (strength * share)[:, None])
    np.add.at(moving, one, way * (strength * (1 - share))[:, None])


def _apart(at: FloatArray, sizes: FloatArray) -> FloatArray:
    """Push overlapping nodes apart, each by a quarter of the overlap."""
    needed = sizes[:, None] + sizes[None, :]
    one, other = np.nonzero(np.triu(_squared(at) < needed**2, 1))
    between = at[one] - at[other]
    distance = np.maximum(np.hypot(between[:, 0], between[:, 1]), 1e-6)
    step = between * ((needed[one, other] - distance) / distance / 4)[:, None]
    moved = at.copy()
    np.add.at(moved, one, step)
    np.add.at(moved, other, -step)
    return moved


def _fitted(nodes: Sequence[str], at: FloatArray, frame: PictureFrame) -> dict[str, NodePlace]:
    """Scale the positions to fill the frame, at most threefold."""
    low, high = at.min(axis=0), at.max(axis=0)
    free = np.array([frame.width - 2 * frame.beside, frame.height - 2 * frame.margin])
    stretched = np.minimum(free / np.maximum(high - low, 1.0), MOST_STRETCHED)
    middle = np.array([frame.width, frame.height]) / 2
    places = np.rint(middle + (at - (low + high) / 2) * stretched).astype(int)
    return {node: NodePlace(int(x), int(y)) for node, (x, y) in zip(nodes, places, strict=True)}
