"""SDMX-JSON 1.0 and 2.0 data messages, flat or by series.

Keys of observations are indices into lists of values: `0:1:0` is the first value of the first
dimension, the second of the second, and so on. See the field guides of the SDMX technical working
group.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from muntada.engines.readers.documents import list_in, mapping_in, text_in
from muntada.engines.readers.shape import Record, RowRefusal, SourceFault
from muntada.engines.reasons import gettext_noop

NO_STRUCTURE = gettext_noop("This SDMX message says nothing about its structure, so it cannot be read.")
WRONG_KEY = gettext_noop("The key %(key)s does not fit the dimensions of the message.")


def is_answer(document: Any) -> bool:
    message = mapping_in(document)
    body = mapping_in(message.get("data")) or message
    return "dataSets" in body and ("structure" in body or "structures" in body)


def dimensions_of(document: Any) -> tuple[str, ...]:
    """Return the column names: dimensions, value, and attributes of observations."""
    dimensions, attributes = _components(_structures(document)[0])
    return (*(one["id"] for one in dimensions), "OBS_VALUE", *(one["id"] for one in attributes))


def roles_of(document: Any) -> dict[str, str]:
    """Return the role of each dimension that declares one (REF_AREA, TIME_PERIOD)."""
    dimensions, _ = _components(_structures(document)[0])
    return {one["id"]: text_in(one.get("role")) for one in dimensions if text_in(one.get("role"))}


def _structures(document: Any) -> list[Mapping[str, Any]]:
    body = mapping_in(mapping_in(document).get("data")) or mapping_in(document)
    found = [mapping_in(one) for one in list_in(body.get("structures"))]
    found = found or [mapping_in(body.get("structure"))]
    if not mapping_in(found[0].get("dimensions")):
        raise SourceFault(NO_STRUCTURE)
    return found


def _components(structure: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    levels = ("dataSet", "series", "observation")
    dimensions, attributes = (mapping_in(structure.get(name)) for name in ("dimensions", "attributes"))
    return (
        [mapping_in(one) for level in levels for one in list_in(dimensions.get(level)) if "id" in one],
        [mapping_in(one) for one in list_in(attributes.get("observation")) if "id" in one],
    )


def records(document: Any) -> Iterator[Record | RowRefusal]:
    structures = _structures(document)
    body = mapping_in(mapping_in(document).get("data")) or mapping_in(document)
    line = 0
    for data in map(mapping_in, list_in(body.get("dataSets"))):
        place = data.get("structure", 0)
        structure = structures[place if isinstance(place, int) and 0 <= place < len(structures) else 0]
        levels = mapping_in(structure.get("dimensions"))
        fixed = _first_values(levels.get("dataSet"))
        by_series = [(fixed, mapping_in(data.get("observations")))]
        for key, series in mapping_in(data.get("series")).items():
            found = _at(list_in(levels.get("series")), key)
            observations = mapping_in(mapping_in(series).get("observations"))
            if found is None:
                line += 1
                yield RowRefusal(line, WRONG_KEY, {"key": str(key)[:40]})
            else:
                by_series.append((fixed | found, observations))
        _, attributes = _components(structure)
        for known, observations in by_series:
            for key, cells in observations.items():
                line += 1
                found = _observed(list_in(levels.get("observation")), fixed, str(key))
                if found is None:
                    yield RowRefusal(line, WRONG_KEY, {"key": str(key)[:40]})
                else:
                    yield Record(line, known | found | _cells(attributes, list_in(cells)))


def _observed(dimensions: Sequence[Any], fixed: Mapping[str, str], key: str) -> dict[str, str] | None:
    """Parse the key of an observation; some sources also count the dimensions of the data set."""
    places = key.split(":")
    extra = len(places) - len(dimensions)
    if extra and extra == len(fixed):
        key = ":".join(places[extra:])
    return _at(dimensions, key)


def _at(dimensions: Sequence[Any], key: str) -> dict[str, str] | None:
    places = key.split(":")
    if len(places) != len(dimensions):
        return None
    found = {}
    for dimension, place in zip(map(mapping_in, dimensions), places, strict=True):
        values = list_in(dimension.get("values"))
        if not (place.isascii() and place.isdigit()) or int(place) >= len(values):
            return None
        found[text_in(dimension.get("id"))] = _value(values[int(place)])
    return found


def _value(value: object) -> str:
    one = mapping_in(value)
    return text_in(one.get("id")) or text_in(one.get("value")) or text_in(one.get("name"))


def _first_values(dimensions: object) -> dict[str, str]:
    return {
        text_in(one.get("id")): _value(next(iter(list_in(one.get("values"))), None))
        for one in map(mapping_in, list_in(dimensions))
    }


def _cells(attributes: Sequence[Mapping[str, Any]], cells: Sequence[Any]) -> dict[str, str]:
    found = {"OBS_VALUE": text_in(cells[0]) if cells else ""}
    for attribute, place in zip(attributes, cells[1:], strict=False):
        values = list_in(attribute.get("values"))
        if isinstance(place, int) and 0 <= place < len(values):
            found[attribute["id"]] = _value(values[place])
        elif isinstance(place, str):
            found[attribute["id"]] = place
    return found
