from pathlib import Path

import pytest

from muntada.engines.opinion.voice_files import read_voices
from muntada.engines.opinion.voices import Voices
from muntada.engines.tables import TableFault

PEOPLE = "participant,stakeholder,region,weight\n1,government,africa,2\n2,civil society,,\n9, ,europe,0.5\n"
TARGETS = "dimension,category,share\nstakeholder,government,20\nstakeholder,civil society,30\n"


def read(folder: Path, people: str = PEOPLE, targets: str | None = TARGETS) -> Voices:
    (folder / "people.csv").write_text(people, encoding="utf-8")
    if targets is not None:
        (folder / "targets.csv").write_text(targets, encoding="utf-8")
    wanted = None if targets is None else folder / "targets.csv"
    return read_voices(folder / "people.csv", wanted, ["1", "2", "3"], 5)


def test_each_column_beside_participant_and_weight_is_a_dimension(tmp_path: Path) -> None:
    voices = read(tmp_path)
    assert voices.declared == {
        "stakeholder": {"1": "government", "2": "civil society"},
        "region": {"1": "africa", "9": "europe"},
    }
    assert voices.weights == {"1": 2.0, "9": 0.5}
    assert voices.targets == {"stakeholder": {"government": 20.0, "civil society": 30.0}}
    assert voices.smallest == 5


def test_targets_may_be_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, targets=None).targets == {}


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ("participant\n1\n", "people.csv: Beside participant there is no column that says who people are"),
        ("name,region\n1,x\n", "people.csv, line 1: These columns are missing: participant."),
        ("participant,region\n1,x\n,y\n", "people.csv, line 3: The participant is missing."),
        (
            "participant,region\n1,x\n1,y\n",
            "people.csv, line 3: The participant 1 stands there a second time.",
        ),
        (
            "participant,weight\n1,-3\n",
            "people.csv, line 2: The weight is '-3'; a weight is a number above 0",
        ),
        ("participant,weight\n1,nan\n", "people.csv, line 2: The weight is 'nan'"),
        (
            f"participant,region\n1,{'x' * 101}\n",
            "people.csv, line 2: The word in the column region is longer",
        ),
        ("participant,region\n77,x\n78,y\n", "people.csv: None of these participants has voted"),
    ],
)
def test_people_that_cannot_be_read_are_refused_with_file_and_line(
    tmp_path: Path, people: str, sentence: str
) -> None:
    with pytest.raises(TableFault) as fault:
        read(tmp_path, people, None)
    assert str(fault.value).startswith(sentence)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("stakeholder,,3", "targets.csv, line 2: The dimension or the category is missing."),
        ("gender,women,3", "targets.csv, line 2: The dimension 'gender' is no column of the file of"),
        ("region,africa,0", "targets.csv, line 2: The share is '0'; a share is a number above 0."),
        ("region,africa,a third", "targets.csv, line 2: The share is 'a third'"),
        (
            "region,africa,1\nregion,africa,2",
            "targets.csv, line 3: The category africa of region stands there",
        ),
    ],
)
def test_targets_that_cannot_be_read_are_refused_with_file_and_line(
    tmp_path: Path, row: str, sentence: str
) -> None:
    with pytest.raises(TableFault) as fault:
        read(tmp_path, targets=f"dimension,category,share\n{row}\n")
    assert str(fault.value).startswith(sentence)
