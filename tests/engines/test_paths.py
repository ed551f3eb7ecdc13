"""The doors that read files take a path however it is written."""

import numpy as np

from muntada.engines.opinion import VoteTable, read_polis
from muntada.engines.progress import read_panel, read_targets


def test_a_path_may_be_text(tmp_path):
    (tmp_path / "series.csv").write_text("series,area,year,value\nusers,KEN,2015,17\nusers,KEN,2024,38\n")
    (tmp_path / "targets.csv").write_text("series,value\nusers,90\n")
    (tmp_path / "comments.csv").write_text(
        "timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n1,0,0,1,0,1,Yes\n"
    )
    (tmp_path / "votes.csv").write_text("timestamp,comment-id,voter-id,vote\n1,0,0,1\n")
    assert read_panel(str(tmp_path / "series.csv")).series == read_panel(tmp_path / "series.csv").series
    assert read_targets(str(tmp_path / "targets.csv")) == read_targets(tmp_path / "targets.csv")
    assert read_polis(str(tmp_path)).statements == read_polis(tmp_path).statements


def test_ids_of_arrays_may_be_numbers():
    table = VoteTable.from_arrays(
        np.array([7, 9]), ["s0", "s1"], participant=[0, 0, 1], statement=[0, 1, 0], value=[1, -1, 1]
    )
    assert len(table) == 3
