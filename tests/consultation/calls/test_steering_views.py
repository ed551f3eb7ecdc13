"""The pages of the secretariat: a call from its first words on, its meetings, and what is taken in."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.consultation.contributions.test_imports import GOOD, a_csv
from tests.page_text import tight

from muntada.consultation.calls.actions import meetings, preparing
from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.consultation.calls.models import Call, CallExtension, CallMeeting, QuestionSet
from muntada.consultation.contributions import task_types as contributions_task_types
from muntada.consultation.contributions import tasks as contributions
from muntada.consultation.contributions.models import Contribution
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.rules import JobState
from muntada.foundations.jobs.running import carry_out
from muntada.people.rules import Role

from .test_meetings import plan as plan  # noqa: PLC0414  (a fixture)

HERE = "/wsis20/consultation"
WHO = {"language": "en", "shown_as": "name"}


@pytest.fixture(autouse=True)
def open_stage(forum):
    now = timezone.now()
    forum.windows.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=90))


@pytest.fixture
def staff(client_as):
    return client_as(Role.SECRETARIAT)


def a_form(**changes: object) -> dict[str, object]:
    now = timezone.now()
    words: dict[str, object] = {
        "title_en": "Autumn call",
        "introduction_ar": "أخبرونا.",
        "slug": "autumn",
        "opens_at": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}",
        "closes_at": f"{now + timedelta(days=20):%Y-%m-%dT%H:%M}",
        "takes_contributions": "on",
        "votes_open_to": "signed-in",
        "statements_open_to": "nobody",
        "results_visible": "always",
        "gives_out": "breakdown",
    }
    return words | changes


@pytest.fixture
def prepared(staff) -> Call:
    response = staff.post(f"{HERE}/new?template=elements-paper", a_form())
    assert response.status_code == 302, response.context["form"].errors
    return Call.objects.get()


def test_a_call_begins_with_the_questions_of_a_template(prepared):
    asked = QuestionSet.objects.get()
    assert [item["code"] for item in asked.items][:2] == ["achievements", "challenges"]
    assert set(asked.items[0]["labels"]) == set(prepared.forum.languages)
    assert prepared.introductions == {"ar": "أخبرونا."}


def test_times_are_those_of_the_forum(staff):
    staff.post(f"{HERE}/new", a_form(opens_at="2025-07-01T09:00", closes_at="2027-01-02T18:00"))
    call = Call.objects.get()
    assert call.opens_at.isoformat() == "2025-07-01T07:00:00+00:00"
    assert call.closes_at.isoformat() == "2027-01-02T17:00:00+00:00"
    page = staff.get(f"{HERE}/autumn/prepare/edit").content.decode()
    assert 'value="2025-07-01T09:00"' in page


@pytest.mark.parametrize("roles", [(), (Role.MODERATOR,)])
def test_a_prepared_call_is_nowhere_to_be_seen_for_others(prepared, client_as, roles):
    browser = client_as(*roles)
    assert "Autumn call" not in browser.get(HERE).content.decode()
    for page in ("", "/write", "/contributions", "/statements", "/meetings", "/map"):
        assert browser.get(f"{HERE}/autumn{page}").status_code == 404, page
    assert browser.get(f"{HERE}/autumn/prepare").status_code == 403


def test_the_secretariat_tries_changes_and_opens_it(prepared, staff, client):
    assert "Autumn call" in staff.get(HERE).content.decode()
    page = staff.get(f"{HERE}/autumn/prepare").content.decode()
    assert "Nothing stands in the way." in page
    assert "The title is missing in" in page
    staff.post(f"{HERE}/autumn/prepare/edit", a_form(title_en="Winter call"))
    response = staff.post(f"{HERE}/autumn/prepare/open")
    assert response.url == f"{HERE}/autumn"
    assert "Winter call" in client.get(f"{HERE}/autumn").content.decode()


def test_what_stands_in_the_way_is_said_and_the_call_stays_closed(staff, client):
    staff.post(f"{HERE}/new", a_form())
    assert "One thing stands in the way." in staff.get(f"{HERE}/autumn/prepare").content.decode()
    page = staff.post(f"{HERE}/autumn/prepare/open", follow=True).content.decode()
    assert "There is no question." in page
    assert client.get(f"{HERE}/autumn").status_code == 404


def test_a_form_with_a_fault_keeps_what_was_typed(staff):
    response = staff.post(f"{HERE}/new", a_form(closes_at="2020-01-01T00:00"))
    assert response.status_code == 422
    assert "A call has to close after it opens." in response.content.decode()
    assert "أخبرونا." in response.content.decode()
    assert not Call.objects.exists()


def a_set(*questions: dict[str, object]) -> dict[str, object]:
    words: dict[str, object] = {"form-TOTAL_FORMS": len(questions), "form-INITIAL_FORMS": 0, "step": "save"}
    for number, question in enumerate(questions):
        words |= {f"form-{number}-{name}": value for name, value in question.items()}
    return words


def test_questions_are_written_ordered_and_deleted_on_one_page(staff):
    staff.post(f"{HERE}/new", a_form())
    address = f"{HERE}/autumn/prepare/questions"
    staff.post(
        address,
        a_set(
            {"code": "", "label_en": "Second?", "ORDER": 2, "words": 50},
            {"code": "", "label_en": "First?", "label_ar": "أولاً؟", "required": "on", "ORDER": 1},
            {"code": "gone", "label_en": "Gone?", "DELETE": "on", "ORDER": 3},
            {"code": "", "label_en": ""},
        ),
    )
    items = QuestionSet.objects.get().items
    assert [(one["code"], one["labels"]["en"], one["required"], one["words"]) for one in items] == [
        ("q1", "First?", True, None),
        ("q2", "Second?", False, 50),
    ]
    assert "First?" in staff.get(address).content.decode()


def test_a_new_question_never_gets_the_code_of_an_earlier_one(make_call, staff):
    call = make_call("open", questions=[CallQuestion("q1", {"en": "A?"}), CallQuestion("q2", {"en": "B?"})])
    address = f"{HERE}/open/prepare/questions"
    management = {"form-INITIAL_FORMS": "2", "form-MIN_NUM_FORMS": "0", "form-MAX_NUM_FORMS": "20"}
    kept = {"form-0-code": "q1", "form-0-label_en": "A?", "form-0-ORDER": "1"}
    gone = {"form-1-code": "q2", "form-1-label_en": "B?", "form-1-ORDER": "2", "form-1-DELETE": "on"}
    staff.post(address, management | {"form-TOTAL_FORMS": "2"} | kept | gone)
    new = {"form-1-code": "", "form-1-label_en": "C?", "form-1-ORDER": "2"}
    staff.post(address, management | {"form-INITIAL_FORMS": "1", "form-TOTAL_FORMS": "2"} | kept | new)
    assert [item["code"] for item in call.question_sets.last().items] == ["q1", "q3"]


def test_saving_what_stood_there_already_says_so_and_a_question_taken_out_comes_back_as_a_new_one(
    make_call, staff
):
    call = make_call("open", questions=[CallQuestion("q1", {"en": "A?"}), CallQuestion("q2", {"en": "B?"})])
    address = f"{HERE}/open/prepare/questions"
    one, two = {"code": "q1", "label_en": "A?", "ORDER": 1}, {"code": "q2", "label_en": "B?", "ORDER": 2}
    assert "Nothing was changed" in staff.post(address, a_set(one, two), follow=True).text
    assert call.question_sets.count() == 1
    staff.post(address, a_set(one))
    # A page that stood open while the question was taken out.
    assert "Version 3" in staff.post(address, a_set(one, two), follow=True).text
    assert [item["code"] for item in call.question_sets.last().items] == ["q1", "q3"]


def test_a_form_names_the_place_whose_time_it_reads(make_call, staff):
    make_call("open")
    for page in ("new", "open/prepare/extend", "open/meetings/new"):
        assert "In the time of Zurich." in staff.get(f"{HERE}/{page}").text


def test_days_on_the_page_of_a_call_are_those_of_the_forum(make_call, staff, client):
    call = make_call("open")
    # Midnight in Zurich is still the day before in Greenwich.
    old, new = (datetime(2026, 3, day, 23, 0, tzinfo=UTC) for day in (9, 19))
    CallExtension.objects.create(call=call, closed_at=old, closes_at=new, reason="x", decided_at=new)
    for page in (client.get(f"{HERE}/open"), staff.get(f"{HERE}/open/prepare")):
        assert "Extended from 9 March 2026 to 19 March 2026." in page.text
    opens = datetime(2099, 3, 9, 23, 30, tzinfo=UTC)
    Call.objects.filter(pk=call.pk).update(opens_at=opens, closes_at=None)
    refused = staff.post(f"{HERE}/open/write", {"title": "Early", "text": "Words.", "step": "submit"} | WHO)
    assert "This call opens on 10 March 2099." in refused.text
    call.forum.windows.update(opens_at=opens, closes_at=None)
    refused = staff.post(f"{HERE}/open/write", {"title": "Early", "text": "Words.", "step": "submit"} | WHO)
    assert "It opens on 10 March 2099" in refused.text


def test_a_question_without_words_is_refused_and_the_others_stay_typed(prepared, staff):
    address = f"{HERE}/autumn/prepare/questions"
    response = staff.post(address, a_set({"label_en": "First?"}, {"label_en": "", "words": 9}))
    assert response.status_code == 422
    assert "Please write the question in at least one language." in response.content.decode()
    assert "First?" in response.content.decode()


def test_a_call_is_extended_on_its_page_and_everybody_reads_why(prepared, staff, client):
    staff.post(f"{HERE}/autumn/prepare/open")
    later = f"{timezone.now() + timedelta(days=30):%Y-%m-%dT%H:%M}"
    staff.post(f"{HERE}/autumn/prepare/extend", {"closes_at": later, "reason": "Many asked for it."})
    assert "Many asked for it." in client.get(f"{HERE}/autumn").content.decode()
    assert "extended, before until" in client.get(HERE).content.decode()
    response = staff.post(f"{HERE}/autumn/prepare/extend", {"closes_at": later, "reason": "Again"})
    assert response.status_code == 422


def test_a_meeting_is_planned_read_put_on_record_and_taken_in_from(make_call, staff, client):
    make_call("asked", closes_at=timezone.now() + timedelta(days=9))
    starts = timezone.localtime(timezone.now() - timedelta(hours=3))
    form = {
        "title_en": "First meeting",
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{starts + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "place": "Room K",
        "language": "en",
    }
    response = staff.post(f"{HERE}/asked/meetings/new", form | {"place": ""})
    assert response.status_code == 422
    assert staff.post(f"{HERE}/asked/meetings/new", form).url == f"{HERE}/asked/meetings/1"
    assert "Room K" in client.get(f"{HERE}/asked/meetings").content.decode()
    calendar = client.get(f"{HERE}/asked/meetings/1.ics")
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"SUMMARY;LANGUAGE=en:First meeting" in calendar.content
    staff.post(f"{HERE}/asked/meetings/1/record", {"record": "We heard **much**.", "language": "en"})
    assert "<strong>much</strong>" in client.get(f"{HERE}/asked/meetings/1").content.decode()
    page = staff.get(f"{HERE}/asked/enter?meeting=1").content.decode()
    assert "First meeting, " in page
    entry = {
        "came_by": "meeting",
        "provenance": "First meeting",
        "author_name": "Awa Example",
        "language": "en",
        "title": "Said aloud",
        "text": "We have no line.",
        "shown_as": "name",
        "consent_to_publish": "on",
    }
    assert staff.post(f"{HERE}/asked/enter?meeting=1", entry).url == "/wsis20/c/1"
    assert Contribution.objects.get().meeting == CallMeeting.objects.get()
    assert "Said aloud" in client.get(f"{HERE}/asked/meetings/1").content.decode()
    page = client.get("/wsis20/c/1").content.decode()
    assert "Said in a meeting and written down by the secretariat:" in page
    assert "Awa Example" in page


@pytest.mark.parametrize("number", ["9" * 5_000, "99999", "0", "-1", "one", "\u0661"])
def test_what_is_said_in_no_meeting_is_not_there(asked, staff, number):
    assert staff.get(f"{HERE}/asked/enter", {"meeting": number}).status_code == 404


def test_a_cancelled_meeting_says_why(make_call, staff, client, plan, now, secretariat):
    call = make_call("asked")
    meetings.plan_meeting(call=call, plan=plan, actor=secretariat, now=now)
    assert staff.post(f"{HERE}/asked/meetings/1/cancel", {"reason": ""}).status_code == 422
    staff.post(f"{HERE}/asked/meetings/1/cancel", {"reason": "No quorum."})
    assert "No quorum." in client.get(f"{HERE}/asked/meetings/1").content.decode()


@pytest.fixture
def asked(make_call) -> Call:
    questions = [CallQuestion("views", {"en": "What?"}), CallQuestion("why", {"en": "Why?"}, words=3)]
    return make_call("asked", questions=questions)


def upload(*rows: dict[str, str]) -> dict[str, object]:
    return {"table": SimpleUploadedFile("letters.csv", a_csv(*rows), "text/csv")}


def work_off() -> None:
    """Do what was ordered of the queue."""
    for job in Job.objects.filter(state=JobState.QUEUED):
        carry_out(job_id=job.pk, work=contributions.take_in_table, clock=timezone.now)


def test_a_table_is_looked_at_first_and_then_taken_in_by_the_queue(asked, staff):
    address = f"{HERE}/asked/import"
    page = staff.post(address, upload(GOOD, GOOD | {"id": "L-2"}))
    assert not Contribution.objects.exists()
    assert "Des mâts" in page.content.decode()
    table = page.context["preview"].upload.get_absolute_url()
    assert f'action="{table}"' in page.content.decode()
    for _ in range(2):
        assert "It is about to begin." in staff.post(table, {"do": "begin"}, follow=True).content.decode()
    assert ProcrastinateJob.objects.filter(task_name=contributions_task_types.take_in_table.name).count() == 1
    assert not Contribution.objects.exists()
    work_off()
    assert "2 contributions were taken in." in staff.get(table).content.decode()
    part = staff.get(table, headers={"HX-Request": "true"}).content.decode()
    assert "2 contributions were taken in." in part
    assert "<html" not in part
    again = staff.post(address, upload(GOOD)).content.decode()
    assert "1 row was taken in before" in again
    assert Contribution.objects.count() == 2


def test_each_wrong_cell_is_named_and_nothing_is_kept(asked, staff):
    page = staff.post(f"{HERE}/asked/import", upload(GOOD, GOOD | {"id": "L-2", "kind": "ngo", "title": ""}))
    assert page.status_code == 422
    text = tight(page.content.decode())
    assert "2 cells are wrong. Nothing was taken in." in text
    assert '<td class="num">3</td><td><bdi>kind</bdi></td>' in text
    assert '<td class="num">3</td><td><bdi>title</bdi></td>' in text
    assert not Job.objects.exists()


def test_of_very_many_wrong_cells_the_first_hundred_are_shown(asked, staff):
    rows = [GOOD | {"id": f"L-{number}", "kind": "ngo"} for number in range(150)]
    text = staff.post(f"{HERE}/asked/import", upload(*rows)).content.decode()
    assert "150 cells are wrong." in text
    assert text.count("<bdi>kind</bdi>") == 100


def test_what_is_no_table_is_refused(asked, staff):
    page = staff.post(f"{HERE}/asked/import", {"table": SimpleUploadedFile("x.csv", b"id\n\xff\xfe\n")})
    assert page.status_code == 422
    assert "not written in UTF-8" in page.content.decode()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_is_handed_out(asked, staff, form):
    response = staff.get(f"{HERE}/asked/import/template.{form}")
    assert response.status_code == 200
    assert f"asked-contributions.{form}" in response["Content-Disposition"]


def test_there_is_no_template_of_another_kind(asked, staff):
    assert staff.get(f"{HERE}/asked/import/template.ods").status_code == 404


@pytest.mark.parametrize("page", ["", "/asked/meetings", "/asked/prepare", "/asked/meetings/1"])
def test_a_page_asks_as_often_for_three_meetings_as_for_one(asked, staff, plan, now, page, secretariat):
    def plan_one(number: int) -> None:
        later = timezone.now() + timedelta(days=number)
        words = vars(plan) | {"starts_at": later, "ends_at": later + timedelta(hours=1)}
        meetings.plan_meeting(call=asked, plan=type(plan)(**words), actor=secretariat, now=now)
        preparing.prepare_call(
            forum=asked.forum,
            plan=preparing.CallPlan(f"call-{number}", {"en": "x"}, {}, ("en",), now, None),
            questions=[],
            actor=secretariat,
            now=now,
        )

    plan_one(1)
    staff.get(HERE + page)
    with CaptureQueriesContext(connection) as one:
        staff.get(HERE + page)
    plan_one(2)
    plan_one(3)
    with CaptureQueriesContext(connection) as three:
        staff.get(HERE + page)
    assert len(three) == len(one), "\n".join(query["sql"][:150] for query in three.captured_queries)
