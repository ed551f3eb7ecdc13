from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.forums import rules
from muntada.forums.rules import Stage, StageState, Window
from muntada.foundations.errors import Refused

NOW = datetime(2025, 7, 8, 10, tzinfo=UTC)
HOURS = st.integers(-500, 500)


def window(opens: int, closes: int | None) -> Window:
    return Window(NOW + timedelta(hours=opens), None if closes is None else NOW + timedelta(hours=closes))


@pytest.mark.parametrize(
    ("opens", "closes", "state"),
    [
        (0, 1, StageState.OPEN),
        (-1, 0, StageState.CLOSED),
        (1, 2, StageState.UPCOMING),
        (-1, None, StageState.OPEN),
        (1, None, StageState.UPCOMING),
    ],
)
def test_a_window_includes_its_start_and_excludes_its_end(opens, closes, state):
    assert window(opens, closes).state(NOW) is state


@given(st.lists(st.tuples(HOURS, st.integers(1, 500)), max_size=6))
def test_a_stage_is_open_exactly_when_one_of_its_windows_is(rows):
    windows = [window(opens, opens + length) for opens, length in rows]
    is_open = any(one.opens_at <= NOW < one.closes_at for one in windows)
    assert (rules.state_of(windows, NOW) is StageState.OPEN) == is_open
    assert (rules.open_window(windows, NOW) is not None) == is_open


def test_of_several_open_windows_the_one_that_closes_last_counts():
    assert rules.open_window([window(-1, 2), window(-1, 5)], NOW) == window(-1, 5)
    assert rules.open_window([window(-1, 2), window(-3, None)], NOW) == window(-3, None)


def test_a_refusal_says_when_the_stage_opens():
    with pytest.raises(Refused) as refused:
        rules.require_open(Stage.REVIEW, [window(48, 72)], NOW)
    assert "10 July 2025" in str(refused.value)
    with pytest.raises(Refused) as refused:
        rules.require_open(Stage.REVIEW, [], NOW)
    assert refused.value.code == "review-not-open"


def test_an_extension_only_gives_more_time():
    assert rules.may_extend(window(0, 2), NOW + timedelta(hours=3))
    assert not rules.may_extend(window(0, 2), NOW + timedelta(hours=2))
    assert not rules.may_extend(window(0, None), NOW + timedelta(hours=9))
