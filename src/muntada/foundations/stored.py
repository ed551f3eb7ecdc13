"""What is stored as JSON and read back: a frozen dataclass says its shape, written and read in one place."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError


class StoredShapeBroken(Exception):
    """What is stored does not have the shape that is read: a defect, of the data or of the code."""


# Making one takes milliseconds, using it microseconds.
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(shape: type[Any]) -> TypeAdapter[Any]:
    if shape not in _ADAPTERS:
        _ADAPTERS[shape] = TypeAdapter(shape)
    return _ADAPTERS[shape]


def as_stored(value: Any) -> dict[str, Any]:
    """Write a dataclass as the JSON of a column; its own dataclasses, tuples and moments with it."""
    data: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")
    return data


def read_stored[T](shape: type[T], data: Mapping[str, Any]) -> T:
    """Read it back. A key that is no longer known is left out, one that is missing takes its default."""
    try:
        value: T = _adapter(shape).validate_python(data)
    except ValidationError as error:
        # The values stay out of the log: they can be somebody's.
        places = (
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
            for one in error.errors(include_input=False, include_url=False, include_context=False)
        )
        raise StoredShapeBroken(f"{shape.__name__} cannot be read. {'; '.join(places)}") from None
    return value
