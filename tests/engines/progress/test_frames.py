"""What an analyst has in hand becomes a panel and a target, or is refused with what is wrong."""

import pandas as pd
import pytest

from muntada.engines.progress.panel import panel_of
from muntada.engines.progress.targets import SeriesTarget, TargetDirection


def test_a_data_frame_is_read_by_the_names_of_its_columns():
    cells = [("net", "KEN", 2023, 60.0), ("net", "KEN", 2015, 30.0)]
    frame = pd.DataFrame(cells, columns=["series", "area", "year", "value"])
    assert panel_of(frame.assign(note="x")[["note", "value", "year", "area", "series"]]).digest() == (
        panel_of(cells).digest()
    )


def test_what_is_no_list_of_cells_is_refused_with_what_is_missing():
    with pytest.raises(ValueError, match="no column area, year, value"):
        panel_of(pd.DataFrame({"series": ["net"], "country": ["KEN"]}))
    with pytest.raises(ValueError, match="a tuple of series, area, year, value"):
        panel_of([("net", "KEN", 2023)])
    with pytest.raises(ValueError, match="a tuple of series, area, year, value"):
        panel_of(["cell"])


@pytest.mark.parametrize("direction", [3, "up", None])
def test_a_target_goes_in_a_direction_there_is(direction):
    with pytest.raises(ValueError, match="not a valid TargetDirection"):
        SeriesTarget("net", direction=direction)


def test_the_number_of_a_direction_is_taken_for_it():
    assert SeriesTarget("net", direction=-1).direction is TargetDirection.DOWN
