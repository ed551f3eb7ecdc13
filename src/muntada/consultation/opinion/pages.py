"""The drawing of an opinion map: a mark per person, or per grid square if there are many."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from muntada.consultation.opinion.rules import GroupedXY, MapCrowd
from muntada.foundations.charts.canvas import XY

WIDTH, HEIGHT, MARGIN = 720, 460, 26
# With more people, those close together share a mark sized by their number.
MOST_MARKS = 400
CELL = 15.0
SMALL, LARGEST, LARGEST_CROWD = 3.4, 11.0, 14.0
LETTERS = "ABCDEFGH"
CORNERS = 3


@dataclass(frozen=True)
class GroupDrawing:
    """The marks of a group as one path, its outline, and the position of its letter."""

    css: str
    letter: str
    marks: str
    hull: str
    x: float
    y: float


@dataclass(frozen=True)
class MapDrawing:
    """Positions in units of the drawing; `gathered` marks may represent several people."""

    width: int
    height: int
    across: float
    down: float
    groups: tuple[GroupDrawing, ...]
    mine: XY | None
    gathered: bool
    # Whether marks are crowds; some people may then be in none.
    in_crowds: bool = False

    @property
    def axes_path(self) -> str:
        return f"M0 {self.across}H{self.width}M{self.down} 0V{self.height}"

    @property
    def has_ungrouped(self) -> bool:
        return any(not group.letter for group in self.groups)


def draw_map(points: Sequence[GroupedXY], mine: GroupedXY | None = None) -> MapDrawing | None:
    """Draw all people to scale; None without people."""
    if not points:
        return None
    scale = _Scale.of(points)
    by_group: dict[int, list[XY]] = defaultdict(list)
    for x, y, group in points:
        by_group[-1 if group is None else group].append(scale.place(x, y))
    gathered = len(points) > MOST_MARKS
    across, down = scale.place(0.0, 0.0)[1], scale.place(0.0, 0.0)[0]
    return MapDrawing(
        width=WIDTH,
        height=HEIGHT,
        across=across,
        down=down,
        # People without a group are drawn below the others.
        groups=tuple(_group(group, by_group[group], gathered=gathered) for group in sorted(by_group)),
        mine=scale.place(mine[0], mine[1]) if mine else None,
        gathered=gathered,
    )


def draw_crowds(found: Sequence[MapCrowd], mine: GroupedXY | None = None) -> MapDrawing:
    """Draw crowds to scale, without outlines, whose corners would be people."""
    middles: list[GroupedXY] = [(one.x, one.y, one.group) for one in found]
    scale = _Scale.of([*middles, mine] if mine else middles)
    by_group: dict[int, list[MapCrowd]] = defaultdict(list)
    for one in found:
        by_group[-1 if one.group is None else one.group].append(one)
    across, down = scale.place(0.0, 0.0)[1], scale.place(0.0, 0.0)[0]
    most = max((one.people for one in found), default=1)
    return MapDrawing(
        width=WIDTH,
        height=HEIGHT,
        across=across,
        down=down,
        groups=tuple(_crowd_group(group, by_group[group], scale, most) for group in sorted(by_group)),
        mine=scale.place(mine[0], mine[1]) if mine else None,
        gathered=True,
        in_crowds=True,
    )


def _crowd_group(group: int, of_group: Sequence[MapCrowd], scale: "_Scale", most: int) -> GroupDrawing:
    marks = [
        (*scale.place(one.x, one.y), max(SMALL, round(LARGEST_CROWD * sqrt(one.people / most), 1)))
        for one in of_group
    ]
    people = sum(one.people for one in of_group)
    x, y = scale.place(
        sum(one.x * one.people for one in of_group) / people,
        sum(one.y * one.people for one in of_group) / people,
    )
    return GroupDrawing(
        css="g-none" if group < 0 else f"g{group}",
        letter="" if group < 0 else LETTERS[group],
        marks="".join(mark(group, *one) for one in marks),
        hull="",
        x=x,
        y=y,
    )


@dataclass(frozen=True)
class _Scale:
    factor: float
    left: float
    top: float

    @classmethod
    def of(cls, points: Sequence[GroupedXY]) -> "_Scale":
        """Fit all points and the origin with equal units on both axes."""
        xs, ys = [0.0, *(point[0] for point in points)], [0.0, *(point[1] for point in points)]
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        inner_width, inner_height = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
        factors = [inner / size for inner, size in ((inner_width, wide), (inner_height, high)) if size > 0]
        factor = min(factors, default=1.0)
        return cls(
            factor,
            MARGIN + (inner_width - wide * factor) / 2 - min(xs) * factor,
            MARGIN + (inner_height - high * factor) / 2 + max(ys) * factor,
        )

    def place(self, x: float, y: float) -> XY:
        return round(self.left + x * self.factor, 1), round(self.top - y * self.factor, 1)


def _group(group: int, places: Sequence[XY], *, gathered: bool) -> GroupDrawing:
    marks = _gather(places) if gathered else [(x, y, SMALL) for x, y in places]
    middle_x = sum(x for x, _ in places) / len(places)
    middle_y = sum(y for _, y in places) / len(places)
    return GroupDrawing(
        css="g-none" if group < 0 else f"g{group}",
        letter="" if group < 0 else LETTERS[group],
        marks="".join(mark(group, x, y, size) for x, y, size in marks),
        hull="" if group < 0 else _outline(places),
        x=round(middle_x, 1),
        y=round(middle_y, 1),
    )


def _gather(places: Sequence[XY]) -> list[tuple[float, float, float]]:
    """Combine the people of each square at their mean, in a mark sized by number."""
    cells: dict[tuple[int, int], list[XY]] = defaultdict(list)
    for x, y in places:
        cells[int(x // CELL), int(y // CELL)].append((x, y))
    return [
        (
            round(sum(x for x, _ in inside) / len(inside), 1),
            round(sum(y for _, y in inside) / len(inside), 1),
            round(min(LARGEST, 1.9 * sqrt(len(inside))), 1),
        )
        for _, inside in sorted(cells.items())
    ]


def _disc(x: float, y: float, size: float) -> str:
    r, d = _n(size), _n(2 * size)
    return f"M{_n(x - size)} {_n(y)}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0"


def _square(x: float, y: float, size: float) -> str:
    side = 1.8 * size
    return f"M{_n(x - side / 2)} {_n(y - side / 2)}h{_n(side)}v{_n(side)}h-{_n(side)}z"


def _triangle(x: float, y: float, size: float) -> str:
    side = 2.4 * size
    return f"M{_n(x - side / 2)} {_n(y + side * 0.4)}h{_n(side)}l-{_n(side / 2)} -{_n(side * 0.86)}z"


def _diamond(x: float, y: float, size: float) -> str:
    reach = _n(1.35 * size)
    return f"M{_n(x - 1.35 * size)} {_n(y)}l{reach} -{reach} {reach} {reach} -{reach} {reach}z"


def _cross(x: float, y: float, size: float) -> str:
    arm, start = _n(0.85 * size), 0.425 * size
    around = f"h{arm}v{arm}h{arm}v{arm}h-{arm}v{arm}h-{arm}v-{arm}h-{arm}v-{arm}h{arm}z"
    return f"M{_n(x - start)} {_n(y - 3 * start)}{around}"


# A shape per group, so that colour is never the only distinction.
SHAPES = (_disc, _square, _triangle, _diamond, _cross)


def mark(group: int, x: float, y: float, size: float) -> str:
    """Return the shape of a group at a position; a smaller disc without a group."""
    if group < 0:
        return _disc(x, y, 0.7 * size)
    return SHAPES[group % len(SHAPES)](x, y, size)


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _outline(places: Sequence[XY]) -> str:
    corners = hull(places)
    if len(corners) < CORNERS:
        return ""
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in corners) + "z"


def hull(places: Sequence[XY]) -> list[XY]:
    """Return the convex hull of all points (Andrew's monotone chain)."""
    ordered = sorted(set(places))
    if len(ordered) < CORNERS:
        return ordered
    lower, upper = _half(ordered), _half(ordered[::-1])
    return lower[:-1] + upper[:-1]


def _half(ordered: Sequence[XY]) -> list[XY]:
    chain: list[XY] = []
    for place in ordered:
        while len(chain) >= CORNERS - 1 and _turn(chain[-2], chain[-1], place) <= 0:
            chain.pop()
        chain.append(place)
    return chain


def _turn(first: XY, second: XY, third: XY) -> float:
    return (second[0] - first[0]) * (third[1] - first[1]) - (second[1] - first[1]) * (third[0] - first[0])
