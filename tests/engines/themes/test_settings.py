import pytest

from muntada.engines.themes.settings import ThemeSettings


@pytest.mark.parametrize(
    "wrong",
    [
        {"near": -0.1},
        {"copied": 1.1},
        {"listed": 0},
        {"fewest_copies": 0},
        {"groups": -1},
        {"fewest_groups": 9, "most_groups": 8},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"threshold|at least 1"):
        ThemeSettings(**wrong)
