import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.evidence.areas.actions import load_areas
from muntada.evidence.areas.models import Area, Membership
from muntada.evidence.imports import tasks as imports_tasks
from muntada.evidence.imports.actions import imports, runs
from muntada.evidence.imports.actions.areas import areas_by_code
from muntada.evidence.imports.actions.editions import coming_in, edition_of, editions_in_the_way
from muntada.evidence.imports.actions.imports import NewImport
from muntada.evidence.indicators.models import Import, ImportPart, Indicator, Observation, Vintage
from muntada.evidence.indicators.queries.indicators import current_vintage
from muntada.evidence.indicators.rules.imports import COLUMNS, ImportState
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.fetching import Fetched
from muntada.foundations.jobs.actions import begin, cancel, drop_uploads
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.rules import JobState
from muntada.foundations.jobs.running import Run, carry_out, fail_left_jobs
from muntada.people.rules import Role
from muntada.record.models import LogEntry
from muntada.record.rules import Actor

pytestmark = pytest.mark.django_db

OLDER = "code,name,year,value\nWLD,World,2023,67.4\nKEN,Kenya,2023,35\nKEN,Kenya,2022,30\n"
NEWER = "code,name,year,value\nWLD,World,2023,69.2\nKEN,Kenya,2023,35\nWLD,World,2024,71\nKEN,Kenya,24,1\n"
SERIES = "IT.NET.USER.ZS"


@pytest.fixture
def actor(make_person, forum) -> Actor:
    return Actor(make_person(Role.SECRETARIAT).pk, Role.SECRETARIAT, forum.pk)


def work_off(one: Import, action: Callable[..., None], **named: object) -> Import:
    """Carry out what was ordered for an import, and return it as it stands then."""
    one = Import.objects.get(pk=one.pk)

    def work(run: Run, *, import_id: int) -> None:
        action(run=run, one=Import.objects.get(pk=import_id), **named)

    carry_out(job_id=one.job_id, work=work, clock=lambda: one.job.ordered_at)
    return Import.objects.get(pk=one.pk)


@pytest.fixture
def look(forum, actor, now):
    """`look(text)`: an import that was begun and looked at."""

    def run(text: str | bytes = OLDER, *, fetcher=None, **named) -> Import:
        content = text if isinstance(text, bytes) else text.encode()
        new = NewImport(**({"name": "figures.csv", "content": content, "series": SERIES} | named))
        begun = imports.begin_import(forum=forum, new=new, actor=actor, now=now)
        return work_off(begun, runs.carry_out_look, fetcher=fetcher)

    return run


@pytest.fixture
def take(look, actor, now):
    """`take(text)`: an import that was taken in."""

    def run(text: str | bytes = OLDER, *, leaves_out=False, **named) -> Import:
        one = look(text, **named)
        imports.order_taking(one=one, leaves_out=leaves_out, actor=actor, now=now)
        return work_off(one, runs.carry_out_taking)

    return run


def numbers(vintage: Vintage) -> dict[tuple[str, int, str], float]:
    rows = vintage.observations.values_list("area__code", "year", "breakdown", "value")
    return {(area, year, part): value for area, year, part, value in rows}


def test_looking_changes_nothing_and_says_what_would_change(look, take):
    take(edition="2023")
    before = Observation.objects.count()
    one = look(NEWER, edition="2025")
    assert (one.state, Observation.objects.count()) == (ImportState.LOOKED_AT, before)
    seen = one.preview
    assert [seen[word] for word in ("numbers", "new", "changed", "same", "refused", "gaps")] == [
        3,
        1,
        1,
        1,
        1,
        0,
    ]
    ((changed,), (fault,)) = seen["examples"]["changed"], seen["faults"]
    assert (changed["area"], changed["before"], changed["edition"], changed["value"]) == (
        "WLD",
        67.4,
        "2023",
        69.2,
    )
    assert fault["line"] == 5


def test_refused_rows_are_left_out_only_when_somebody_says_so(look, actor, now):
    one = look(NEWER)
    with pytest.raises(Refused) as refusal:
        imports.order_taking(one=one, leaves_out=False, actor=actor, now=now)
    assert refusal.value.code == "rows-refused"
    imports.order_taking(one=one, leaves_out=True, actor=actor, now=now)
    work_off(one, runs.carry_out_taking)
    assert Import.objects.get().state == ImportState.DONE
    assert Observation.objects.count() == 3


