"""Whole numbers are read from texts that anybody may send."""

import pytest

from muntada.foundations.whole_numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), ("999999999", 999_999_999)])
def test_digits_are_a_number(text: str, number: int) -> None:
    assert whole_number(text) == number


STRANGE = ["", " 7", "-7", "+7", "7.0", "1e3", "1_0", "\u0663", "\u00b2", "x", "1000000000"]


@pytest.mark.parametrize("text", STRANGE)
def test_anything_else_is_none(text: str) -> None:
    assert whole_number(text) is None


def test_the_most_digits_can_be_said() -> None:
    assert whole_number("12345", digits=5) == 12345
    assert whole_number("12345", digits=4) is None
