"""What is computed of an indicator is kept with the digest of its numbers, and made anew when they change."""

import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from muntada.evidence.areas.models import Membership
from muntada.evidence.assessments import actions as assessing
from muntada.evidence.assessments.actions import NewTarget
from muntada.evidence.assessments.adapter.results import OF_THE_NUMBERS, VERSIONS, result_of, result_parts
from muntada.evidence.assessments.adapter.store import store_missing
from muntada.evidence.assessments.models import StoredResult
from muntada.evidence.assessments.queries import inputs_of
from muntada.evidence.assessments.rules import ResultKind
from muntada.evidence.imports.actions.areas import enter_areas
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.indicators.rules.targets import BetterWhen
from muntada.record.rules import SYSTEM

pytestmark = pytest.mark.django_db

USERS = "code,name,year,value\n" + "".join(
    f"{code},{code},{year},{start + step * (year - 2000)}\n"
    for code, start, step in (("WLD", 5, 2.0), ("KEN", 1, 1.5), ("NAM", 2, 2.5), ("NOR", 40, 2.2))
    for year in range(2000, 2020)
)
PEOPLE = "code,name,year,value\n" + "".join(
    f"{code},{code},{year},{people}\n"
    for code, people in (("KEN", 300), ("NAM", 30), ("NOR", 50))
    for year in range(2000, 2020)
)


def kept(indicator: Indicator) -> dict[str, StoredResult]:
    return {one.kind: one for one in indicator.results.all()}


def users() -> Indicator:
    return Indicator.objects.get(code="IT.NET.USER.ZS")


def a_target() -> NewTarget:
    return NewTarget(
        value=95.0, year=2030, base_year=2015, direction=BetterWhen.UP, agreed_in="Here", limit=100.0
    )


def test_an_import_keeps_what_is_computed_of_it(import_text):
    import_text(USERS)
    results = kept(users())
    assert set(results) == set(OF_THE_NUMBERS)
    assert {one.digest for one in results.values()} == {results["trends"].digest}
    assert set(results["trends"].result["areas"]) == {"WLD", "KEN", "NAM", "NOR"}


def test_what_is_kept_is_what_is_computed(import_text):
    import_text(USERS)
    inputs = inputs_of(users())
    for kind in OF_THE_NUMBERS:
        stored = result_of(inputs, kind)
        StoredResult.objects.filter(kind=kind).delete()
        made = result_of(inputs, kind)
        assert (as_kept(made.found), made.digest) == (stored.found, stored.digest)


def as_kept(found: object) -> object:
    """Return what a result is after it was written down: pairs become lists."""
    return json.loads(json.dumps(found))


def test_a_target_leaves_what_is_computed_of_the_numbers_alone(import_text, now):
    import_text(USERS)
    before = kept(users())
    assessing.set_target(indicator=users(), new=a_target(), actor=SYSTEM, now=now)
    after = kept(users())
    forecast = after.pop(ResultKind.FORECAST)
    assert {kind: one.pk for kind, one in after.items()} == {kind: one.pk for kind, one in before.items()}
    again = assessing.set_target(indicator=users(), new=a_target(), actor=SYSTEM, now=now)
    assert kept(users())[ResultKind.FORECAST].pk != forecast.pk
    assert again.results.count() == 1


def test_other_numbers_have_another_digest_and_other_results(import_text):
    import_text(USERS)
    before = kept(users())["trends"]
    import_text(USERS.replace("KEN,KEN,2019,29.5", "KEN,KEN,2019,90"), label="later")
    after = kept(users())["trends"]
    assert (before.digest != after.digest, before.vintage != after.vintage) == (True, True)
    assert after.result["areas"]["KEN"]["points"][-1] == [2019, 90.0]


def test_the_same_numbers_have_the_same_digest_in_any_order(import_text):
    import_text(USERS)
    first = kept(users())["known"].digest
    head, *rows = USERS.splitlines()
    import_text("\n".join([head, *reversed(rows)]) + "\n", label="turned")
    assert kept(users())["known"].digest == first