def test_a_newer_edition_stands_beside_the_older_one(take):
    take(edition="2023")
    take(NEWER, edition="2025", leaves_out=True)
    older, newer = Vintage.objects.order_by("edition_year")
    assert numbers(older)["WLD", 2023, "total"] == 67.4
    assert numbers(newer)["WLD", 2023, "total"] == 69.2
    assert (newer.label, newer.edition_year, newer.file_name) == ("2025", 2025, "figures.csv")
    assert current_vintage(Indicator.objects.get()) == newer
    assert LogEntry.objects.filter(verb="take_in_import").count() == 2
    assert not ImportPart.objects.exists()


def test_a_withdrawn_import_keeps_its_numbers_and_the_older_edition_shows_again(take, actor, now):
    take(edition="2023")
    wrong = take(NEWER, edition="2025", leaves_out=True)
    with pytest.raises(Refused):
        imports.withdraw_import(one=wrong, reason=" ", actor=actor, now=now)
    imports.withdraw_import(one=wrong, reason="Another table was meant", actor=actor, now=now)
    wrong.refresh_from_db()
    assert wrong.state == ImportState.WITHDRAWN
    assert Observation.objects.count() == 6
    assert current_vintage(Indicator.objects.get()).label == "2023"
    assert LogEntry.objects.filter(verb="withdraw_import").count() == 1
    # What was withdrawn by mistake can come in again: as an import of its own, under the same edition.
    assert take(NEWER, edition="2025", leaves_out=True).state == ImportState.DONE


def in_the_way(one: Import) -> list[bool]:
    return [each.is_same_file for each in editions_in_the_way(one, coming_in(one), edition_of(one))]


def test_the_same_file_or_edition_twice_is_told_at_the_look_and_refused(take, look, actor, now):
    take(edition="2023")
    again, other = look(edition="2024"), look(NEWER, edition="2023")
    assert (in_the_way(again), in_the_way(other)) == ([True], [False])
    for one, code in ((again, "file-known"), (other, "edition-known")):
        with pytest.raises(Refused) as refusal:
            imports.order_taking(one=one, leaves_out=True, actor=actor, now=now)
        assert refusal.value.code == code
    imports.order_taking(one=other, leaves_out=True, actor=actor, now=now, edition="2023, revised")
    assert work_off(other, runs.carry_out_taking).state == ImportState.DONE
    assert Vintage.objects.count() == 2


def test_an_edition_that_came_since_the_look_is_refused_and_nothing_is_written(take, look, actor, now):
    first = take(edition="2023")
    imports.withdraw_import(one=first, reason="Another table was meant", actor=actor, now=now)
    one = look(edition="2023")
    imports.order_taking(one=one, leaves_out=False, actor=actor, now=now)
    Vintage.objects.update(withdrawn_at=None)
    one = work_off(one, runs.carry_out_taking)
    assert (one.state, "exactly this file" in one.job.sentence) == (ImportState.REFUSED, True)
    assert Vintage.objects.count() == 1


def test_editions_of_another_part_of_the_people_are_not_in_the_way(take, look):
    take("code,year,value,sex\nKEN,2023,35,female\n", edition="2023")
    assert in_the_way(look("code,year,value,sex\nKEN,2023,36,male\n", edition="2023")) == [False]
    assert in_the_way(look("code,year,value,residence\nKEN,2023,36,urban\n", edition="2023")) == []
    assert in_the_way(look("code,year,value\nKEN,2023,35\n", edition="2023")) == []


def test_the_empty_table_is_understood_when_it_is_filled_in(look):
    row = "X.1,Shops online,KEN,Kenya,2024,12,%,female,15-24,urban,measured,\n"
    one = look(",".join(COLUMNS) + "\n" + row, series="")
    assert one.state == ImportState.LOOKED_AT
    assert (one.preview["numbers"], one.preview["left_out"]) == (1, [])


def test_codes_of_sources_are_mapped_or_named_and_never_dropped(take, look):
    text = (
        "code,name,year,value\nNA,Namibia,2023,62\nAAA,Guernsey,2023,1\nOWID_WRL,World,2023,67\n4,Afghanistan,2023,2\n"
        "OWID_XYZ,Somewhere,2023,3\n1W,World,2023,4\n"
    )
    one = look(text)
    assert dict((code, here) for code, here, _ in one.preview["mapped"]) == {  # noqa: C402
        "NA": "NAM",
        "AAA": "GGY",
        "OWID_WRL": "WLD",
        "4": "AFG",
    }
    assert one.preview["unknown"] == [["OWID_XYZ", "Somewhere"]]
    (fault,) = one.preview["faults"]
    assert (fault["line"], fault["params"]["first"], fault["params"]["code"]) == (7, "OWID_WRL", "1W")
    take(text, leaves_out=True)
    assert set(numbers(Vintage.objects.get())) == {
        (code, 2023, "total") for code in ("NAM", "GGY", "WLD", "AFG", "OWID_XYZ")
    }


