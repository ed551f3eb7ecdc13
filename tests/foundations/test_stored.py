"""What is stored as JSON comes back as the dataclass it was, and a wrong shape is said at once."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from muntada.foundations.stored import StoredShapeBroken, as_stored, read_stored


@dataclass(frozen=True)
class Stop:
    place: str
    minutes: int = 5


@dataclass(frozen=True)
class Way:
    name: str
    made_at: datetime
    stops: tuple[Stop, ...] = ()
    length: float | None = None


WAY = Way("north", datetime(2026, 1, 2, 3, 4, tzinfo=UTC), (Stop("forum_request"), Stop("there", 7)), 2.5)


def test_what_is_stored_comes_back_as_it_was():
    assert read_stored(Way, json.loads(json.dumps(as_stored(WAY)))) == WAY


def test_a_key_that_is_no_longer_known_is_left_out():
    assert read_stored(Stop, {"place": "forum_request", "is_invented": True}) == Stop("forum_request")


def test_a_key_that_was_not_stored_yet_takes_its_default():
    assert read_stored(Way, {"name": "south", "made_at": "2026-01-02T03:04:00Z"}).stops == ()


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"made_at": "2026-01-02T03:04:00Z"}, "name"),
        ({"name": "x", "made_at": "2026-01-02T03:04:00Z", "stops": [{"place": 3}]}, "stops.0.place"),
        ({"name": "x", "made_at": "never"}, "made_at"),
        ([], "Way"),
    ],
)
def test_a_wrong_shape_says_where_it_is_wrong_and_shows_no_value(data, place):
    with pytest.raises(StoredShapeBroken, match=place) as caught:
        read_stored(Way, data)
    assert "never" not in str(caught.value)
