"""Groups computed from their members: those of the year, with what the number rests on."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from muntada.evidence.areas.models import Area, Membership
from muntada.evidence.assessments.actions import measure_indicator
from muntada.evidence.indicators.models import Indicator

pytestmark = pytest.mark.django_db

HEAD = "code,name,year,value\n"
USERS = HEAD + "".join(
    f"{code},{code},{year},{value}\n"
    for code, value in (("KEN", 20), ("NAM", 50), ("NOR", 98))
    for year in (2010, 2020)
)
PUBLISHED = USERS + "LDC,Least developed countries,2020,33\n"
PEOPLE = HEAD + "".join(
    f"{code},{code},{year},{people}\n"
    for code, people in (("KEN", 90), ("NAM", 10), ("NOR", 900), ("IND", 9))
    for year in (2010, 2020)
)


@pytest.fixture
def indicator(import_text, now) -> Indicator:
    """Kenya and Namibia are a group of their own until Namibia leaves it in 2015."""
    import_text(PUBLISHED)
    import_text(PEOPLE, "SP.POP.TOTL.csv")
    ldc, kenya, namibia = (Area.objects.get(code=code) for code in ("LDC", "KEN", "NAM"))
    Membership.objects.filter(group=ldc).delete()
    Membership.objects.create(area=kenya, group=ldc, source="a test")
    Membership.objects.create(area=namibia, group=ldc, until_year=2015, source="a test")
    found = Indicator.objects.get(code="IT.NET.USER.ZS")
    measure_indicator(indicator=found, now=now)
    return found


def rows_of(client, indicator) -> dict[tuple[str, str], dict[str, str]]:
    answer = client.get(f"{indicator.get_absolute_url()}/groups.csv")
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    return {(row["group"], row["year"]): row for row in rows}


def test_a_year_counts_the_members_of_that_year(client, indicator):
    rows = rows_of(client, indicator)
    # 20 x 90 and 50 x 10 of 100 people; then Kenya alone.
    assert (rows["LDC", "2010"]["value"], rows["LDC", "2010"]["members"]) == ("23.0", "2")
    assert (rows["LDC", "2020"]["value"], rows["LDC", "2020"]["members"]) == ("20.0", "1")


def test_the_published_number_stands_beside(client, indicator):
    page = client.get(f"{indicator.get_absolute_url()}/groups?year=2020").content.decode()
    text = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    assert "Least developed countries (UN classification) 33.0 20.0 −13.0 1 of 1 100%" in text
    earlier = client.get(f"{indicator.get_absolute_url()}/groups?year=2010").content.decode()
    assert "– 23.0 2 of 2" in " ".join(re.sub(r"<[^>]*>", " ", earlier).split())


def test_the_page_begins_with_a_year_in_which_groups_can_be_computed(import_text, now, client):
    """A newest year in which one small group alone has its numbers would show refusals."""
    import_text(USERS + "TUV,Tuvalu,2021,60\n" + "KIR,Kiribati,2021,40\n")
    import_text(PEOPLE + "TUV,Tuvalu,2021,1\n" + "KIR,Kiribati,2021,1\n", "SP.POP.TOTL.csv")
    islands = Area.objects.get(code="SIDS")
    Membership.objects.exclude(group=islands).exclude(area__code__in=("KEN", "NAM", "NOR")).delete()
    Membership.objects.filter(group=islands).exclude(area__code__in=("TUV", "KIR")).delete()
    found = Indicator.objects.get(code="IT.NET.USER.ZS")
    measure_indicator(indicator=found, now=now)
    rows = rows_of(client, found)
    assert rows["SIDS", "2021"]["value"] == "50.0"
    page = client.get(f"{found.get_absolute_url()}/groups").content.decode()
    assert '<option value="2020" selected' in page


def test_below_the_share_nothing_is_computed_and_the_largest_are_named(client, indicator):
    south_asia = rows_of(client, indicator)
    assert ("SAS", "2020") not in south_asia
    kenya = Area.objects.get(code="KEN")
    Membership.objects.create(area=kenya, group=Area.objects.get(code="SIDS"), source="a test")
    india = Area.objects.get(code="IND")
    Membership.objects.create(area=india, group=Area.objects.get(code="LLDC"), source="a test")
    Membership.objects.create(
        area=Area.objects.get(code="NAM"), group=Area.objects.get(code="LLDC"), source="a test"
    )
    indicator.results.all().delete()
    row = rows_of(client, indicator)["LLDC", "2020"]
    assert (row["value"], row["largest_missing"]) == ("", "IND")
    page = client.get(f"{indicator.get_absolute_url()}/groups?year=2020").content.decode()
    assert "too small a share" in page


def test_without_people_nothing_is_computed(client, import_text):
    import_text(USERS)
    assert "No group can be computed" in client.get("/wsis20/d/1/groups?year=x").content.decode()


def test_more_countries_need_no_more_queries(client, indicator, import_text):
    def asked() -> int:
        client.get(f"{indicator.get_absolute_url()}/groups")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{indicator.get_absolute_url()}/groups").status_code == 200
        return len(captured)

    few = asked()
    import_text(PUBLISHED + "SWE,SWE,2020,96\nFRA,FRA,2020,85\n", label="later")
    assert asked() == few