def test_parts_of_the_people_stay_apart(take):
    text = (
        "GeoAreaCode,GeoAreaName,SeriesCode,TimePeriod,Value,[Sex],[Type of skill],[Nature],[Units],Source\n"
        "404,Kenya,SE_ADT_ACTS,2018,17.8,FEMALE,EMAIL,E,PERCENT,National survey\n"
        "404,Kenya,SE_ADT_ACTS,2018,20,BOTHSEX,EMAIL,C,PERCENT,\n"
    )
    take(text, series="")
    women, all_ = Observation.objects.order_by("value")
    assert (women.breakdown, women.nature, women.note) == (
        "female+skill-email",
        "estimated",
        "National survey",
    )
    assert (all_.breakdown, all_.nature) == ("skill-email", "measured")
    vintage = Vintage.objects.get()
    assert (vintage.dimension, vintage.unit) == ("sex+skill", "PERCENT")
    assert vintage.source.licence.startswith("UNSD")
    assert Indicator.objects.get().code == "SE_ADT_ACTS"


def test_a_table_nobody_knows_waits_for_its_columns(look, actor, now):
    one = look("Staat;Jahr;Anteil\nKEN;2020;22.7\n", series="")
    assert (one.state, one.header) == (ImportState.COLUMNS, ["Staat", "Jahr", "Anteil"])
    assert one.preview["sample"] == [{"Staat": "KEN", "Jahr": "2020", "Anteil": "22.7"}]
    says = {"Staat": "area", "Jahr": "year", "Anteil": "value"}
    for wrong in ({"Staat": "nothing"}, {"Anteil": "nothing"}, {"Anteil": "area"}):
        with pytest.raises(Refused):
            imports.say_columns(one=one, says=says | wrong, series="share", actor=actor, now=now)
    imports.say_columns(one=one, says=says, series="share", actor=actor, now=now)
    one = work_off(one, runs.carry_out_look)
    assert (one.state, one.preview["new"]) == (ImportState.LOOKED_AT, 1)


class _Pages:
    """An interface of two pages, as far as an import can tell."""

    most_bytes = 10_000

    def __init__(self, *answers: object) -> None:
        self.answers, self.asked = list(answers), []

    def fetch(self, address: str) -> Fetched:
        self.asked.append(address)
        return Fetched(address, json.dumps(self.answers.pop(0)).encode(), "application/json")


def a_page(page: int, year: str, value: float | None) -> list[object]:
    row = {
        "indicator": {"id": SERIES, "value": "Users"},
        "country": {"id": "1W", "value": "World"},
        "countryiso3code": "",
        "date": year,
        "value": value,
    }
    return [{"page": page, "pages": 2, "total": 2, "lastupdated": "2025-07-01"}, [row]]


def test_an_address_is_fetched_page_by_page(look):
    pages = _Pages(a_page(1, "2023", 67.4), a_page(2, "2024", None))
    one = look(
        b"", fetcher=pages, series="", address=f"https://api.worldbank.org/v2/country/all/indicator/{SERIES}"
    )
    assert [address.rpartition("?")[2] for address in pages.asked] == [
        "format=json&per_page=20000&footnote=y",
        "format=json&per_page=20000&footnote=y&page=2",
    ]
    assert (one.state, one.edition, one.preview["new"], one.preview["gaps"]) == (
        ImportState.LOOKED_AT,
        "2025-07-01",
        1,
        1,
    )


def test_an_error_of_the_source_is_what_the_page_says(look):
    error = [{"message": [{"id": "120", "key": "Invalid value", "value": "not valid"}]}]
    one = look(b"", fetcher=_Pages(error), address="https://api.worldbank.org/v2/x")
    assert (one.state, "Invalid value: not valid" in one.job.sentence) == (ImportState.REFUSED, True)


