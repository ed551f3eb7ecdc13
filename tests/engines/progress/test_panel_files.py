import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinds import rounds
from muntada.engines.progress import panel_files
from muntada.engines.progress.panel import panel_of
from muntada.engines.progress.panel_files import read_panel
from muntada.engines.progress.targets import SeriesTarget, TargetDirection, read_targets
from muntada.engines.tables import TableFault

HEADER = "series,area,year,value\n"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "series.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(folder: Path, text: str | bytes) -> str:
    with pytest.raises(TableFault) as fault:
        read_panel(write(folder, text))
    return str(fault.value)


def test_rows_in_any_order_make_one_block_of_numbers(tmp_path):
    text = HEADER + "b,KEN,2021,2.5\na,NA,2019,-.5\nb,KEN,2019,\na,NA,2021,1e3\n"
    panel = read_panel(write(tmp_path, text))
    assert (panel.series, panel.areas, panel.years.tolist()) == (
        ("a", "b"),
        ("KEN", "NA"),
        [2019, 2020, 2021],
    )
    assert np.array_equal(panel.values[0, 1], [-0.5, np.nan, 1000.0], equal_nan=True)
    assert panel.listed.tolist() == [[False, True], [True, False]]


def test_quotation_marks_blank_lines_and_returns_are_read(tmp_path):
    text = "\ufeff" + HEADER + '"a, b",KEN,2020,1\r\n\r\n"a, b","N\nA",2020,2\r\n'
    panel = read_panel(write(tmp_path, text))
    assert (panel.series, panel.areas) == (("a, b",), ("KEN", "N\nA"))
    assert panel.values.reshape(-1).tolist() == [1, 2]


def test_a_status_tells_estimates(tmp_path):
    text = "series,area,year,value,status\na,KEN,2019,1,measured\na,KEN,2020,2,estimated\n"
    panel = read_panel(write(tmp_path, text))
    assert panel.estimated is not None
    assert panel.estimated.reshape(-1).tolist() == [False, True]


