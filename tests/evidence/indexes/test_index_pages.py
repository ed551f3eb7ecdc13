"""Composite indexes: made by the secretariat, ranks with intervals, results that stand until made anew."""

import csv
import io
import json
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from muntada.evidence.indexes import actions as composing
from muntada.evidence.indexes.actions import NewIndex
from muntada.evidence.indexes.models import CompositeIndex
from muntada.evidence.indexes.rules import (
    AGGREGATE_NAMES,
    NORMALISE_NAMES,
    OPTION_NAMES,
    AggregateBy,
    Normalise,
    PartOf,
    PillarOf,
    ScoredArea,
)
from muntada.evidence.indicators.models import Indicator
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM, Actor

pytestmark = pytest.mark.django_db

HEAD = "code,name,year,value\n"
CODES = ("KEN", "NAM", "NOR", "IND", "BRA", "JPN")


def series(values: dict[str, float], year: int = 2020) -> str:
    return HEAD + "".join(f"{code},{code},{year},{value}\n" for code, value in values.items())


USERS = series({"KEN": 30, "NAM": 51, "NOR": 97, "IND": 43, "BRA": 81, "JPN": 90, "ALB": 70})
LINES = series({"KEN": 1, "NAM": 3, "NOR": 44, "IND": 2, "BRA": 17, "JPN": 34})
POWER = series({"KEN": 71, "NAM": 55, "NOR": 100, "IND": 97, "JPN": 100})
BASKET = series({"KEN": 9, "NAM": 7, "NOR": 1, "IND": 4, "BRA": 3, "JPN": 1}, year=2012)


@pytest.fixture
def indicators(import_text) -> list[Indicator]:
    import_text(USERS)
    import_text(LINES, "IT.NET.BBND.P2.csv")
    import_text(POWER, "EG.ELC.ACCS.ZS.csv")
    return list(Indicator.objects.order_by("symbol__number"))


def a_new_index(indicators, **named) -> NewIndex:
    users, lines, power = indicators[:3]
    facts = {
        "title": "Readiness",
        "about": "How ready countries are.",
        "language": "en",
        "compares": "country",
        "year": 2020,
        "oldest": 5,
        "pillars": (PillarOf("Use", 2.0), PillarOf("Networks", 1.0)),
        "parts": (
            PartOf(users.pk, 0, 1.0, True),
            PartOf(lines.pk, 1, 1.0, True),
            PartOf(power.pk, 1, 1.0, True),
        ),
    }
    return NewIndex(**(facts | named))


@pytest.fixture
def index(indicators, forum, now) -> CompositeIndex:
    return composing.make_index(forum=forum, new=a_new_index(indicators), actor=SYSTEM, now=now)


def areas_of(index: CompositeIndex) -> dict[str, ScoredArea]:
    return {row.area: row for row in index.outcome.areas}


def typed(indicators, **named) -> dict[str, object]:
    users, lines = indicators[:2]
    facts = {
        "title": "Readiness",
        "about": "How ready countries are.",
        "language": "en",
        "compares": "country",
        "year": "2020",
        "oldest": "5",
        "normalise": "minmax",
        "aggregate": "arithmetic",
        "treats_outliers": "on",
        "seed": "7",
        "pillar-1": "Use",
        "pillar-3": "Networks",
        "pillar-3-weight": "2",
        f"part-{users.pk}": "1",
        f"part-{lines.pk}": "3",
        f"part-{lines.pk}-weight": "1.5",
        f"part-{lines.pk}-way": "less",
    }
    return facts | named


