"""What several tables of the programme are made with."""

from enum import StrEnum

from django.contrib.postgres.fields import (
    DateTimeRangeField,
)
from django.db.models import Func


class TsTzRange(Func):
    """A period from two columns."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]
