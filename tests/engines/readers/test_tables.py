import io

import pytest
import xlsxwriter

from muntada.engines.readers.columns import Says, SourceColumns
from muntada.engines.readers.read import SourceFormat, read, sight_of
from muntada.engines.readers.shape import ReadNature, SourceFault

from .conftest import a_part, faults, found_in, values

WORLD_BANK_WIDE = (
    '\ufeff"Data Source","World Development Indicators",\n\n'
    '"Last Updated Date","2025-07-01",\n\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","2022","2023",\n'
    '"Namibia","NAM","Individuals using the Internet (% of population)","IT.NET.USER.ZS","62","",\n'
    '"World","WLD","Individuals using the Internet (% of population)","IT.NET.USER.ZS","64.4","67.4",\n'
)
ITU = (
    "SeriesID,SeriesCode,Series,Unit,Database,Year,AreaName,AreaCode,DisaggregationGroup,Disaggregation1,"
    "Disaggregation2,Value,Notes,Source,LastModifiedOn\n"
    "11624,i99H,Individuals using the Internet,%,WTI,2022,Kenya,KEN,,,,40.9,,ITU estimate.,2025-01-15\n"
    "11624,i99H,Individuals using the Internet,%,WTI,2021,Kenya,KEN,,,,38.1,,Survey of\n"
    "households,2025-01-15\n"
    "11624,i99H,Individuals using the Internet,%,WTI,2023,Guernsey,AAA,,,,,,,2025-01-15\n"
)
UNSD = (
    "Goal,Target,Indicator,SeriesCode,SeriesDescription,GeoAreaCode,GeoAreaName,TimePeriod,Value,Source,FootNote,"
    "[Nature],[Sex],[Units],[Reporting Type]\n"
    "5,5.b,5.b.1,IT_MOB_OWN,Owners of a mobile telephone,4,Afghanistan,2016,46.8,,,C,BOTHSEX,PERCENT,G\n"
    "5,5.b,5.b.1,IT_MOB_OWN,Owners of a mobile telephone,4,Afghanistan,2016,25,,,E,FEMALE,PERCENT,G\n"
    "5,5.b,5.b.1,IT_MOB_OWN,Owners of a mobile telephone,4,Afghanistan,2017,<5,,,E,FEMALE,PERCENT,G\n"
)


def a_workbook(rows: list[list[object]]) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet("Data")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return written.getvalue()


def test_a_wide_table_of_the_world_bank_is_read_below_its_preamble():
    sight = sight_of(a_part(WORLD_BANK_WIDE))
    assert (sight.form, sight.edition) == (SourceFormat.WORLD_BANK_TABLE, "2025-07-01")
    assert values(found_in(WORLD_BANK_WIDE)) == [
        ("NAM", 2022, "total", 62.0),
        ("NAM", 2023, "total", None),
        ("WLD", 2022, "total", 64.4),
        ("WLD", 2023, "total", 67.4),
    ]


def test_a_workbook_says_the_same_as_the_table():
    rows = [
        ["Data Source", "World Development Indicators"],
        [],
        ["Last Updated Date", "2025-07-01"],
        [],
        ["Country Name", "Country Code", "Indicator Name", "Indicator Code", "2022", "2023"],
        ["Namibia", "NAM", "Users", "IT.NET.USER.ZS", 62, ""],
        ["World", "WLD", "Users", "IT.NET.USER.ZS", 64.4, 67.4],
    ]
    assert values(found_in(a_workbook(rows), name="API.xlsx")) == values(found_in(WORLD_BANK_WIDE))


def test_namibia_by_two_letters_is_a_code_and_not_a_gap():
    assert values(found_in("code,year,value\nNA,2023,62\n")) == [("NA", 2023, "total", 62.0)]


def test_a_row_that_a_line_break_cut_in_two_is_whole_again():
    found = found_in(ITU, name="itu.csv")
    assert faults(found) == []
    assert values(found) == [
        ("KEN", 2022, "total", 40.9),
        ("KEN", 2021, "total", 38.1),
        ("AAA", 2023, "total", None),
    ]
    assert [one.nature for one in found][:2] == [ReadNature.ESTIMATED, ReadNature.NOT_STATED]
    assert found[1].note == "Survey of households"
    assert (found[0].series, found[0].series_name, found[0].unit) == (
        "i99H",
        "Individuals using the Internet",
        "%",
    )