class TestComputing:
    def test_areas_are_ranked_and_each_rank_has_its_interval(self, index):
        areas = areas_of(index)
        assert [code for code in areas if areas[code].rank][:2] == ["NOR", "JPN"]
        for row in areas.values():
            if row.rank is not None:
                assert 1 <= row.low <= row.median <= row.high <= 6
        assert areas["NOR"].score == 100

    def test_what_is_missing_is_named_and_too_little_has_no_rank(self, index):
        areas = areas_of(index)
        assert areas["BRA"].missing == ("EG.ELC.ACCS.ZS",)
        assert (areas["ALB"].rank, areas["ALB"].reason) == (
            None,
            "Too few of the indicators have a value.",
        )
        assert areas["UGA"].known == 0

    def test_the_same_seed_and_numbers_give_the_same_result(self, index, now):
        before = (index.result, index.digest)
        again = composing.compute_index(index=index, actor=SYSTEM, now=now)
        assert (again.result, again.digest) == before

    def test_a_cited_result_stands_until_it_is_computed_anew(self, index, import_text, client, now):
        import_text(USERS.replace("KEN,KEN,2020,30", "KEN,KEN,2020,99"), label="later")
        index.refresh_from_db()
        assert areas_of(index)["KEN"].rank != 1
        page = client.get("/wsis20/evidence/indexes/1").content.decode()
        assert "does not change by itself" in page
        again = composing.compute_index(index=index, actor=SYSTEM, now=now)
        assert (again.digest != index.digest, areas_of(again)["KEN"].score > 50) == (True, True)
        assert "does not change by itself" not in client.get("/wsis20/evidence/indexes/1").content.decode()

    def test_numbers_that_are_too_old_do_not_count(self, indicators, import_text, forum, now):
        import_text(BASKET, "SE.ADT.LITR.ZS.csv")
        basket = Indicator.objects.get(code="SE.ADT.LITR.ZS")
        new = a_new_index(indicators)
        parts = (*new.parts, PartOf(basket.pk, 0, 1.0, False))
        made = composing.make_index(
            forum=forum, new=a_new_index(indicators, parts=parts), actor=SYSTEM, now=now
        )
        assert made.outcome.left_out == {"SE.ADT.LITR.ZS": "There is no value."}

    def test_groups_can_be_compared_too(self, indicators, import_text, forum, now):
        groups = series({"LIC": 20, "HIC": 94, "UMC": 70, "WLD": 66})
        import_text(groups, label="groups")
        import_text(groups.replace(",94", ",99"), "IT.NET.BBND.P2.csv", label="groups")
        new = a_new_index(indicators, compares="income", parts=a_new_index(indicators).parts[:2])
        made = composing.make_index(forum=forum, new=new, actor=SYSTEM, now=now)
        ranked = [code for code, row in areas_of(made).items() if row.rank]
        assert ranked == ["HIC", "UMC", "LIC"]

    def test_every_choice_is_in_the_log(self, index, forum, now, indicators):
        composing.change_index(index=index, new=a_new_index(indicators, title="Other"), actor=SYSTEM, now=now)
        composing.remove_index(index=CompositeIndex.objects.get(), actor=SYSTEM, now=now)
        assert check_log(forum.pk).is_whole
        assert not CompositeIndex.objects.exists()


class TestRefusals:
    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"parts": ()}, "indicators-number"),
            ({"pillars": (PillarOf("Use", 1.0),)}, "pillar-nameless"),
            (
                {"pillars": (PillarOf("Use", 1.0), PillarOf("Networks", 1.0), PillarOf("None", 1.0))},
                "pillar-empty",
            ),
            ({"pillars": (PillarOf("Use", 0.0), PillarOf("Networks", 1.0))}, "weight"),
            ({"title": " \u200b"}, "title-missing"),
        ],
    )
    def test_an_index_that_cannot_be_is_refused_and_nothing_is_written(
        self, indicators, forum, now, changed, code
    ):
        with pytest.raises(Refused) as refused:
            composing.make_index(forum=forum, new=a_new_index(indicators, **changed), actor=SYSTEM, now=now)
        assert refused.value.code == code
        assert not CompositeIndex.objects.exists()

    def test_an_indicator_of_nowhere_or_twice_is_refused(self, indicators, forum, now):
        for parts in (
            (PartOf(0, 0, 1.0, True), PartOf(indicators[0].pk, 1, 1.0, True)),
            (PartOf(indicators[0].pk, 0, 1.0, True), PartOf(indicators[0].pk, 1, 1.0, True)),
        ):
            with pytest.raises(Refused) as refused:
                composing.make_index(
                    forum=forum, new=a_new_index(indicators, parts=parts), actor=SYSTEM, now=now
                )
            assert refused.value.code == "indicator-unknown"

    def test_only_the_secretariat_makes_one(self, indicators, forum, make_person, now):
        with pytest.raises(NotAllowed):
            composing.make_index(
                forum=forum,
                new=a_new_index(indicators),
                actor=Actor(make_person().pk, "participant", forum.pk),
                now=now,
            )

    def test_the_database_keeps_numbers_apart(self, index):
        twin = index
        twin.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()


