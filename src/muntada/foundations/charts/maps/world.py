"""The map shapes: those of the project, or a file of the host."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings

type MapBox = tuple[float, float, float, float]

WORLD = "001"
OCEANIA = "009"


@dataclass(frozen=True)
class AreaShape:
    """An area on the map: its outline, or only its position if too small.

    `at` is the centre of a free circle of radius `room`, for labels. `east` is how far an island beyond
    the 180th meridian is moved in a view that continues over it.
    """

    code: str
    alpha2: str
    at: tuple[float, float]
    path: str = ""
    room: float = 0
    box: MapBox = (0, 0, 0, 0)
    east: float = 0


@dataclass(frozen=True)
class MapView:
    """A part of the map, by M49 number: left, top, width and height, and its areas."""

    name: str
    box: MapBox
    members: frozenset[str]

    def sees(self, box: MapBox) -> bool:
        left, top, width, height = self.box
        return box[0] <= left + width and left <= box[2] and box[1] <= top + height and top <= box[3]

    def place_of(self, shape: AreaShape) -> tuple[float, float]:
        return shape.at[0] + (shape.east if self.name == OCEANIA else 0), shape.at[1]

    @property
    def unit(self) -> float:
        """A thousandth of its width."""
        return self.box[2] / 1000


@dataclass(frozen=True)
class World:
    """All shapes, those that belong to no area, and the areas that are not drawn."""

    source: str
    licence: str
    views: Mapping[str, MapView]
    shapes: Mapping[str, AreaShape]
    nobodys: tuple[str, ...]
    not_drawn: frozenset[str]

    @cached_property
    def by_alpha2(self) -> Mapping[str, AreaShape]:
        return {one.alpha2: one for one in self.shapes.values() if one.alpha2}

    def view(self, asked: str) -> MapView:
        return self.views.get(asked, self.views[WORLD])

    def outlines(self, view: MapView) -> Iterator[AreaShape]:
        return (one for one in self.shapes.values() if one.path and view.sees(one.box))

    def places(self, view: MapView) -> Iterator[AreaShape]:
        """Yield the areas with a position only."""
        for one in self.shapes.values():
            x, y = view.place_of(one)
            if not one.path and view.sees((x, y, x, y)):
                yield one


@cache
def world() -> World:
    """Read the shapes, once per process."""
    own = settings.MAP_FILE
    path = Path(own) if own else files("muntada.foundations.charts") / "data" / "world.json"
    return read_world(json.loads(path.read_text(encoding="utf-8")))


def read_world(said: Mapping[str, Any]) -> World:
    return World(
        source=said["source"],
        licence=said["licence"],
        views={
            name: MapView(name, (*one["box"],), frozenset(one["members"]))
            for name, one in said["views"].items()
        },
        shapes={code: _shape(code, one) for code, one in said["areas"].items()},
        nobodys=tuple(said["nobodys"]),
        not_drawn=frozenset(said["not_drawn"]),
    )


def _shape(code: str, said: Mapping[str, Any]) -> AreaShape:
    x, y = said["at"]
    return AreaShape(
        code=code,
        alpha2=said["iso2"],
        at=(x, y),
        path=said.get("d", ""),
        room=said.get("room", 0),
        box=(*said.get("box", (0, 0, 0, 0)),),
        east=said.get("east", 0),
    )
