import pickle
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from muntada.engines.tables import ReadRow, TableFault, read_lines, read_table

type Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(content: str | bytes, name: str = "votes.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def fault_of(path: Path, **wishes: Sequence[str]) -> TableFault:
    with pytest.raises(TableFault) as caught:
        list(read_table(path, **({"required": ["id", "value"]} | wishes)))
    return caught.value


def test_rows_carry_the_line_on_which_they_begin(write: Write) -> None:
    path = write('id,value\n1,"two\nlines"\n\n2,three\n')
    assert list(read_table(path, required=["id"])) == [
        ReadRow(2, {"id": "1", "value": "two\nlines"}),
        ReadRow(5, {"id": "2", "value": "three"}),
    ]


def test_an_optional_column_that_is_absent_reads_as_empty(write: Write) -> None:
    rows = list(read_table(write("id,value\n1,2\n"), required=["id"], optional=["note", "value"]))
    assert rows == [ReadRow(2, {"id": "1", "value": "2", "note": ""})]


def test_a_byte_order_mark_windows_line_ends_and_blanks_in_the_header_are_accepted(write: Write) -> None:
    path = write(b"\xef\xbb\xbfid, value\r\n1, x\r\n")
    assert list(read_table(path, required=["id", "value"])) == [ReadRow(2, {"id": "1", "value": " x"})]


def test_columns_without_a_name_are_passed_over(write: Write) -> None:
    assert list(read_table(write("id,value,,\n1,2,,\n"), required=["id"])) == [
        ReadRow(2, {"id": "1", "value": "2"})
    ]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert str(fault_of(tmp_path / "votes.csv")) == "votes.csv: There is no such file."


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "folder" in str(fault_of(tmp_path))


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    assert "not a plain file" in str(fault_of(Path("/dev/null")))


def test_too_large_a_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    assert str(fault_of(path)) == "votes.csv: The file has 200.0 MB; files of at most 50 MB are read."


@pytest.mark.parametrize("content", ["", "\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(write: Write, content: str | bytes) -> None:
    assert str(fault_of(write(content))) == "votes.csv: The file is empty."


def test_a_header_without_rows_is_refused(write: Write) -> None:
    assert str(fault_of(write("id,value\n\n"))) == "votes.csv: There is a header but no row below it."


def test_broken_utf8_is_refused_with_its_line(write: Write) -> None:
    fault = fault_of(write(b"id,value\n1,ok\n2,caf\xe9\n"))
    assert (fault.file, fault.line) == ("votes.csv", 3)
    assert "not UTF-8 (byte 6 of this line)" in str(fault)


def test_a_zero_byte_is_refused_with_its_line(write: Write) -> None:
    fault = fault_of(write(b"id,value\n1,\0\n"))
    assert fault.line == 2
    assert "zero byte" in str(fault)


def test_missing_columns_are_named_beside_what_was_found(write: Write) -> None:
    fault = fault_of(write("id,wert\n1,2\n"), required=["id", "value", "when"])
    assert str(fault) == (
        "votes.csv, line 1: These columns are missing: value, when. The file has: id, wert."
    )
    assert fault.params == {"missing": "value, when", "found": "id, wert"}


def test_doubled_columns_are_refused(write: Write) -> None:
    assert "more than once: value" in str(fault_of(write("id,value,value\n1,2,3\n")))


@pytest.mark.parametrize(("row", "cells"), [("1", 1), ("1,2,3", 3)])
def test_a_row_of_another_length_is_refused_with_its_line(write: Write, row: str, cells: int) -> None:
    fault = fault_of(write(f"id,value\n1,2\n{row}\n"))
    assert fault.line == 3
    assert str(fault).endswith(f"The row has {cells} cells; the header has 2 columns.")


def test_a_quotation_mark_that_is_not_closed_is_refused_where_its_row_begins(write: Write) -> None:
    fault = fault_of(write('id,value\n1,2\n2,"never\nclosed\n'))
    assert fault.line == 3
    assert "quotation mark" in str(fault)


def test_the_file_and_its_header_are_checked_before_a_row_is_asked_for(write: Write) -> None:
    with pytest.raises(TableFault):
        read_table(write("wrong\n1\n"), required=["id"])


def test_lines_are_given_with_their_ends(write: Write) -> None:
    assert list(read_lines(write("a\nb"))) == ["a\n", "b"]


def test_lines_may_end_with_carriage_returns_alone(write: Write) -> None:
    path = write(b'id,value\r1,"two\rlines"\r\r2,three\r')
    assert list(read_table(path, required=["id"])) == [
        ReadRow(2, {"id": "1", "value": "two\rlines"}),
        ReadRow(5, {"id": "2", "value": "three"}),
    ]
    assert fault_of(write(b"id,value\r1,ok\r2,caf\xe9\r")).line == 3


def test_a_fault_survives_the_way_to_another_process(write: Write) -> None:
    fault = fault_of(write("id,value\n1\n"))
    assert str(pickle.loads(pickle.dumps(fault))) == str(fault)  # noqa: S301 - our own bytes


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_a_table_is_read_by_its_mark_and_its_separator(write: Write, separator: str, encoding: str) -> None:
    text = f"id{separator}value\r\n1{separator}é\r\n"
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    path = write(mark + text.encode(encoding))
    assert list(read_table(path, required=["id", "value"])) == [ReadRow(2, {"id": "1", "value": "é"})]


def test_a_first_line_may_declare_the_separator_and_is_counted(write: Write) -> None:
    path = write("sep=;\nid;value\n1;2,5\n2\n")
    rows = read_table(path, required=["id", "value"])
    assert next(rows) == ReadRow(3, {"id": "1", "value": "2,5"})
    with pytest.raises(TableFault, match="line 4"):
        next(rows)


def test_separators_in_quotation_marks_do_not_count(write: Write) -> None:
    path = write('id,"a;b;c"\n1,2\n')
    assert list(read_table(path, required=["id"])) == [ReadRow(2, {"id": "1", "a;b;c": "2"})]


def test_text_cut_within_a_sign_of_utf_16_is_refused(write: Write) -> None:
    assert "zero byte" in str(fault_of(write("id,value\n1,2\n".encode("utf-16")[:-1])))


def test_a_workbook_is_refused_with_what_to_do(write: Write) -> None:
    assert "save the sheet as CSV" in str(fault_of(write(b"PK\x03\x04" + b"\0" * 40, "votes.xlsx")))
