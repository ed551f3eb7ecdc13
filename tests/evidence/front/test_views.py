import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.page_text import tight

from evidence.conftest import USERS, a_document
from muntada.evidence.imports.actions import figures
from muntada.forums.models import Goal, Line, StageWindow
from muntada.record.rules import SYSTEM

pytestmark = pytest.mark.django_db


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


class TestFront:
    @pytest.mark.usefixtures("forum")
    def test_an_empty_stage_says_so(self, client):
        page = client.get("/wsis20/evidence").content.decode()
        assert "No indicator has been imported yet" in page
        assert "No initiative has been published yet" in page

    def test_an_indicator_stands_with_its_newest_world_figure_year_source_and_edition(
        self, client, import_text, forum, now
    ):
        import_text(label="October")
        page = tight(client.get("/wsis20/evidence").content.decode())
        row = re.search(r"<tr><th.*?Individuals using the Internet.*?</tr>", page, re.DOTALL)[0]
        for words in ("67.4", "2023", "October", "World Bank", 'class="spark"'):
            assert words in row
        figures.publish_figures(document=a_document(), forum=forum, actor=SYSTEM, now=now)
        page = tight(client.get("/wsis20/evidence").content.decode())
        row = re.search(r"<tr><th.*?Individuals using the Internet.*?</tr>", page, re.DOTALL)[0]
        assert "74" in row
        assert "Facts and Figures" in row

    def test_initiatives_are_found_by_line_goal_and_words(self, client, make_initiative):
        line, goal = Line.objects.get(code="C2"), Goal.objects.get(code="9")
        make_initiative(title="Fibre", lines=(line,))
        make_initiative(title="École", goals=(goal,), organisation="Institut")
        make_initiative(title="Radio", description="Voices of fishers")
        found = {
            query: re.findall(
                r"<h[23][^>]*><a [^>]*>(.*?)</a>",
                tight(client.get(f"/wsis20/evidence/initiatives?{query}").content.decode()),
            )
            for query in ("", "line=C2", "goal=9", "q=ecole", "q=institut", "q=fishers+voices", "q=nothing")
        }
        assert found == {
            "": ["Radio", "École", "Fibre"],
            "line=C2": ["Fibre"],
            "goal=9": ["École"],
            "q=ecole": ["École"],
            "q=institut": ["École"],
            "q=fishers+voices": ["Radio"],
            "q=nothing": [],
        }

    def test_many_initiatives_come_in_pages(self, client, make_initiative):
        person = None
        for number in range(21):
            made = make_initiative(person, title=f"Initiative {number}")
            person = made.registered_by
        first, second = (
            client.get(f"/wsis20/evidence/initiatives?page={page}").content.decode() for page in (1, 2)
        )
        assert first.count('<article class="entry">') == 20
        assert second.count('<article class="entry">') == 1

    def test_more_rows_need_no_more_queries(self, client, import_text, make_initiative):
        import_text()
        make_initiative(lines=tuple(Line.objects.all()))
        one = queries_of(client, "/wsis20/evidence")
        for name in ("IT.CEL.SETS.P2.csv", "IT.NET.BBND.P2.csv"):
            import_text(USERS, name)
            make_initiative(lines=tuple(Line.objects.all()))
        assert queries_of(client, "/wsis20/evidence") == one


def test_a_stage_that_has_not_opened_offers_no_registering(client, forum, now):
    StageWindow.objects.filter(stage="evidence").update(
        opens_at=now + timedelta(days=5000), closes_at=now + timedelta(days=5001)
    )
    assert "Register an initiative" not in client.get("/wsis20/evidence").content.decode()
