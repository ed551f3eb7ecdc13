import io
import json
import zipfile

import pytest

from muntada.engines.readers.read import SourceFormat, first_page, next_page, sight_of
from muntada.engines.readers.shape import ReadNature, SourceFault

from .conftest import a_part, faults, found_in, values


def a_page(page: int, pages: int, *rows: dict[str, object]) -> str:
    head = {"page": page, "pages": pages, "per_page": 2, "total": 3, "lastupdated": "2025-07-01"}
    return json.dumps([head, list(rows)])


def a_row(code: str, year: str, value: object, iso3: str = "") -> dict[str, object]:
    return {
        "indicator": {"id": "SP.POP.TOTL", "value": "Population, total"},
        "country": {"id": code, "value": code},
        "countryiso3code": iso3,
        "date": year,
        "value": value,
        "unit": "",
        "obs_status": "F" if year == "2030" else "",
        "decimal": 0,
    }


def test_pages_of_the_world_bank_are_one_source():
    pages = [
        a_page(1, 2, a_row("NA", "2014", 2.3, "NAM"), a_row("1W", "2014", 7354183367)),
        a_page(2, 2, a_row("NA", "2030", None, "NAM")),
    ]
    found = found_in(*pages, name="page.json")
    assert values(found) == [
        ("NAM", 2014, "total", 2.3),
        ("1W", 2014, "total", 7354183367.0),
        ("NAM", 2030, "total", None),
    ]
    assert ([one.line for one in found], found[2].nature) == ([1, 2, 3], ReadNature.PROJECTED)
    assert sight_of(a_part(pages[0])).edition == "2025-07-01"
    address = first_page("https://api.worldbank.org/v2/country/all/indicator/SP.POP.TOTL?date=2010:2014")
    assert address.endswith("?date=2010:2014&format=json&per_page=20000&footnote=y")
    assert next_page(address, a_part(pages[0]), 1) == f"{address}&page=2"
    assert next_page(address, a_part(pages[1]), 2) is None


def test_an_error_with_status_200_is_an_error():
    said = json.dumps([{"message": [{"id": "120", "key": "Invalid value", "value": "Not a code"}]}])
    with pytest.raises(SourceFault, match="Invalid value: Not a code"):
        sight_of(a_part(said))
    with pytest.raises(SourceFault, match="Invalid value"):
        found_in(a_page(1, 2, a_row("1W", "2014", 1)), said)


def test_an_answer_of_the_un_tells_its_parts_by_dimension():
    row = {
        "series": "SE_ADT_ACTS",
        "seriesDescription": "Skills",
        "geoAreaCode": "404",
        "geoAreaName": "Kenya",
        "timePeriodStart": 2018.0,
        "source": "",
        "footnotes": ["Aged 15 and over", ""],
    }
    data = [
        row
        | {
            "value": value,
            "attributes": {"Nature": "E", "Units": "PERCENT"},
            "dimensions": {"Sex": sex, "Type of skill": skill, "Reporting Type": "G"},
        }
        for value, sex, skill in (
            ("17.83", "FEMALE", "EMAIL"),
            ("N", "MALE", "EMAIL"),
            ("<5", "BOTHSEX", "_T"),
        )
    ]
    dimensions = [{"id": "Sex"}, {"id": "Type of skill"}, {"id": "Reporting Type"}]
    answer = json.dumps({"totalPages": 2, "pageNumber": 1, "dimensions": dimensions, "data": data})
    found = found_in(answer)
    assert values(found) == [
        ("404", 2018, "female+skill-email", 17.83),
        ("404", 2018, "male+skill-email", None),
    ]
    assert [line for line, _ in faults(found)] == [3]
    assert (found[0].nature, found[0].note) == (ReadNature.ESTIMATED, "Aged 15 and over")
    address = "https://unstats.un.org/SDGAPI/v1/sdg/Series/Data?seriesCode=SE_ADT_ACTS"
    assert next_page(address, a_part(answer), 1) == f"{address}&page=2"
    assert next_page(address, a_part(answer), 2) is None


