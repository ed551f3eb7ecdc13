"""Place labels of nodes: in order of rank, the first that fit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from muntada.engines.stocktaking.layout import NodePlace, PictureFrame

LETTER, HIGH = 6.6, 15
LONGEST = 26
_APART = 4


@dataclass(frozen=True, slots=True)
class Label:
    """A label beside its node: where its text begins or ends, and which of the two."""

    text: str
    x: int
    y: int
    anchor: str


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def within(self, frame: PictureFrame) -> bool:
        return self.left >= 0 and self.top >= 0 and self.right <= frame.width and self.bottom <= frame.height

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def labels(
    ranked: Sequence[str],
    places: Mapping[str, NodePlace],
    radii: Mapping[str, float],
    names: Mapping[str, str],
    *,
    frame: PictureFrame,
    most: int,
) -> dict[str, Label]:
    """Label the first nodes with free space to the right, left, below or above.

    The first half of the labels may cover small nodes, where they hide the fewest, so that the best
    connected nodes always have a name.
    """
    taken = {
        n: _Box(p.x - radii[n], p.y - radii[n], p.x + radii[n], p.y + radii[n]) for n, p in places.items()
    }
    written: list[_Box] = []
    found: dict[str, Label] = {}
    for node in ranked[: 2 * most]:
        if len(found) == most:
            break
        free = [
            (sum(box.meets(other) for other in taken.values()), place, label, box)
            for place, (label, box) in enumerate(_around(shortened(names[node]), places[node], radii[node]))
            if box.within(frame) and not any(box.meets(other) for other in written)
        ]
        hidden, _, label, box = min(free, key=lambda one: one[:2], default=(1, 0, None, None))
        if label is not None and box is not None and (not hidden or len(found) < most // 2):
            found[node] = label
            written.append(box)
    return found


def shortened(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"


def _around(text: str, at: NodePlace, radius: float) -> Iterable[tuple[Label, _Box]]:
    # Chinese characters are twice as wide as other letters.
    wide = sum(LETTER * 2 if ord(letter) > 0x2E80 else LETTER for letter in text)  # noqa: PLR2004
    beside, half = radius + _APART, wide / 2
    for anchor, x, y, left in (
        ("start", at.x + beside, at.y + 4, at.x + beside),
        ("end", at.x - beside, at.y + 4, at.x - beside - wide),
        ("middle", at.x, at.y + beside + 11, at.x - half),
        ("middle", at.x, at.y - beside, at.x - half),
    ):
        box = _Box(left, y - HIGH + 3, left + wide, y + 3)
        yield Label(text, round(x), round(y), anchor), box
