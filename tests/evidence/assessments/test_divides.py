"""The page of divides: absolute beside relative, what it rests on, and how far groups are behind."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.page_text import tight

from muntada.evidence.areas.models import Area, Membership
from muntada.evidence.indicators.models import Indicator

pytestmark = pytest.mark.django_db

# KEN and IND in two regions; India has no number in 2020, and most of the people.
USERS = """code,name,year,value
WLD,World,2005,10
WLD,World,2010,20
WLD,World,2015,30
WLD,World,2020,50
LDC,Least developed countries,2015,15
LDC,Least developed countries,2020,25
HIC,High income,2020,90
KEN,Kenya,2010,10
KEN,Kenya,2015,20
KEN,Kenya,2020,30
IND,India,2010,30
IND,India,2015,30
"""
PEOPLE = "code,name,year,value\n" + "".join(
    f"{code},{name},{year},{people}\n"
    for code, name, people in (("KEN", "Kenya", 100), ("IND", "India", 300))
    for year in (2010, 2015, 2020)
)


def page_of(client, address="/wsis20/d/1/divides") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"<[^>]*>", " ", tight(answer.content.decode()).replace("<tr>", "\n<tr>"))


def row_of(page: str, name: str) -> list[str]:
    """Return the cells of a row; a group that is drawn has the letter of its line before its name."""
    row = re.compile(rf"\s*(?:[A-Z]\s+)?{re.escape(name)}\s.*")
    line = next(line for line in page.splitlines() if row.fullmatch(line))
    return line.partition(name)[2].split()


def test_the_measures_of_a_year_stand_beside_each_other(client, import_text):
    import_text(USERS)
    import_text(PEOPLE, "SP.POP.TOTL.csv")
    page = page_of(client)
    assert "Each country counts by its people." in page
    # mean (10 + 3 x 30) / 4, Gini 1/4 x 3/4 x 20 / 25
    assert row_of(page, "2010")[:5] == ["2", "100%", "25.0", "8.7", "20.0"]
    assert row_of(page, "2010")[5] == "0.15"


def test_whether_countries_come_closer_is_told_twice(client, import_text):
    """Sigma in the unit and relative; beta with its error, and what a zero does to it."""
    areas = (("KEN", 10, 20), ("NAM", 20, 35), ("NOR", 80, 95), ("TUV", 0, 30))
    head = "code,name,year,value\n"
    import_text(
        head
        + "".join(f"{code},{code},2010,{first}\n{code},{code},2020,{last}\n" for code, first, last in areas)
    )
    people = "".join(f"{code},{code},2010,1\n{code},{code},2020,1\n" for code, _, _ in areas)
    import_text(head + people, "SP.POP.TOTL.csv")
    told = " ".join(page_of(client).split())
    assert "Sigma: the spread of 4 countries with a number in every year told" in told
    # Of 10, 20, 80, 0 and of 20, 35, 95, 30 around their means 27.5 and 45.
    assert "Absolute: standard deviation, in the unit of the indicator 31.1 29.4" in told
    assert "Relative: standard deviation divided by the mean 1.13 0.65" in told
    # Yearly growth .06931, .05596, .01719 over ln 10, ln 20, ln 80.
    assert "Beta, 2010 to 2020 −0.0255 those with little grew faster" in told
    assert "Countries 3 1 with a zero is left out" in told
    assert "Half of the relative gap closes in 23.6 years at this pace" in told


def test_where_no_slope_can_be_drawn_the_reason_stands(client, import_text):
    import_text(USERS)
    import_text(PEOPLE, "SP.POP.TOTL.csv")
    assert "Beta: Fewer than three areas have a value in both years." in " ".join(page_of(client).split())


def test_a_year_of_too_few_people_says_so_and_gives_no_number(client, import_text):
    import_text(USERS)
    import_text(PEOPLE, "SP.POP.TOTL.csv")
    assert "There is one value only" in " ".join(row_of(page_of(client), "2020"))


def test_countries_with_few_of_the_people_are_not_told_as_the_whole(client, import_text):
    import_text(USERS + "NAM,Namibia,2020,1\n")
    import_text(PEOPLE + "NAM,Namibia,2020,10\n", "SP.POP.TOTL.csv")
    row = row_of(page_of(client), "2020")
    assert row[:2] == ["2", "27%"]
    assert "too small a share" in " ".join(row)


def test_groups_are_years_behind_the_world_and_the_gap_stands_beside(client, import_text):
    import_text(USERS)
    page = page_of(client)
    assert "2020 25.0 −25.0 7.5" in " ".join(row_of(page, "Least developed countries"))
    assert "2020 90.0 +40.0 ahead" in " ".join(row_of(page, "High income"))
    assert page.index("Least developed countries") < page.index("High income")


def test_without_people_each_country_counts_the_same(client, import_text):
    import_text(USERS)
    page = page_of(client)
    assert "Each country counts the same." in page


def test_an_indicator_without_numbers_and_one_without_countries_are_pages_too(client, import_text):
    import_text("code,name,year,value\nWLD,World,2020,5\n")
    assert "There are no numbers for countries" in page_of(client)
    assert client.get("/wsis20/d/9/divides").status_code == 404


def test_the_page_asks_the_database_as_often_for_many_countries_as_for_one(client, import_text):
    def asked() -> int:
        client.get("/wsis20/d/1/divides")
        with CaptureQueriesContext(connection) as captured:
            page_of(client)
        return len(captured)

    import_text("code,name,year,value\nWLD,World,2020,5\nKEN,Kenya,2020,5\nNAM,Namibia,2020,9\n")
    few = asked()
    import_text(USERS, label="later")
    assert asked() <= few + 1


def test_the_relative_and_the_absolute_are_drawn_beside_each_other(client, import_text):
    import_text(USERS)
    import_text(PEOPLE, "SP.POP.TOTL.csv")
    page = client.get("/wsis20/d/1/divides").content.decode()
    titles = re.findall(r"<title id=[^>]*>([^<]*)</title>", page)
    assert titles == ["Standard deviation", "Gini index", "Gap to the world", "Ratio to the world"]


def test_all_measures_can_be_taken_along(client, import_text):
    import_text(USERS)
    import_text(PEOPLE, "SP.POP.TOTL.csv")
    users = Indicator.objects.get(code="IT.NET.USER.ZS")
    answer = client.get(f"{users.get_absolute_url()}/divides.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    countries = {row["year"]: row for row in rows if not row["area"]}
    assert float(countries["2010"]["gini"]) == pytest.approx(0.15)
    assert (countries["2020"]["gini"], countries["2020"]["reason"] != "") == ("", True)
    behind = {(row["area"], row["year"]): row for row in rows if row["area"]}
    assert float(behind["LDC", "2020"]["gap_to_world"]) == -25
    assert float(behind["LDC", "2020"]["ratio_to_world"]) == 0.5


def test_regions_are_those_of_the_year(client, import_text):
    import_text(USERS + "IND,India,2020,60\n")
    import_text(PEOPLE, "SP.POP.TOTL.csv")
    kenya, south_asia = Area.objects.get(code="KEN"), Area.objects.get(code="SAS")
    first = page_of(client).partition("Regions in 2020")[2]
    assert "Sub-Saharan Africa" in first
    Membership.objects.filter(area=kenya, group__grouping="region").update(until_year=2019)
    Membership.objects.create(area=kenya, group=south_asia, since_year=2019, source="a test")
    Indicator.objects.get(code="IT.NET.USER.ZS").results.all().delete()
    later = page_of(client).partition("Regions in 2020")[2].partition("Years behind")[0]
    assert "Sub-Saharan Africa" not in later


def test_the_page_of_the_indicator_leads_there(client, import_text):
    import_text(USERS)
    assert "/wsis20/d/1/divides" in client.get("/wsis20/d/1").content.decode()
