"""Targets of an indicator, and the verdicts of all methods on every area, side by side."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from muntada.engines.progress.methods import METHODS
from muntada.evidence.assessments import actions as assessing
from muntada.evidence.assessments.actions import NewTarget
from muntada.evidence.assessments.models import Assessment
from muntada.evidence.assessments.queries import AreaVerdicts, agreement_of, verdicts_of
from muntada.evidence.assessments.rules import METHOD_IDS, PACE, VERDICT_NAMES, Tone, tone_of
from muntada.evidence.indicators.models import Indicator, IndicatorTarget
from muntada.evidence.indicators.rules.targets import BetterWhen
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM, Actor

pytestmark = pytest.mark.django_db

YEARS = {
    "KEN": {2015: 17.0, 2018: 19.0, 2020: 22.7, 2023: 35.0},
    "NAM": {2015: 26.0, 2018: 40.0, 2020: 51.0, 2023: 62.0},
    "NOR": {2015: 96.8, 2018: 96.5, 2020: 97.0, 2023: 99.0},
    "WLD": {2015: 39.9, 2020: 59.3, 2023: 67.4},
}
SERIES = "code,name,year,value\n" + "".join(
    f"{code},{code},{year},{value}\n" for code, values in YEARS.items() for year, value in values.items()
)
YEARS_BY_NAME = ("Kenya", "Namibia", "Norway")
TYPED = {
    "value": "95",
    "year": "2030",
    "base_year": "2015",
    "direction": "up",
    "limit": "100",
    "agreed_in": "A forum's own target",
}


def a_target(**named) -> NewTarget:
    facts = {
        "value": 95.0,
        "year": 2030,
        "base_year": 2015,
        "direction": BetterWhen.UP,
        "agreed_in": "Here",
        "limit": 100.0,
    }
    return NewTarget(**(facts | named))


@pytest.fixture
def indicator(import_text) -> Indicator:
    import_text(SERIES)
    return Indicator.objects.get()


@pytest.fixture
def target(indicator, now) -> IndicatorTarget:
    return assessing.set_target(indicator=indicator, new=a_target(), actor=SYSTEM, now=now)


def countries_of(target: IndicatorTarget) -> list[AreaVerdicts]:
    return [line for line in verdicts_of(target) if line.is_country]


def test_the_methods_of_the_page_are_those_of_the_engine():
    assert set(METHOD_IDS) == set(METHODS)
    assert set(PACE) == {name for name, method in METHODS.items() if method.good}


def test_every_verdict_of_every_method_has_a_name_and_a_mark():
    for method in METHODS.values():
        assert set(method.names) <= set(VERDICT_NAMES)
        assert tone_of(method.none) is Tone.NONE
        assert {tone_of(name) for name in method.good} <= {Tone.GOOD}


class TestAssessing:
    def test_every_area_is_judged_by_every_method(self, target):
        assert Assessment.objects.count() == len(YEARS) * len(METHOD_IDS)
        countries = countries_of(target)
        assert [line.area.code for line in countries] == ["KEN", "NAM", "NOR"]
        norway = countries[-1]
        assert (norway.value, norway.year) == (99.0, 2023)
        assert (norway.on_track, norway.is_agreed) == (norway.judging, True)
        kenya = {one.method: one for one in countries[0].said}
        assert kenya["logit"].is_on_track is False
        kept = Assessment.objects.get(area__code="KEN", method="logit")
        assert kept.required_rate > kept.observed_rate

    def test_the_table_of_disagreement_counts_areas(self, target):
        agreement = agreement_of(countries_of(target))
        assert agreement.areas == 3
        assert agreement.by_all <= min(good for _, good, _ in agreement.by_method)
        assert agreement.by_any >= max(good for _, good, _ in agreement.by_method)

    def test_a_target_of_the_same_year_takes_the_place_of_the_one_before(self, target, indicator, now, forum):
        again = assessing.set_target(indicator=indicator, new=a_target(value=10.0), actor=SYSTEM, now=now)
        assert (again.pk, IndicatorTarget.objects.get().value) == (target.pk, 10.0)
        assert Assessment.objects.count() == len(YEARS) * len(METHOD_IDS)
        assert check_log(forum.pk).is_whole

    def test_the_same_numbers_give_the_same_digest(self, target, now):
        def digests() -> list[str]:
            return list(Assessment.objects.order_by("area__code", "method").values_list("digest", flat=True))

        before = digests()
        assessing.assess_target(target=target, now=now)
        assert digests() == before

    def test_new_numbers_are_judged_at_once(self, target, import_text):
        import_text(SERIES.replace("KEN,KEN,2023,35.0", "KEN,KEN,2023,80.0"), label="Later")
        kenya = countries_of(target)[0]
        assert kenya.value == 80.0

    def test_without_a_number_there_is_nothing_to_judge(self, indicator, now):
        Indicator.objects.filter(pk=indicator.pk).update(code="other")
        empty = Indicator.objects.get()
        empty.vintages.update(dimension="sex")
        made = assessing.set_target(indicator=empty, new=a_target(), actor=SYSTEM, now=now)
        assert made.assessments.count() == 0

    def test_a_target_that_cannot_be_is_refused(self, indicator, now):
        for changed, code in [
            ({"base_year": 2030}, "years-in-order"),
            ({"agreed_in": " \u200b"}, "agreed-missing"),
            ({"lower": 5.0}, "scale-half"),
            ({"lower": 5.0, "optimum": 5.0}, "scale-ends"),
            ({"lower": 5.0, "optimum": 9.0, "direction": BetterWhen.DOWN}, "scale-ends"),
        ]:
            with pytest.raises(Refused) as refused:
                assessing.set_target(indicator=indicator, new=a_target(**changed), actor=SYSTEM, now=now)
            assert refused.value.code == code
            assert not IndicatorTarget.objects.exists()

    def test_only_the_secretariat_sets_targets(self, indicator, make_person, now):
        participant = Actor(make_person().pk, "participant", indicator.forum_id)
        with pytest.raises(NotAllowed):
            assessing.set_target(indicator=indicator, new=a_target(), actor=participant, now=now)

    def test_the_database_keeps_a_target_after_its_base_year(self, target):
        with pytest.raises(IntegrityError), transaction.atomic():
            IndicatorTarget.objects.filter(pk=target.pk).update(year=2000)


class TestPages:
    @pytest.mark.usefixtures("target")
    def test_everybody_reads_and_the_secretariat_sets(self, each_role):
        for role, browser in each_role():
            for address in ("d/1/progress", "d/1/progress/2030"):
                assert browser.get(f"/wsis20/{address}").status_code == 200
            status = browser.post("/wsis20/d/1/progress/set", TYPED | {"year": "2035"}).status_code
            is_secretariat = role is Role.SECRETARIAT
            assert IndicatorTarget.objects.filter(year=2035).exists() is is_secretariat
            assert status in ({302} if is_secretariat else {302, 403})
            browser.post("/wsis20/d/1/progress/2030/remove")
            assert IndicatorTarget.objects.filter(year=2030).exists() is not is_secretariat

    @pytest.mark.usefixtures("target")
    def test_the_page_has_every_verdict_in_words_and_where_the_methods_agree(self, client):
        page = client.get("/wsis20/d/1/progress/2030").content.decode()
        for words in ("Kenya", "Namibia", "Norway", "All methods at once", "Statistics Canada", "67.4"):
            assert words in page
        agree = client.get("/wsis20/d/1/progress/2030?show=agree").content.decode()
        assert "Norway" in agree
        nonsense = client.get("/wsis20/d/1/progress/2030?show=nonsense").content.decode()
        assert all(name in nonsense for name in YEARS_BY_NAME)
        assert client.get("/wsis20/d/1/progress/2031").status_code == 404

    @pytest.mark.usefixtures("indicator")
    def test_a_refusal_keeps_what_was_typed(self, client_as):
        answer = client_as(Role.SECRETARIAT).post("/wsis20/d/1/progress/set", TYPED | {"base_year": "2040"})
        assert answer.status_code == 422
        assert "reached after its base year" in answer.content.decode()
        assert "A forum&#x27;s own target" in answer.content.decode()

    @pytest.mark.usefixtures("target")
    def test_more_areas_need_no_more_queries(self, client):
        def count() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get("/wsis20/d/1/progress/2030").status_code == 200
            return len(captured)

        count()
        all_areas = count()
        Assessment.objects.filter(area__code="KEN").delete()
        assert count() == all_areas
