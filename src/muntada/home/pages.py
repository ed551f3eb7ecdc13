"""The trace as a drawing: columns by distance, a curve per edge."""

from collections import defaultdict
from dataclasses import dataclass

from muntada.record.queries import Trace, TraceNode

COLUMN_WIDTH = 250
BOX_WIDTH = 190
BOX_HEIGHT = 58
ROW_HEIGHT = 76
MARGIN = 16
TITLE_LENGTH = 26
TITLE_LINES = 2
# More boxes in a column are unreadable; the list below has all.
COLUMN_LIMIT = 9


@dataclass(frozen=True)
class Box:
    node: TraceNode
    x: int
    y: int
    lines: tuple[str, ...]

    @property
    def text_x(self) -> int:
        return self.x + 12

    @property
    def symbol_y(self) -> int:
        return self.y + 19

    @property
    def rows(self) -> list[tuple[int, str]]:
        return [(self.y + 36 + 15 * number, line) for number, line in enumerate(self.lines)]


@dataclass(frozen=True)
class Curve:
    path: str
    relation: str


@dataclass(frozen=True)
class TraceDrawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]
    left_out: int
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def draw(trace: Trace) -> TraceDrawing:
    """Place the start first and each step a column further, in order of symbols."""
    columns: dict[int, list[TraceNode]] = defaultdict(list)
    for node in sorted(trace.nodes, key=lambda node: (node.depth, node.kind, node.id)):
        columns[node.depth].append(node)
    boxes = {
        node.id: Box(node, MARGIN + depth * COLUMN_WIDTH, MARGIN + row * ROW_HEIGHT, wrap(node.title))
        for depth, column in columns.items()
        for row, node in enumerate(column[:COLUMN_LIMIT])
    }
    curves = tuple(
        Curve(_path(boxes[edge.source], boxes[edge.target]), edge.relation)
        for edge in trace.edges
        if edge.source in boxes and edge.target in boxes
    )
    tallest = min(COLUMN_LIMIT, max(len(column) for column in columns.values()))
    return TraceDrawing(
        width=2 * MARGIN + max(columns) * COLUMN_WIDTH + BOX_WIDTH,
        height=2 * MARGIN + (tallest - 1) * ROW_HEIGHT + BOX_HEIGHT,
        boxes=tuple(boxes.values()),
        curves=curves,
        left_out=len(trace.nodes) - len(boxes),
    )


def both_ways(rests_on: Trace, led_to: Trace) -> tuple[TraceDrawing | None, TraceDrawing | None]:
    """Draw each direction with more than its start."""
    down, up = (draw(trace) if len(trace.nodes) > 1 else None for trace in (rests_on, led_to))
    return down, up


def wrap(title: str, width: int = TITLE_LENGTH, lines: int = TITLE_LINES) -> tuple[str, ...]:
    """Break a title into lines; wide characters count double."""
    wrapped, current, used = [], "", 0
    for word in _words(title):
        size = sum(2 if ord(letter) > 0x2E80 else 1 for letter in word)  # noqa: PLR2004  (CJK begins here)
        if used and used + size > width:
            wrapped.append(current.strip())
            current, used = "", 0
        current, used = current + word, used + size
    wrapped.append(current.strip())
    if len(wrapped) > lines:
        wrapped = [*wrapped[: lines - 1], wrapped[lines - 1] + "…"]
    return tuple(line for line in wrapped if line)


def _words(title: str) -> list[str]:
    """Split a title where a line may break: after blanks, and around wide characters."""
    pieces: list[str] = []
    for letter in title:
        if pieces and pieces[-1][-1] != " " and ord(letter) <= 0x2E80 and ord(pieces[-1][-1]) <= 0x2E80:  # noqa: PLR2004
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _path(source: Box, target: Box) -> str:
    """Return a curve between facing sides of two boxes."""
    left, right = sorted((source, target), key=lambda box: (box.x, box.y))
    start_y, end_y = left.y + BOX_HEIGHT // 2, right.y + BOX_HEIGHT // 2
    if left.x == right.x:
        bend = left.x + BOX_WIDTH + 30
        return (
            f"M{left.x + BOX_WIDTH} {start_y}C{bend} {start_y} {bend} {end_y} {right.x + BOX_WIDTH} {end_y}"
        )
    start_x, end_x = left.x + BOX_WIDTH, right.x
    middle = (start_x + end_x) // 2
    return f"M{start_x} {start_y}C{middle} {start_y} {middle} {end_y} {end_x} {end_y}"
