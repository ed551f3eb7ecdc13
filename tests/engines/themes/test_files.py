"""Texts on plain files, and what is wrong with them."""

from pathlib import Path

import pytest

from muntada.engines.tables import TableFault
from muntada.engines.themes.files import read_descriptions, read_texts
from muntada.engines.themes.texts import Description, IdentifiedText


def table(folder: Path, content: str, name: str = "texts.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def fault(path: Path) -> str:
    with pytest.raises(TableFault) as caught:
        read_texts(path)
    return str(caught.value)


def test_a_table_is_read_as_it_stands(tmp_path: Path) -> None:
    path = table(tmp_path, 'language,id,text\nzh-Hans, 7 ,"农村，\n宽带"\nen_GB,8,\n')
    assert read_texts(path) == [
        IdentifiedText("7", "zh-hans", "农村，\n宽带"),
        IdentifiedText("8", "en-gb", ""),
    ]


def test_all_tables_of_a_folder_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    table(tmp_path, "id,language,text\nb,en,second\n", "b.csv")
    table(tmp_path, "id,language,text\na,en,first\n", "a.csv")
    table(tmp_path, "not a table", "notes.txt")
    assert [text.id for text in read_texts(tmp_path)] == ["a", "b"]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "There is no table" in fault(tmp_path)


def test_an_id_that_stands_twice_is_refused_with_file_and_line(tmp_path: Path) -> None:
    table(tmp_path, "id,language,text\na,en,first\n", "a.csv")
    table(tmp_path, "id,language,text\nb,en,x\na,fr,y\n", "b.csv")
    assert fault(tmp_path) == "b.csv, line 3: The id a stood in a row before."


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (" ,en,x", "The id is empty."),
        ("a,,x", '"" is not the code of a language'),
        ("a,English please,x", '"English please" is not the code of a language'),
        ("a,en", "The row has 2 cells"),
    ],
)
def test_a_broken_row_is_refused_with_its_line(tmp_path: Path, row: str, sentence: str) -> None:
    said = fault(table(tmp_path, f"id,language,text\nz,en,fine\n{row}\n"))
    assert said.startswith("texts.csv, line 3: ")
    assert sentence in said


def test_descriptions_come_together_by_their_code(tmp_path: Path) -> None:
    path = table(tmp_path, "code,language,text\nC9,en,Media\nC1,en,Roles\nC9,fr,Médias\n", "lines.csv")
    assert read_descriptions(path) == [
        Description("C9", {"en": "Media", "fr": "Médias"}),
        Description("C1", {"en": "Roles"}),
    ]


def test_a_description_given_twice_in_a_language_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path, "code,language,text\nC9,en,Media\nC9,en,Press\n", "lines.csv")
    with pytest.raises(TableFault, match="C9 was described in the language en before"):
        read_descriptions(path)
