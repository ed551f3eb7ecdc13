"""Make the map shapes from an atlas in TopoJSON, without a database.

ATLAS.json has an object `countries` whose shapes have M49 numbers as ids, like countries-50m.json
of the npm package world-atlas. The output is one small file: put it in place of
src/muntada/foundations/charts/data/world.json, or name it in MUNTADA_MAP. Maps print its source and
licence. The decisions are in docs/decisions/0028-maps.md.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from muntada.foundations.charts.maps.making import AreaNames, made_world

_CHARTS = files("muntada.foundations.charts") / "data"
_FORUMS = files("muntada.forums") / "data"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("atlas", metavar="ATLAS.json", type=Path, help="the atlas")
    parser.add_argument("out", metavar="OUT.json", type=Path, help="where the shapes go")
    parser.add_argument(
        "--source", default="Natural Earth 4.1, 1:50m (world-atlas 2.0.2)", help="whose shapes these are"
    )
    parser.add_argument(
        "--licence", default="public domain; world-atlas: ISC", help="on which terms they may be used"
    )


def run(arguments: argparse.Namespace) -> int:
    try:
        atlas = json.loads(arguments.atlas.read_text(encoding="utf-8"))
        world = made_world(atlas, json.loads((_CHARTS / "world_places.json").read_text("utf-8")), _names())
    except (OSError, ValueError, KeyError, TypeError, IndexError) as fault:
        sys.stderr.write(f"{arguments.atlas} could not be read as an atlas in TopoJSON: {fault}\n")
        return 2
    said = {"source": arguments.source, "licence": arguments.licence}
    arguments.out.write_text(_written(said | world), encoding="utf-8")
    print(f"{len(world['areas'])} areas, {arguments.out.stat().st_size:,} bytes")
    return 0


def _names() -> AreaNames:
    countries = json.loads((_FORUMS / "countries.json").read_text("utf-8"))["countries"]
    return AreaNames(
        codes={one["m49"]: one["alpha3"] for one in countries if one["m49"]},
        continents={one["alpha3"]: one["m49_region"] or "" for one in countries},
        alpha2={one["alpha3"]: one["alpha2"] or "" for one in countries},
    )


def _written(world: Mapping[str, Any]) -> str:
    """Write one area per line, so that diffs are readable."""
    parts = []
    for name, value in world.items():
        if name == "areas":
            lines = ",\n".join(f"{json.dumps(code)}:{_packed(area)}" for code, area in value.items())
            parts.append(f'"areas":{{\n{lines}\n}}')
        else:
            parts.append(f"{json.dumps(name)}:{_packed(value)}")
    return "{" + ",\n".join(parts) + "}\n"


def _packed(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