def a_message(observations: object, dimension_level: str = "observation") -> str:
    def values_of(*ids: str) -> list[dict[str, str]]:
        return [{"id": one} for one in ids]

    areas = {"id": "REF_AREA", "values": values_of("KEN", "NAM")}
    sex = {"id": "SEX", "values": values_of("_T", "F")}
    year = {"id": "TIME_PERIOD", "values": values_of("2020", "2021")}
    levels = {"dataSet": [{"id": "INDICATOR", "values": values_of("I99H")}], "series": [], "observation": []}
    levels["series" if dimension_level == "series" else "observation"] += [areas, sex]
    levels["observation"].append(year)
    attributes = {"observation": [{"id": "OBS_STATUS", "values": values_of("A", "E")}]}
    structure = {"dimensions": levels, "attributes": attributes}
    return json.dumps({"header": {}, "structure": structure, "dataSets": [observations]})


def test_sdmx_json_is_read_flat_and_by_series():
    flat = {"observations": {"0:0:0": [22.7, 0], "0:1:0": [20, 1], "1:0:1": [None], "7:0:0": [1]}}
    series = {
        "series": {
            "0:0": {"observations": {"0": [22.7, 0]}},
            "0:1": {"observations": {"0": [20, 1]}},
            "1:0": {"observations": {"1": [None]}},
        }
    }
    expected = [("KEN", 2020, "total", 22.7), ("KEN", 2020, "female", 20.0), ("NAM", 2021, "total", None)]
    found = found_in(a_message(flat))
    assert values(found) == expected
    assert ([one.nature for one in found[:2]], found[0].series) == (
        [ReadNature.NOT_STATED, ReadNature.ESTIMATED],
        "I99H",
    )
    assert faults(found) == [(4, "The key 7:0:0 does not fit the dimensions of the message.")]
    assert values(found_in(a_message(series, "series"))) == expected


def test_sdmx_csv_needs_no_structure():
    text = (
        "DATAFLOW,FREQ,REF_AREA,SEX,QUINTILE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MEASURE\n"
        "UNSD:SDG(1.0),A,404,F,Q1,2020,12.5,E,PT\nUNSD:SDG(1.0),A,404,_T,_T,2020-01,3,A,PT\n"
    )
    found = found_in(text, name="IT_USE.csv")
    assert sight_of(a_part(text)).form is SourceFormat.SDMX_CSV
    assert values(found) == [("404", 2020, "female+quintile-q1", 12.5)]
    assert (found[0].series, found[0].unit, found[0].nature) == ("IT_USE", "PT", ReadNature.ESTIMATED)
    assert [line for line, _ in faults(found)] == [3]


def test_a_document_type_is_refused_before_it_is_parsed():
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "sdmx.org">]><a>&b;</a>'
    with pytest.raises(SourceFault, match="declares entities"):
        sight_of(a_part(bomb))


def test_an_encoding_that_hides_signs_is_refused():
    hidden = b'<?xml version="1.0" encoding="UTF-7"?><a xmlns="http://www.sdmx.org/x">+ADwAIQ-DOCTYPE a></a>'
    with pytest.raises(SourceFault, match="UTF-8"):
        sight_of(a_part(hidden))


def a_package(tables: dict[str, str], *paths: str) -> bytes:
    written = io.BytesIO()
    described = {
        "version": "2025.1",
        "licenses": [{"name": "CC-BY-4.0"}],
        "resources": [{"name": f"r{place}", "path": path} for place, path in enumerate(paths or tables)],
    }
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("pack/datapackage.json", json.dumps(described))
        for name, text in tables.items():
            archive.writestr(f"pack/{name}", text)
    return written.getvalue()


def test_a_data_package_is_read_table_by_table():
    tables = {
        "data/users.csv": "code,year,value\nKEN,2020,22.7\n",
        "data/more.csv": "code,year,value\nNAM,2020,41\nNAM,20,41\n",
    }
    content = a_package(tables)
    sight = sight_of(a_part(content))
    assert (sight.form, sight.edition, sight.licence) == (SourceFormat.PACKAGE, "2025.1", "CC-BY-4.0")
    found = found_in(content)
    assert values(found) == [("KEN", 2020, "total", 22.7), ("NAM", 2020, "total", 41.0)]
    assert [(one.file, one.line) for one in found] == [
        ("data/users.csv", 2),
        ("data/more.csv", 2),
        ("data/more.csv", 3),
    ]


@pytest.mark.parametrize("path", ["https://example.org/x.csv", "/etc/passwd", "../x.csv", "none.csv"])
def test_a_data_package_names_only_what_is_in_it(path):
    with pytest.raises(SourceFault):
        found_in(a_package({"a.csv": "code,year,value\nKEN,2020,1\n"}, path))