def test_only_of_itu_rows_are_put_together():
    found = found_in("code,year,value\nKEN,2020\n2021,3\nWLD,2020,4\n")
    assert values(found) == [("WLD", 2020, "total", 4.0)]
    assert [line for line, _ in faults(found)] == [2, 3]


def test_a_table_of_the_un_has_parts_natures_and_bounds():
    found = found_in(UNSD)
    assert values(found) == [("4", 2016, "total", 46.8), ("4", 2016, "female", 25.0)]
    assert [one.nature for one in found[:2]] == [ReadNature.MEASURED, ReadNature.ESTIMATED]
    assert faults(found) == [
        (4, "“<5” is a bound and not a value, so it cannot be drawn or compared."),
    ]


def test_a_value_column_named_after_its_series_is_found():
    text = (
        "geo_area,nature,sex,type_of_skill,units,year,se_adt_acts\n12,notspec,female,email,percent,2018,9.4\n"
    )
    (one,) = found_in(text)
    assert (one.series, one.breakdown, one.unit, one.value) == (
        "SE_ADT_ACTS",
        "female+skill-email",
        "percent",
        9.4,
    )


def test_a_table_nobody_knows_is_read_as_somebody_says():
    text = "Staat;Jahr;Anteil;Alter\nKEN;2020;22.7;15-24\nKEN;2020;20;\n"
    sight = sight_of(a_part(text, "Anteile.csv"))
    assert (sight.form, sight.columns.is_complete, sight.columns.left_out) == (
        SourceFormat.TABLE,
        False,
        ("Staat", "Jahr", "Anteil", "Alter"),
    )
    with pytest.raises(SourceFault, match="which column holds"):
        list(read([a_part(text)], sight, sight.columns))
    said = SourceColumns(
        {"Staat": Says.AREA, "Jahr": Says.YEAR, "Anteil": Says.VALUE, "Alter": Says.AGE}, series="share"
    )
    assert values(found_in(text, columns=said)) == [
        ("KEN", 2020, "age-15-24", 22.7),
        ("KEN", 2020, "total", 20.0),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("KEN,2020-01,5", "only yearly values"),
        ("KEN,20,5", "no year between"),
        ("KEN,2020,1.234.567", "not a number"),
        ("KEN,2020,inf", "can be shown"),
        ("KEN,2020,1e999", "can be shown"),
        (",2020,5", "no code of an area"),
        ("KEN,2020", "has 2 cells"),
        ("WLD,2020,2", "already has a value for 2020 on line 2"),
    ],
)
def test_a_row_with_a_fault_is_refused_with_its_line_and_the_others_are_read(row, words):
    found = found_in(f"code,year,value\nWLD,2020,1\n{row}\nSAS,2020,3\n")
    ((line, sentence),) = faults(found)
    assert line == 3
    assert words in sentence
    assert [area for area, *_ in values(found)] == ["WLD", "SAS"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"a,a\n1,2\n", "stands there twice"),
        (b'code,year,value\n"KEN,2020,5\n', "quotation mark"),
        (b"code,year,value\nK\xffN,2020,5\n", "UTF-8"),
        (b"PK\x03\x04 no archive", "cannot be read"),
        (b"<html><body>Not found</body></html>", "none of the forms"),
        (b'{"hello": 1}', "none of the forms"),
        (b"[1, 2", "no JSON document"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_at_all_says_why(content, words):
    with pytest.raises(SourceFault) as fault:
        found_in(content)
    assert words in str(fault.value)


def test_what_is_given_out_here_is_read_again():
    rows = ("X,WLD,World,2023,total,5,%", "X,WLD,World,2023,female+age-15-24,4,%")
    found = found_in("\n".join(("indicator,area,name,year,breakdown,value,unit", *rows)))
    assert [(one.series, one.area, one.area_name, one.breakdown, one.value, one.unit) for one in found] == [
        ("X", "WLD", "World", "total", 5.0, "%"),
        ("X", "WLD", "World", "female+age-15-24", 4.0, "%"),
    ]