def test_one_is_taken_in_at_a_time_and_one_that_was_given_up_makes_room(look, actor, now):
    first, second = look(OLDER), look(NEWER)
    imports.order_taking(one=first, leaves_out=False, actor=actor, now=now)
    with pytest.raises(Refused) as refusal:
        imports.order_taking(one=second, leaves_out=True, actor=actor, now=now)
    assert refusal.value.code == "job-under-way"
    # The queue has given up its task: no row stands for it any more.
    ProcrastinateJob.objects.filter().update(status="failed")
    fail_left_jobs(now=now)
    imports.order_taking(one=second, leaves_out=True, actor=actor, now=now)
    assert Import.objects.get(pk=first.pk).state == ImportState.FAILED
    assert Import.objects.get(pk=second.pk).state == ImportState.TAKING


def test_what_was_looked_at_anew_is_not_taken_in_by_a_job_from_before(look, actor, now):
    one = look(OLDER)
    imports.order_taking(one=one, leaves_out=False, actor=actor, now=now)
    before = Import.objects.get().job
    cancel(job=before, actor=actor, now=now)
    imports.look_again(one=one, actor=actor, now=now)
    assert work_off(one, runs.carry_out_look).state == ImportState.LOOKED_AT
    Job.objects.filter(pk=before.pk).update(state=JobState.QUEUED, ended_at=None)
    carry_out(job_id=before.pk, work=imports_tasks.take_in_import, clock=lambda: now)
    before.refresh_from_db()
    assert before.state == JobState.REFUSED
    assert not Observation.objects.exists()


def test_confirmed_on_the_page_of_its_job_it_is_held_to_the_same_rules(look, actor, now):
    refused_rows, empty = look(NEWER), look("code,year,value\nKEN,2023,\n")
    for one, words in ((refused_rows, "Some rows are refused."), (empty, "There is no value")):
        begin(job=one.job, actor=actor, now=now)
        done = work_off(one, runs.carry_out_taking)
        assert (done.state, words in done.job.sentence) == (ImportState.REFUSED, True)
    assert not Vintage.objects.exists()


def test_an_import_that_is_looked_at_anew_leaves_no_second_job_to_be_begun(look, actor, now):
    one = look(NEWER)
    before = one.job
    imports.say_columns(one=one, says=one.says, series=SERIES, actor=actor, now=now)
    before.refresh_from_db()
    assert before.state == JobState.CANCELLED
    assert work_off(one, runs.carry_out_look).state == ImportState.LOOKED_AT


def test_what_nobody_took_in_is_thrown_away_after_a_day_but_for_what_is_under_way(look, take, actor, now):
    take()
    look(NEWER)
    look("a;b\n1;2\n", series="")
    under_way = look(NEWER, edition="2025")
    imports.order_taking(one=under_way, leaves_out=True, actor=actor, now=now)
    assert [one.state for one in Import.objects.order_by("pk")] == [
        ImportState.DONE,
        ImportState.LOOKED_AT,
        ImportState.COLUMNS,
        ImportState.TAKING,
    ]
    assert drop_uploads(now=now + timedelta(hours=23)) == 0
    assert drop_uploads(now=now + timedelta(days=1)) == 2
    assert [one.state for one in Import.objects.order_by("pk")] == [ImportState.DONE, ImportState.TAKING]


def test_only_the_secretariat_begins_an_import(forum, now):
    participant = Actor(1, "participant", forum.pk)
    with pytest.raises(NotAllowed):
        imports.begin_import(forum=forum, new=NewImport(name="x", content=b"x"), actor=participant, now=now)


@pytest.mark.usefixtures("no_areas")
def test_countries_belong_to_groups_for_as_long_as_they_did():
    load_areas()
    load_areas()
    bhutan = Membership.objects.get(area__code="BTN", group__code="LDC")
    assert (bhutan.since_year, bhutan.until_year) == (None, 2023)
    kenya = Membership.objects.filter(area__code="KEN").values_list("group__code", flat=True)
    assert {"M49-002", "M49-202", "SSF", "LMC", "ITU-AFR"} <= set(kenya)
    assert set(Membership.objects.filter(area__code="EGY").values_list("group__code", flat=True)) >= {
        "ITU-ARB"
    }
    assert Area.objects.get(code="M49-002").name_here == "Africa"
    assert Membership.objects.filter(group__code="ITU-CIS").count() == 9


@pytest.mark.usefixtures("no_areas")
def test_areas_that_stood_before_get_their_numbers():
    Area.objects.create(code="KEN", kind="country", alpha2="KE")
    assert areas_by_code({"404": "Kenya"})["404"].code == "KEN"
