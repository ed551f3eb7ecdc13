"""What is known: no data and too old are results, by indicator, group, target, area and year."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from muntada.evidence.areas.models import Area, Membership
from muntada.evidence.assessments import actions as assessing
from muntada.evidence.assessments.actions import NewTarget
from muntada.evidence.assessments.models import StoredResult
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.indicators.rules.targets import BetterWhen
from muntada.record.rules import SYSTEM

pytestmark = pytest.mark.django_db

HEAD = "code,name,year,value\n"
# As of 2020: Kenya recent, Namibia too old (2010), Uganda without any; Norway stands in another region.
USERS = HEAD + "KEN,Kenya,2018,20\nKEN,Kenya,2020,30\nNAM,Namibia,2010,9\nNOR,Norway,2020,98\n"
PEOPLE = HEAD + "".join(
    f"{code},{code},{year},{people}\n"
    for code, people in (("KEN", 50), ("NAM", 2), ("UGA", 40), ("NOR", 8))
    for year in (2019, 2020)
)


def text_of(answer) -> str:
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


@pytest.fixture
def numbers(import_text):
    import_text(USERS)
    import_text(PEOPLE, "SP.POP.TOTL.csv")
    return Indicator.objects.get(code="IT.NET.USER.ZS")


def state_of(client, area: str, query: str = "") -> dict[str, str]:
    answer = client.get(f"/wsis20/evidence/coverage.csv{query}")
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    return next(row for row in rows if (row["indicator"], row["area"]) == ("IT.NET.USER.ZS", area))


@pytest.mark.usefixtures("numbers")
class TestStates:
    @pytest.mark.parametrize(
        ("area", "state", "latest"),
        [("KEN", "recent", "2020"), ("NAM", "too-old", "2010"), ("UGA", "no-data", "")],
    )
    def test_each_country_has_one_as_of_the_newest_year(self, client, area, state, latest):
        row = state_of(client, area)
        assert (row["as_of"], row["state"], row["latest_year"]) == ("2020", state, latest)

    def test_as_of_an_earlier_year_later_numbers_are_set_aside(self, client):
        assert state_of(client, "NAM", "?year=2012")["state"] == "recent"
        assert state_of(client, "KEN", "?year=2012")["state"] == "no-data"

    def test_how_old_is_too_old_can_be_said(self, client):
        assert state_of(client, "NAM", "?year=2020&oldest=10")["state"] == "recent"
        assert state_of(client, "NAM")["oldest"] == "5"

    @pytest.mark.parametrize("question", ["?oldest=nonsense", "?oldest=31", "?year=20", "?old=3"])
    def test_what_cannot_be_chosen_is_answered_with_no_table(self, client, question):
        assert client.get(f"/wsis20/evidence/coverage.csv{question}").status_code == 404


class TestMatrix:
    def test_a_cell_counts_the_members_of_its_group(self, client, numbers):
        page = text_of(client.get("/wsis20/evidence/coverage?year=2020"))
        africa = Membership.objects.filter(group__code="SSF").count()
        assert f"1 of {africa}" in page
        assert numbers.title_here in page

    def test_a_group_has_the_members_of_the_year(self, client, numbers):
        group, area = Area.objects.get(code="LDC"), Area.objects.get(code="KEN")
        before = Membership.objects.filter(group=group).count()
        Membership.objects.create(
            area=area, group=group, since_year=2019, until_year=2021, source="a test", status="sourced"
        )
        address = f"/wsis20/d/{numbers.symbol.number}/coverage?group=LDC&year="
        assert "Kenya" in text_of(client.get(f"{address}2020")).partition("State")[2]
        assert "Kenya" not in text_of(client.get(f"{address}2021")).partition("State")[2]
        assert before > 0

    def test_a_target_says_for_what_share_of_the_people_it_can_be_judged(self, client, numbers, now):
        target = NewTarget(value=95, year=2030, base_year=2015, direction=BetterWhen.UP, agreed_in="Here")
        assessing.set_target(indicator=numbers, new=target, actor=SYSTEM, now=now)
        page = text_of(client.get("/wsis20/evidence/coverage"))
        # Kenya and Norway have 58 of the 100 people.
        assert re.search(r"95 by 2030 Individuals using the Internet 2 1 \d+ \d% 58%", page)


class TestPagesOfAnIndicator:
    def test_it_leads_from_the_matrix_to_the_countries(self, client, numbers):
        matrix = client.get("/wsis20/evidence/coverage").content.decode()
        address = f"/wsis20/d/{numbers.symbol.number}/coverage"
        assert f'href="{address}?group=SSF&amp;year=2020' in matrix
        page = text_of(client.get(f"{address}?group=SSF&year=2020&oldest=5&state=too-old"))
        shown = page.partition("State")[2].partition("Year by year")[0]
        assert ("Namibia too old 2010 1" in shown, "Kenya" in shown) == (True, False)

    def test_a_group_or_state_that_is_none_shows_all(self, client, numbers):
        page = text_of(client.get(f"/wsis20/d/{numbers.symbol.number}/coverage?group=nowhere&state=x"))
        assert all(name in page for name in ("Kenya recent", "Namibia too old", "Uganda no data"))

    def test_without_any_number_there_is_no_data_anywhere(self, client, import_text):
        import_text("code,sex,year,value\nWLD,female,2023,66.4\n", "IT.NET.USER_by_sex_aggregates.csv")
        assert "0 with a recent number" in text_of(client.get("/wsis20/d/1/coverage"))
        assert client.get("/wsis20/evidence/coverage").status_code == 200


def test_a_forum_without_indicators_says_so(client, forum):
    assert "There are no indicators yet" in text_of(client.get(f"/{forum.slug}/evidence/coverage"))


def test_what_was_kept_of_older_numbers_is_not_believed(client, numbers):
    StoredResult.objects.update(vintage=None)
    assert state_of(client, "KEN")["state"] == "recent"
    assert numbers.results.filter(kind="known").exists()


def test_more_indicators_need_no_more_queries(client, numbers, import_text):
    def asked() -> int:
        client.get("/wsis20/evidence/coverage")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/wsis20/evidence/coverage").status_code == 200
        return len(captured)

    few = asked()
    import_text(USERS, "IT.CEL.SETS.P2.csv")
    import_text(USERS, "EG.ELC.ACCS.ZS.csv")
    assert asked() == few