def test_other_people_weigh_the_divides_anew(import_text):
    import_text(USERS)
    before = kept(users())["divides"]
    import_text(PEOPLE, "SP.POP.TOTL.csv")
    after = kept(users())["divides"]
    assert (before.weights, after.weights.indicator.code) == (None, "SP.POP.TOTL")
    assert after.result["years"][-1]["mean"] != before.result["years"][-1]["mean"]


def test_a_result_of_an_older_form_is_not_read(import_text):
    import_text(USERS)
    StoredResult.objects.update(version=0, result={"wrong": True})
    found = result_of(inputs_of(users()), ResultKind.TRENDS)
    assert "areas" in found.found


def test_what_is_kept_costs_one_query(import_text):
    import_text(USERS)
    inputs = inputs_of(users())
    with CaptureQueriesContext(connection) as captured:
        result_of(inputs, ResultKind.DIVIDES)
    assert len(captured) == 1


def test_a_target_brings_a_forecast_that_goes_with_it(import_text, now):
    import_text(USERS)
    target = assessing.set_target(indicator=users(), new=a_target(), actor=SYSTEM, now=now)
    forecast = kept(users())["forecast"]
    assert forecast.target == target
    ahead = forecast.result["areas"]["KEN"]["ahead"]
    assert [year for year, *_ in ahead] == list(range(2020, 2031))
    assert all(middle <= 100 for _, middle, _, _ in ahead)
    assessing.remove_target(target=target, actor=SYSTEM, now=now)
    assert "forecast" not in kept(users())


def test_the_database_keeps_one_result_of_a_kind(import_text):
    import_text(USERS)
    twin = kept(users())["known"]
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredResult.objects.filter(kind="known").update(kind="forecast")


def test_every_kind_has_its_form():
    assert set(VERSIONS) == set(ResultKind)


def test_a_page_that_finds_nothing_kept_keeps_what_it_computes(import_text):
    import_text(USERS)
    before = kept(users())["trends"]
    StoredResult.objects.update(version=0)
    made = result_of(inputs_of(users()), ResultKind.TRENDS)
    after = kept(users())["trends"]
    assert (after.version, after.digest, after.result) == (
        VERSIONS[ResultKind.TRENDS],
        made.digest,
        made.found,
    )
    assert after.result == before.result
    with CaptureQueriesContext(connection) as captured:
        result_of(inputs_of(users()), ResultKind.TRENDS)
    assert not any(one["sql"].startswith(("INSERT", "DELETE")) for one in captured)


def test_whoever_comes_second_takes_what_the_first_has_kept(import_text):
    import_text(USERS)

    def make() -> tuple[dict[str, object], str]:
        raise AssertionError("computed a second time")

    version, inputs = VERSIONS[ResultKind.TRENDS], inputs_of(users())
    found = store_missing(inputs=inputs, kind=ResultKind.TRENDS, version=version, target=None, make=make)
    assert found == kept(users())["trends"]


def test_a_part_is_read_in_one_query_and_alone(import_text, now):
    import_text(USERS)
    target = assessing.set_target(indicator=users(), new=a_target(), actor=SYSTEM, now=now)
    inputs, paths = inputs_of(users()), (("areas", "KEN"), ("areas", "nowhere"))
    with CaptureQueriesContext(connection) as captured:
        kenya, nowhere = result_parts(inputs, ResultKind.FORECAST, paths, target)
    assert (len(captured), nowhere) == (1, None)
    assert kenya == kept(users())["forecast"].result["areas"]["KEN"]
    StoredResult.objects.all().delete()
    assert result_parts(inputs, ResultKind.FORECAST, paths, target) == (kenya, None)


def test_memberships_entered_later_make_everything_anew(import_text):
    import_text(USERS)
    assert StoredResult.objects.exists()
    Membership.objects.all().delete()
    enter_areas()
    assert not StoredResult.objects.exists()
    result_of(inputs_of(users()), ResultKind.KNOWN)
    enter_areas()
    assert StoredResult.objects.exists()