class TestPages:
    @pytest.mark.usefixtures("index")
    def test_everybody_reads_and_the_secretariat_makes(self, each_role, indicators):
        for role, browser in each_role():
            for address in ("", "/1", "/1.csv", "/1.json"):
                assert browser.get(f"/wsis20/evidence/indexes{address}").status_code == 200
            is_secretariat = role is Role.SECRETARIAT
            assert (browser.get("/wsis20/evidence/indexes/new").status_code == 200) is is_secretariat
            browser.post("/wsis20/evidence/indexes/new", typed(indicators))
            assert CompositeIndex.objects.filter(number=2).exists() is is_secretariat
            browser.post("/wsis20/evidence/indexes/1/change", typed(indicators, title="Changed"))
            assert CompositeIndex.objects.filter(title="Changed").exists() is is_secretariat
            computed = CompositeIndex.objects.get(number=1).computed_at
            browser.post("/wsis20/evidence/indexes/1/compute")
            assert (CompositeIndex.objects.get(number=1).computed_at != computed) is is_secretariat
            browser.post("/wsis20/evidence/indexes/1/remove")
            assert CompositeIndex.objects.filter(number=1).exists() is not is_secretariat

    def test_what_was_typed_is_what_is_computed(self, client_as, indicators):
        client_as(Role.SECRETARIAT).post("/wsis20/evidence/indexes/new", typed(indicators))
        made = CompositeIndex.objects.get()
        pillars = [(one.title, one.weight) for one in made.pillars.all()]
        assert pillars == [("Use", 1.0), ("Networks", 2.0)]
        parts = [(p.weight, p.more_is_better) for one in made.pillars.all() for p in one.parts.all()]
        assert parts == [(1.0, True), (1.5, False)]
        assert (made.seed, made.fills_gaps, made.treats_outliers) == (7, False, True)
        form = client_as(Role.SECRETARIAT).get("/wsis20/evidence/indexes/1/change").content.decode()
        assert ('value="Networks"' in form, 'value="1.5"' in form) == (True, True)

    def test_a_refusal_keeps_what_was_typed(self, client_as, indicators):
        answer = client_as(Role.SECRETARIAT).post(
            "/wsis20/evidence/indexes/new", typed(indicators, **{"pillar-3": "", "title": "Kept & here"})
        )
        assert answer.status_code == 422
        page = answer.content.decode()
        assert ("pillar without a name" in page, "Kept &amp; here" in page) == (True, True)
        nonsense = client_as(Role.SECRETARIAT).post(
            "/wsis20/evidence/indexes/new", typed(indicators, year="soon", seed="-1")
        )
        assert nonsense.status_code == 422

    def test_the_ranking_says_what_it_rests_on(self, client, index):
        page = " ".join(
            re.sub(r"<[^>]*>", " ", client.get("/wsis20/evidence/indexes/1").content.decode()).split()
        )
        for words in ("Readiness", "1–", "Access to electricity", "1 area without a rank", "seed 1"):
            assert words in page, words
        assert index.digest[:12] in page
        assert client.get("/wsis20/evidence/indexes/2").status_code == 404

    def test_it_can_be_taken_along_and_computed_again(self, client, index):
        rows = list(
            csv.DictReader(
                io.StringIO(client.get("/wsis20/evidence/indexes/1.csv").content.decode("utf-8-sig"))
            )
        )
        assert (rows[0]["area"], rows[0]["rank"], rows[-1]["area"]) == ("NOR", "1", "ALB")
        told = json.loads(client.get("/wsis20/evidence/indexes/1.json").content)
        assert told["digest"] == index.digest
        assert [one["parent"] for one in told["parts"]][:2] == ["", "index"]

    def test_more_areas_need_no_more_queries(self, client, index, import_text, now):
        def asked() -> int:
            client.get("/wsis20/evidence/indexes/1")
            with CaptureQueriesContext(connection) as captured:
                assert client.get("/wsis20/evidence/indexes/1").status_code == 200
            return len(captured)

        few = asked()
        import_text(USERS + "SWE,SWE,2020,96\nFRA,FRA,2020,85\n", label="later")
        import_text(LINES + "SWE,SWE,2020,40\nFRA,FRA,2020,45\n", "IT.NET.BBND.P2.csv", label="later")
        composing.compute_index(index=index, actor=SYSTEM, now=now)
        assert asked() == few


def test_every_choice_has_words(index):
    assert set(index.outcome.shifts) <= set(OPTION_NAMES)
    assert (set(NORMALISE_NAMES), set(AGGREGATE_NAMES)) == (set(Normalise), set(AggregateBy))
