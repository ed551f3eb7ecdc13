"""Trends and turning points: every area judged or told why not, dates of the forum beside, never a cause."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from muntada.forums.models import Milestone

pytestmark = pytest.mark.django_db

HEAD = "code,name,year,value\n"


def rows(code: str, values: dict[int, float]) -> str:
    return "".join(f"{code},{code},{year},{value}\n" for year, value in values.items())


# Kenya turns after 2009, Norway goes straight down, Namibia has three years, India stays where it is.
KENYA = {year: 10 + (year % 3) * 0.1 + (year > 2009) * (30 + (year - 2009) * 5) for year in range(2000, 2020)}
NORWAY = {year: 99 - (year - 2000) * 2 + (year % 2) * 0.1 for year in range(2000, 2020)}
NAMIBIA = {2001: 3.0, 2002: 4.0, 2003: 5.0}
INDIA = dict.fromkeys(range(2000, 2020), 7.0)
WORLD = {year: 20 + year - 2000 + (year % 2) * 0.2 for year in range(2000, 2020)}
USERS = HEAD + "".join(
    rows(code, values)
    for code, values in (
        ("KEN", KENYA),
        ("NOR", NORWAY),
        ("NAM", NAMIBIA),
        ("IND", INDIA),
        ("WLD", WORLD),
    )
)


@pytest.fixture
def a_date(forum):
    def make(on: str, words: str, *, beside: bool = True) -> Milestone:
        return Milestone.objects.create(
            forum=forum, on_date=on, texts={"en": words}, status="sourced", is_beside_data=beside
        )

    return make


def page_of(client, query: str = "") -> str:
    answer = client.get(f"/wsis20/d/1/trends{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def row_of(page: str, name: str) -> str:
    table = page.partition('id="every"')[2]
    found = next(one for one in table.split("<tr>") if f'scope="row">{name}<' in one)
    return " ".join(re.sub(r"<[^>]*>", " ", found).split())


def test_every_area_is_told_with_its_trend_and_its_turn(client, import_text):
    import_text(USERS)
    page = page_of(client)
    assert re.search(r"2000–2019 \(20\) up .* 2009", row_of(page, "Kenya"))
    assert "down −2.0" in row_of(page, "Norway")
    assert "no clear change" in row_of(page, "Norway")


def test_what_cannot_be_judged_says_why(client, import_text):
    import_text(USERS)
    page = page_of(client, "?show=untold")
    assert "too few years with a value" in row_of(page, "Namibia")
    assert "Kenya<" not in page.partition('id="every"')[2]
    assert "none +" not in row_of(page_of(client), "India")


def test_tabs_show_those_that_turned_or_fell(client, import_text):
    import_text(USERS)
    turned = page_of(client, "?show=turned").partition('id="every"')[2]
    assert ("Kenya<" in turned, "Norway<" in turned) == (True, False)
    fell = page_of(client, "?show=down").partition('id="every"')[2]
    assert ("Kenya<" in fell, "Norway<" in fell) == (False, True)


def test_the_world_is_drawn_unless_others_are_chosen(client, import_text):
    import_text(USERS)
    assert "<desc" in page_of(client)
    assert "W, World:" in page_of(client)
    chosen = page_of(client, "?a=KEN&b=NOR&c=KEN")
    assert ("A, Kenya:" in chosen, "B, Norway:" in chosen, "W, World:" in chosen) == (True, True, False)
    assert "W, World:" in page_of(client, "?a=nowhere")


def test_dates_of_the_forum_stand_beside_and_are_no_causes(client, import_text, a_date):
    import_text(USERS)
    a_date("2003-12-10", "Geneva")
    a_date("2003-12-12", "Geneva too")
    a_date("2025-01-01", "After the numbers")
    a_date("2010-01-01", "A meeting of the process", beside=False)
    page = page_of(client)
    assert "Geneva; Geneva too" in " ".join(re.sub(r"<[^>]*>", " ", page).split())
    assert "After the numbers" not in page
    assert "A meeting of the process" not in page
    assert "need not be its cause" in page
    words = re.sub(r"<[^>]*>", " ", page).lower()
    assert not re.search(r"\b(because of|due to|led to|thanks to|as a result)\b", words)


def test_the_table_can_be_taken_along(client, import_text):
    import_text(USERS)
    answer = client.get("/wsis20/d/1/trends.csv")
    told = {row["area"]: row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert set(told) == {"KEN", "NOR", "NAM", "IND", "WLD"}
    assert (told["KEN"]["turn_1"], told["NOR"]["turn_1"]) == ("2009", "")
    assert told["NAM"]["reason"] == "There are too few years with a value."
    assert float(told["NOR"]["slope"]) == pytest.approx(-2.0, abs=0.05)
    assert len({row["digest"] for row in told.values()}) == 1


def test_figures_of_several_editions_have_trends_too_and_nothing_is_a_page_as_well(client, import_text):
    import_text("code,sex,year,value\nWLD,female,2023,66.4\n", "IT.NET.USER_by_sex_aggregates.csv")
    assert "There are no numbers for this indicator yet" in page_of(client)
    assert client.get("/wsis20/d/9/trends").status_code == 404


def test_more_areas_need_no_more_queries(client, import_text):
    def asked() -> int:
        client.get("/wsis20/d/1/trends")
        with CaptureQueriesContext(connection) as captured:
            page_of(client)
        return len(captured)

    import_text(HEAD + rows("WLD", WORLD))
    few = asked()
    import_text(USERS, label="later")
    assert asked() == few
