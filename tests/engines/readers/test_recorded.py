"""What the sources answered, as it was recorded, and their published files."""

import csv
import json
from collections import Counter

import pytest

from muntada.engines.readers.columns import Says, SourceColumns
from muntada.engines.readers.read import SourceFormat, sight_of
from muntada.engines.readers.shape import ReadObservation, SourcePart

from .conftest import faults, found_in, values

pytestmark = pytest.mark.shared_data


def test_every_value_of_the_recorded_world_bank_answers_is_read(shared_data):
    for path in sorted((shared_data / "acceptance" / "wb_api").glob("*.json")):
        for answer in json.loads(path.read_text(encoding="utf-8")):
            body = answer["body"]
            found = found_in(json.dumps(body), name=path.name)
            assert faults(found) == []
            assert [(one.area, one.year, one.value) for one in found] == [
                (row["countryiso3code"], int(row["date"]), row["value"]) for row in body[1]
            ]


def test_the_answers_of_itu_and_the_un_are_read(shared_data):
    folder = shared_data / "acceptance" / "json_examples"
    itu = (folder / "itu_datahub_v3_download.constructed.csv").read_bytes()
    assert values(found_in(itu)) == [("KEN", 2022, "total", 40.9), ("KEN", 2023, "total", None)]
    unsd = (folder / "unsd_sdg_series_data.constructed.json").read_bytes()
    assert values(found_in(unsd)) == [("4", 2016, "total", 46.82207)]
    older = (folder / "itu_datahub_v2_bycode_byiso.constructed.json").read_bytes()
    assert values(found_in(older, name="KEN.json")) == [
        ("KEN", 2022, "total", 70.1498),
        ("KEN", 2023, "total", None),
    ]


@pytest.mark.parametrize("name", ["IT_MOB_OWN", "SE_ADT_ACTS"])
def test_the_files_of_the_un_are_read_to_the_last_row(name, shared_data):
    path = shared_data / "indicators" / "unsd_sdg" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = found_in(path.read_bytes(), name=path.name)
    assert len(found) == len(rows)
    assert faults(found) == []
    sexes = Counter(one.breakdown.split("+")[0] for one in found if isinstance(one, ReadObservation))
    assert sexes["female"] == sum(row["sex"] == "female" for row in rows)
    assert {one.series for one in found} == {name}


def test_the_files_of_the_world_bank_are_read_to_the_last_value(shared_data):
    path = shared_data / "indicators" / "wdi" / "IT.NET.USER.ZS.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [(row["code"], int(row["year"]), float(row["value"])) for row in csv.DictReader(lines)]
    found = found_in(path.read_bytes(), name=path.name)
    assert [(one.area, one.year, one.value) for one in found] == rows
    assert {one.series for one in found} == {"IT.NET.USER.ZS"}


AS_AREA = {"CURRENCY": Says.AREA, "TIME_PERIOD": Says.YEAR, "OBS_VALUE": Says.VALUE, "EXR_TYPE": Says.SERIES}


@pytest.mark.parametrize(
    ("name", "form", "rows"),
    [
        ("ECB_EXR__flat.json", SourceFormat.SDMX_JSON, 4),
        ("v3__json__data__exr-flat.json", SourceFormat.SDMX_JSON, 4),
        ("ECB_EXR__ng-flat.xml", SourceFormat.SDMX_ML, 12),
        ("ECB_EXR__rg-flat.xml", SourceFormat.SDMX_ML, 12),
        ("ECB_EXR__sg-flat.xml", SourceFormat.SDMX_ML, 12),
        ("v3__xml__ECB_EXR_CA.xml", SourceFormat.SDMX_ML, 3),
    ],
)
def test_sdmx_messages_of_every_version_are_read_whole(name, form, rows, shared_data):
    content = (shared_data / "acceptance" / "sdmx" / name).read_bytes()
    sight = sight_of(SourcePart(name, content))
    assert sight.form is form
    found = found_in(content, name=name, columns=SourceColumns(AS_AREA))
    assert len(found) == rows
    # Exchange rates by day or month are no yearly values: each is refused with its line, and one is yearly.
    yearly = name.startswith("v3__xml")
    assert len(values(found)) == (rows if yearly else 0)
    if yearly:
        assert values(found)[0] == ("CAD", 2017, "total", 1.46472274509804)
    assert [line for line, _ in faults(found)] == ([] if yearly else list(range(1, rows + 1)))


def test_a_message_of_the_oecd_knows_its_areas_by_their_role(shared_data):
    name = "OECD__data-PART2-all-all.json"
    sight = sight_of(SourcePart(name, (shared_data / "acceptance" / "sdmx" / name).read_bytes()))
    assert sight.columns.of(Says.AREA) == ("LOCATION",)
    # It has no year: there is nothing to guess, somebody has to say.
    assert not sight.columns.is_complete


def test_sdmx_csv_is_recognised_without_its_structure(shared_data):
    name = "v3__csv__example-01.csv"
    content = (shared_data / "acceptance" / "sdmx" / name).read_bytes()
    assert sight_of(SourcePart(name, content)).form is SourceFormat.SDMX_CSV
    said = SourceColumns({"DIM_1": Says.AREA, "DIM_3": Says.YEAR, "OBS_VALUE": Says.VALUE}, series="NA")
    assert [line for line, _ in faults(found_in(content, name=name, columns=said))] == [2, 3]
