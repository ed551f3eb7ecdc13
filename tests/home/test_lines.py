"""The page of an action line: all that is known, with a word where nothing is."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.page_text import tight

from evidence.conftest import BY_SEX, a_document, a_file, import_text, make_initiative
from muntada.evidence.assessments import actions as assessing
from muntada.evidence.assessments.actions import NewTarget
from muntada.evidence.imports.actions import figures
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.indicators.rules.targets import BetterWhen
from muntada.evidence.lines import actions as ties
from muntada.evidence.lines.pages import facts_of
from muntada.forums.queries import lines_of
from muntada.foundations.errors import NotAllowed
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM, Actor

pytestmark = pytest.mark.django_db
__all__ = ["a_file", "import_text", "make_initiative"]
PAGE = "/wsis20/evidence/lines/C2"


@pytest.fixture
def line(forum):
    return next(one for one in lines_of(forum) if one.code == "C2")


@pytest.fixture
def tie(forum, line, now):
    def tie(code="IT.NET.USER.ZS"):
        indicator = Indicator.objects.select_related("forum", "symbol").get(forum=forum, code=code)
        return ties.tie_indicator(line=line, indicator=indicator, why="Reach", actor=SYSTEM, now=now)

    return tie


def test_where_nothing_is_known_each_part_says_so(client, forum):
    page = client.get(PAGE).content.decode()
    assert page.count('class="empty"') == 7
    for words in ("No indicator is tied", "No initiative has been registered", "No public contribution"):
        assert words in page


def test_an_indicator_stands_with_level_change_gap_and_coverage(import_text, tie, forum, line, now):
    import_text()
    import_text(BY_SEX, "IT.NET.USER_by_sex_aggregates.csv")
    tie()
    (facts,) = facts_of(forum, line, 2025)
    assert (facts.newest.value, facts.newest.year) == (67.4, 2023)
    assert facts.change == pytest.approx(27.5)
    (gap,) = facts.gaps
    assert (gap.first.value, gap.second.value, gap.first.year) == (68.2, 74.2, 2024)
    assert (facts.known.recent, facts.known.too_old) == (2, 0)
    assert facts.known.every > 200
    assert facts_of(forum, line, 2040)[0].known.too_old == 2


def test_verdicts_stand_side_by_side_where_a_target_is_set(import_text, tie, client, now):
    import_text()
    indicator = tie().indicator
    target = NewTarget(value=95, year=2030, base_year=2015, direction=BetterWhen.UP, agreed_in="A test")
    assessing.set_target(indicator=indicator, new=target, actor=SYSTEM, now=now)
    page = client.get(PAGE).content.decode()
    assert page.count('class="verdict ') == 7
    assert "Countries on track" in page


def test_the_figures_leave_as_a_table_with_their_editions(tie, client, forum, now):
    figures.publish_figures(document=a_document(), forum=forum, actor=SYSTEM, now=now)
    tie()
    answer = client.get(f"{PAGE}/figures.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["what"], row["value"], row["edition"]) for row in rows] == [
        ("first", "65.0", "2024"),
        ("latest", "74.0", "2025"),
    ]
    assert rows[0]["status"] == "unverified"


def test_initiatives_are_counted_and_say_what_stood_in_the_way(client, make_initiative, line):
    make_initiative(lines=(line,), challenges="No spectrum.", replicability="One licence.")
    make_initiative(lines=(line,), title="Another", country="")
    make_initiative(title="Of no line")
    page = client.get(PAGE).content.decode()
    assert "2 initiatives in the stocktaking" in page
    assert "No spectrum." in page
    assert "One licence." in page
    assert "Of no line" not in page


def test_what_stood_in_the_way_is_counted_over_languages(client, make_initiative, line):
    make_initiative(lines=(line,), challenges="Spectrum fees and diesel.")
    make_initiative(lines=(line,), title="Réseau", language="fr", challenges="Les fréquences coûtent cher.")
    make_initiative(lines=(line,), title="网络", language="zh-hans", challenges="频谱太贵。")
    page = tight(client.get(PAGE).content.decode())
    assert '<span class="tag"><bdi>spectrum</bdi>3</span>' in page
    assert "<bdi>频谱</bdi>3" in tight(client.get(f"{PAGE}?lang=zh-hans").content.decode())


def test_more_rows_need_no_more_queries(client, import_text, tie, make_initiative, forum, line, now):
    import_text()
    figures.publish_figures(document=a_document(), forum=forum, actor=SYSTEM, now=now)
    tie()
    make_initiative(lines=(line,), challenges="One.")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(PAGE).status_code == 200
        return len(seen)

    client.get(PAGE)
    few = queries()
    tie("offline_billion")
    for country in ("FR", "BR", "IN"):
        make_initiative(lines=(line,), challenges="More.", title=country, country=country)
    assert queries() == few
    assert few <= 45


def test_only_secretariat_and_facilitators_tie(each_role, import_text):
    import_text()
    for role, browser in each_role(Role):
        status = browser.post(f"{PAGE}/tie", {"indicator": "1", "why": "Reach"}).status_code
        assert status == (302 if role in {Role.SECRETARIAT, Role.FACILITATOR} else 403)


def test_a_tie_is_taken_back(client_as, tie, import_text, line):
    import_text()
    tie()
    client = client_as(Role.FACILITATOR)
    client.post(f"{PAGE}/untie", {"indicator": "1"})
    client.post(f"{PAGE}/untie", {"indicator": "1"})
    assert not line.indicator_ties.exists()


def test_an_action_asks_for_the_role_too(tie, import_text, make_person, line, now):
    import_text()
    indicator = tie().indicator
    with pytest.raises(NotAllowed):
        ties.untie_indicator(
            line=line,
            indicator=indicator,
            actor=Actor(make_person().pk, Role.DELEGATE, indicator.forum_id),
            now=now,
        )


@pytest.mark.parametrize("odd", ["", "x", "99", "9" * 30])
def test_an_indicator_that_is_none_is_not_tied(client_as, odd):
    assert client_as(Role.SECRETARIAT).post(f"{PAGE}/tie", {"indicator": odd}).status_code == 404


def test_a_line_of_no_code_is_not_there(client, forum):
    assert client.get("/wsis20/evidence/lines/C99").status_code == 404


def test_every_line_stands_in_the_list(client, forum):
    page = client.get("/wsis20/evidence/lines").content.decode()
    for code in ("C1", "C2", "C3"):
        assert f"/wsis20/evidence/lines/{code}" in page