@pytest.mark.parametrize("piece", [1 << 22, 40])
def test_a_fault_is_told_with_its_line(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(panel_files, "PIECE", piece)
    good = HEADER + "a,KEN,2019,1\n" * 5
    assert (
        refused(tmp_path, good + "a,KEN,19,1\n")
        == "series.csv, line 7: “19” is no year between 1800 and 2200."
    )
    assert "line 7: “1,5” is not a number" in refused(tmp_path, good + 'a,KEN,2019,"1,5"\n')
    assert "line 7: “x” is not a number" in refused(tmp_path, good + "a,KEN,2019,x\n")
    assert "line 7: nan is not a number that can be shown" in refused(tmp_path, good + "a,KEN,2019,nan\n")
    assert "line 7: 1e999 is not a number that can be shown" in refused(tmp_path, good + "a,KEN,2019,1e999\n")
    assert "line 7: The row has 3 cells; the header has 4 columns." in refused(
        tmp_path, good + "a,KEN,2019\n"
    )
    assert "line 7: The cell of the column area is empty." in refused(tmp_path, good + "a,,2019,1\n")
    assert "line 7: The text is not UTF-8" in refused(tmp_path, good.encode() + b"a,\xff,2019,1\n")
    assert "line 7: There is a zero byte" in refused(tmp_path, good.encode() + b"a,K\0,2019,1\n")


def test_files_that_are_none_are_told(tmp_path):
    assert refused(tmp_path, "") == "series.csv: The file is empty."
    assert "There is a header but no row" in refused(tmp_path, HEADER)
    assert "These columns are missing: area, year" in refused(tmp_path, "series,value\na,1\n")


names = st.text("abcÅNA .-", min_size=1, max_size=20).map(str.strip).filter(bool)
numbers = st.one_of(
    st.just(""),
    st.floats(-1e15, 1e15).map(repr),
    st.decimals(-(10**9), 10**9, places=4).map(str),
    st.from_regex(r"\A[+-]?[0-9]{1,18}(\.[0-9]{0,6})?\Z"),
)


@given(
    st.lists(st.tuples(names, names, st.integers(1990, 2030), numbers), min_size=1, max_size=30),
    st.integers(30, 90),
)
@rounds(150)
def test_what_is_read_many_at_once_is_what_python_reads(tmp_path_factory, cells, piece):
    path = tmp_path_factory.mktemp("panel") / "series.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("series", "area", "year", "value"), *cells])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panel_files, "PIECE", piece)
        panel = read_panel(path)
    expected = panel_of((series, area, year, float(value or "nan")) for series, area, year, value in cells)
    assert panel.digest() == expected.digest()


def test_a_status_is_read_many_at_once_as_row_by_row(tmp_path):
    rows = [f"s,A{number},2020,{number},{('e', '', 'measured')[number % 3]}\n" for number in range(9)]
    plain = read_panel(write(tmp_path, "series,area,year,value,status\n" + "".join(rows)))
    rows[0] = '"s",A0,2020,0,e\n'
    by_row = read_panel(write(tmp_path, "series,area,year,value,status\n" + "".join(rows)))
    assert plain.digest() == by_row.digest()
    assert plain.estimated is not None
    assert plain.estimated.sum() == 3


def test_a_table_a_forum_gives_out_is_read_by_its_newest_edition(tmp_path):
    panel = read_panel(
        write(
            tmp_path,
            "\ufeffindicator,area,name,year,breakdown,value,unit,edition,nature,withdrawn\n"
            "i99H,WLD,World,2023,total,66,%,2023,measured,\n"
            'i99H,WLD,"World, all",2023,total,67,%,2024,estimated,\n'
            "i99H,WLD,World,2023,total,99,%,2025,measured,2025-06-01\n"
            "i99H,WLD,World,2023,female,64,%,2024,measured,\n",
        )
    )
    assert (panel.series, panel.areas, panel.first_year) == (("i99H", "i99H female"), ("WLD",), 2023)
    assert panel.values[:, 0, 0].tolist() == [67.0, 64.0]
    assert not panel.doubled.any()
    assert panel.estimated is not None
    assert panel.estimated[:, 0, 0].tolist() == [True, False]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",WLD,2023,1,,", "column indicator is empty"),
        ("i99H,WLD,23,1,,", "is no year"),
        ("i99H,WLD,2023,x,,", "not a number"),
        ("i99H,WLD,2023,1,,2024-01-01", "no row below it"),
    ],
)
def test_a_fault_in_a_table_of_a_forum_is_named(tmp_path, row, words):
    with pytest.raises(TableFault) as fault:
        read_panel(write(tmp_path, f"indicator,area,year,value,nature,withdrawn\n{row}\n"))
    assert words in str(fault.value)


def test_targets_are_read_with_what_a_method_needs(tmp_path):
    path = tmp_path / "targets.csv"
    path.write_text(
        "series,target,target_year,direction,limit\na,95,2030.0,,100\nb,,,decrease,\n", encoding="utf-8"
    )
    assert read_targets(path) == (
        SeriesTarget("a", 95.0, limit=100.0),
        SeriesTarget("b", None, direction=TargetDirection.DOWN),
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,x,2030,1", "“x” in the column target is not a number"),
        ("a,1,30,1", "“30” in the column target_year is no year"),
        ("a,1,2030,sideways", "“sideways” is no direction"),
        (",1,2030,1", "The cell of the column series is empty"),
        ("a,1,2030,1\na,2,2030,1", "line 3: a already has a target on line 2"),
    ],
)
def test_a_fault_in_the_targets_is_told(tmp_path, row, said):
    path = tmp_path / "targets.csv"
    path.write_text(f"series,target,target_year,direction\n{row}\n", encoding="utf-8")
    with pytest.raises(TableFault) as fault:
        read_targets(path)
    assert said in str(fault.value)


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_panel_with_another_encoding_or_separator_reads_alike(tmp_path, separator, encoding):
    text = HEADER.replace("value", "value,status") + "b,KEN,2021,2.5,e\na,NA,2019,-.5,\n"
    plain = read_panel(write(tmp_path, text))
    other = read_panel(write(tmp_path, text.replace(",", separator).encode(encoding)))
    assert (other.series, other.areas) == (plain.series, plain.areas)
    assert np.array_equal(other.values, plain.values, equal_nan=True)
    assert np.array_equal(other.estimated, plain.estimated)
