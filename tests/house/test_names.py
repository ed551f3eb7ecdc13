"""A class or type alias has a name of its own in the whole house, so that a name says where it belongs."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import muntada

HOUSE = Path(muntada.__file__).parent


def test_every_class_and_alias_has_a_name_of_its_own():
    places = places_of((path, path.read_text(encoding="utf-8")) for path in modules())
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert not twice, twice


def test_a_name_given_twice_is_found():
    one, other = Path("one.py"), Path("other.py")
    places = places_of(
        [
            (one, "class Row: ...\nclass Model:\n    class Meta: ...\nTitle = 1"),
            (other, "type Row = dict[str, str]\nclass Other:\n    class Meta: ...\nMAX = Title = 2"),
        ]
    )
    assert places == {"Row": [one, other], "Model": [one], "Other": [other]}


def modules() -> Iterator[Path]:
    return (path for path in sorted(HOUSE.rglob("*.py")) if "migrations" not in path.parts)


def places_of(sources) -> dict[str, list[Path]]:
    """Return the modules that define each class and type alias at their top."""
    places = defaultdict(list)
    for path, source in sources:
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(path)
            elif isinstance(node, ast.TypeAlias):
                places[node.name.id].append(path)
    return dict(places)
