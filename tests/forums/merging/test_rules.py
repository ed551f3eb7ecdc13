"""What two texts have in common, and how a joint text begins. Pure functions."""

import sys

import pytest

from muntada.forums.merging.rules import MOST_WORDS_COMPARED, Joint, joined_text, overlap, require_joint
from muntada.foundations.errors import Refused


def test_common_passages_are_marked_in_both_texts():
    found = overlap("Please build masts first. Then wait.", "We say: BUILD  masts\nfirst!")
    assert [piece.text for piece in found.first if piece.is_common] == ["build masts first"]
    assert [piece.text for piece in found.second if piece.is_common] == ["BUILD  masts\nfirst"]
    assert "".join(piece.text for piece in found.first) == "Please build masts first. Then wait."


def test_single_words_that_every_text_has_are_not_marked():
    found = overlap("The masts of the north", "A cable to the sea of islands")
    assert not any(piece.is_common for piece in (*found.first, *found.second))


@pytest.mark.parametrize(
    ("one", "other", "percent"),
    [
        ("Build masts", "build MASTS", 100),
        ("Build masts now", "masts", 100),
        ("Build masts", "Lay cables", 0),
        ("...", "masts", 0),
        ("先建信号塔", "先建信号塔吧", 100),
        ("ابنوا الأبراج أولاً", "ابنوا الأبراج أولاً ثم انتظروا", 100),
    ],
)
def test_the_share_is_of_the_shorter_text(one, other, percent):
    assert overlap(one, other).percent == percent


def test_two_long_texts_are_compared_word_by_word():
    one = " ".join(f"word{number % 900}" for number in range(7_000))
    other = " ".join(f"word{number % 700}" for number in range(7_000))
    found = overlap(one, other)
    assert found.percent > 50
    assert found.is_whole


def test_a_passage_that_moved_is_found_where_it_stands_now():
    found = overlap(
        "Build masts first.\n\nThen lay the cables.", "Then lay the cables.\n\nBuild masts first."
    )
    assert found.percent == 100


def steps_to_compare(one: str, other: str) -> int:
    """Count the calls Python makes while two texts are compared."""
    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1

    overlap.cache_clear()
    sys.setprofile(count)
    try:
        overlap(one, other)
    finally:
        sys.setprofile(None)
    return steps


@pytest.mark.parametrize(
    ("one", "other"),
    [("a b ", "b a "), ("先建", "建先"), ("a b c x ", "a b c y "), ("a ", "a ")],
)
def test_hostile_texts_are_compared_with_work_that_grows_with_their_length_alone(one, other):
    steps = [steps_to_compare(one * times, other * times) for times in (500, 1_000, 2_000)]
    assert steps[1] < 2.2 * steps[0]
    assert steps[2] < 2.2 * steps[1]


def test_of_very_long_texts_only_the_beginnings_are_compared_and_all_is_shown():
    one, other = "a b " * 40_000, "b a " * 39_999 + "c "
    found = overlap(one, other)
    assert not found.is_whole
    assert "".join(piece.text for piece in found.first) == one
    marked = "".join(piece.text for piece in found.first if piece.is_common)
    assert len(marked.split()) == MOST_WORDS_COMPARED


def test_the_last_comparisons_are_kept_ready():
    overlap.cache_clear()
    assert overlap("One and two and three", "Two and three") is overlap(
        "One and two and three", "Two and three"
    )
    assert overlap.cache_info().hits == 1


def test_a_joint_text_begins_with_what_both_say_once():
    assert (
        joined_text("One.\n\nBoth say this.", "both  say this.\n\nTwo.", 100)
        == "One.\n\nBoth say this.\n\nTwo."
    )


@pytest.mark.parametrize(
    ("joint", "code"),
    [
        (Joint(" ", "x", "en"), "title-missing"),
        (Joint("x" * 201, "x", "en"), "title-too-long"),
        (Joint("x", "\r\n", "en"), "text-missing"),
        (Joint("x", "x" * 40_001, "en"), "text-too-long"),
    ],
)
def test_a_joint_text_says_something(joint, code):
    with pytest.raises(Refused) as refusal:
        require_joint(joint, 20_000)
    assert refusal.value.code == code
