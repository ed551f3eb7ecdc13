from pathlib import Path

import pytest

from muntada.engines import tables
from muntada.engines.progress import files
from muntada.engines.progress.files import ReadValue, read_series
from muntada.engines.tables import TableFault


def a_file(folder: Path, text: str | bytes, name: str = "series.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def the_fault(folder: Path, text: str | bytes) -> TableFault:
    with pytest.raises(TableFault) as caught:
        read_series(a_file(folder, text))
    return caught.value


def test_a_file_with_names_is_read(tmp_path):
    read = read_series(
        a_file(tmp_path, 'code,name,year,value\nBHS,"Bahamas, The",1990,0.0\nWLD,World,2023,67.4\n')
    )
    assert read.readings == (
        ReadValue("BHS", "Bahamas, The", 1990, "total", 0.0),
        ReadValue("WLD", "World", 2023, "total", 67.4),
    )
    assert (read.dimension, read.blanks) == ("", 0)


def test_a_file_by_sex_is_read(tmp_path):
    read = read_series(a_file(tmp_path, "code,sex,year,value\nWLD,female,2024,68.2\nWLD,male,2024,74.2\n"))
    assert [(one.breakdown, one.value) for one in read.readings] == [("female", 68.2), ("male", 74.2)]
    assert read.dimension == "sex"


def test_the_two_letters_of_namibia_are_a_code_and_not_a_gap(tmp_path):
    read = read_series(
        a_file(tmp_path, "code,name,year,value\nNA,Namibia,2020,41.0\nNAM,Namibia,2021,53.0\n")
    )
    assert [one.code for one in read.readings] == ["NA", "NAM"]


def test_an_empty_value_is_a_stated_gap_and_is_counted(tmp_path):
    read = read_series(a_file(tmp_path, "code,name,year,value\nKEN,Kenya,2020,\nKEN,Kenya,2021,28.8\n"))
    assert (len(read.readings), read.blanks) == (1, 1)


def test_the_digest_is_that_of_the_bytes(tmp_path):
    one = read_series(a_file(tmp_path, "code,year,value\nKEN,2020,1\n", "one.csv"))
    same = read_series(a_file(tmp_path, "code,year,value\nKEN,2020,1\n", "same.csv"))
    other = read_series(a_file(tmp_path, "code,year,value\nKEN,2020,1.0\n", "other.csv"))
    assert one.digest == same.digest != other.digest


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("area,name,year,value\nKEN,Kenya,2020,1\n", 1, tables.COLUMNS_MISSING),
        ("code,name,year,value,age\nKEN,Kenya,2020,1,all\n", 1, files.UNKNOWN_COLUMN),
        ("code,name,year,value\nKEN,Kenya,2020,1\nKEN,Kenya,2020,2\n", 3, files.DOUBLED),
        ("code,name,year,value\nKEN,Kenya,2020,1\nKEN,Kenya,2020,\n", 3, files.DOUBLED),
        ("code,sex,year,value\nWLD,male,2020,1\nWLD,Male,2020,1\n", 3, files.DOUBLED),
        ("code,name,year,value\nKEN,Kenya,2020,twelve\n", 2, files.WRONG_NUMBER),
        ('code,name,year,value\nKEN,Kenya,2020,"12,5"\n', 2, files.WRONG_NUMBER),
        ("code,name,year,value\nKEN,Kenya,2020,1_000\n", 2, files.WRONG_NUMBER),
        ("code,name,year,value\nKEN,Kenya,2020,٤٢\n", 2, files.WRONG_NUMBER),
        ("code,name,year,value\nKEN,Kenya,2020,NaN\n", 2, files.NOT_FINITE),
        ("code,name,year,value\nKEN,Kenya,2020,-inf\n", 2, files.NOT_FINITE),
        ("code,name,year,value\nKEN,Kenya,2020,1e999\n", 2, files.NOT_FINITE),
        ("code,name,year,value\nKEN,Kenya,3020,1\n", 2, files.WRONG_YEAR),
        ("code,name,year,value\nKEN,Kenya,20,1\n", 2, files.WRONG_YEAR),
        ("code,name,year,value\nKEN,Kenya,2020.0,1\n", 2, files.WRONG_YEAR),
        ("code,name,year,value\n,Kenya,2020,1\n", 2, files.WRONG_CODE),
        ("code,name,year,value\nKenya and others,Kenya,2020,1\n", 2, files.WRONG_CODE),
        ("code,sex,year,value\nWLD,f,2020,1\n", 2, files.WRONG_SEX),
        ("code,name,year,value\nKEN,Kenya,2020,\n", None, files.ONLY_BLANKS),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, text, line, sentence):
    fault = the_fault(tmp_path, text)
    assert (fault.file, fault.line) == ("series.csv", line)
    assert fault.sentence == sentence
    assert "%(" not in str(fault)


def test_a_doubled_cell_names_the_line_of_the_first(tmp_path):
    fault = the_fault(
        tmp_path, "code,name,year,value\nKEN,Kenya,2020,1\nUGA,Uganda,2020,1\nKEN,Kenya,2020,1\n"
    )
    assert str(fault) == "series.csv, line 4: KEN already has a value for 2020 on line 2."


def test_missing_columns_are_named(tmp_path):
    assert "code" in str(the_fault(tmp_path, "area,year,value\nKEN,2020,1\n"))


@pytest.mark.parametrize("text", [b"", b"\n\n", b"code,name,year,value\n"])
def test_a_file_without_rows_is_refused(tmp_path, text):
    assert the_fault(tmp_path, text).file == "series.csv"


def test_broken_utf8_is_refused_with_its_line(tmp_path):
    fault = the_fault(tmp_path, b"code,name,year,value\nCIV,C\xf4te d'Ivoire,2020,1\n")
    assert fault.line == 2


def test_a_file_of_200_megabytes_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    with pytest.raises(TableFault) as caught:
        read_series(path)
    assert "200" in str(caught.value)


@pytest.mark.shared_data
@pytest.mark.long
def test_every_row_of_the_real_files_is_read(shared_data):
    for path in sorted((shared_data / "indicators" / "wdi").glob("*.csv")):
        with path.open(encoding="utf-8") as stream:
            rows = sum(1 for _ in stream) - 1
        read = read_series(path)
        assert (path.name, len(read.readings), read.blanks) == (path.name, rows, 0)
