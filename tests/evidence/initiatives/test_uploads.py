"""Many initiatives at once: a table says what it would do, does exactly that, and leaves as it came."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.evidence.initiatives import tasks as initiatives
from muntada.evidence.initiatives.models import Initiative, InitiativeTable
from muntada.evidence.initiatives.rules import PublicationState
from muntada.evidence.initiatives.task_types import take_in_table
from muntada.forums.models import StageWindow
from muntada.foundations.jobs.actions import drop_uploads
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.rules import JobState
from muntada.foundations.jobs.running import Run, carry_out, fail_left_jobs
from muntada.people.models import RoleHeld
from muntada.people.rules import Role
from muntada.record.queries import check_log

pytestmark = pytest.mark.django_db

AT = "/wsis20/evidence/initiatives/tables"
HEAD = (
    "symbol,title,language,description,organisation,organisation_kind,"
    "activity,scope,status,country,also_in,figures\n"
)
RADIO = (
    ',Radio for fishers,en,"Weather, read aloud.",Coast Voices,civil-society,'
    'training,local,ongoing,KE,UG; TZ,"Boats | 1 200 | boats | 2024 | Own count"\n'
)


def send(client, rows: str, head: str = HEAD):
    upload = SimpleUploadedFile("many.csv", (head + rows).encode(), content_type="text/csv")
    return client.post(AT, {"file": upload}, follow=True)


def take_in(table: InitiativeTable) -> None:
    table.refresh_from_db()
    carry_out(job_id=table.job_id, work=initiatives.take_in_table, clock=timezone.now)


@pytest.fixture
def staff(client_as):
    return client_as(Role.SECRETARIAT)


class TestLookingAtATable:
    def test_it_says_of_each_row_what_it_would_do(self, staff, make_initiative):
        make_initiative(title="Same", description="As before.", starts_year=None)
        make_initiative(title="Old")
        rows = (
            RADIO
            + "I/2,New name,en,Other words.,Rural Link,civil-society,infrastructure,national,ongoing,KE,,\n"
            + ",Same,en,As before.,Rural Link,civil-society,infrastructure,national,ongoing,KE,,\n"
            + "I/9,Nobody,en,Words.,Rural Link,civil-society,infrastructure,national,ongoing,KE,,\n"
            + ",Bad,xx,Words.,Rural Link,nobody,infrastructure,national,ongoing,KE,,Boats\n"
            + RADIO
        )
        page = send(staff, rows).content.decode()
        kept = InitiativeTable.objects.get()
        assert [(row["line"], row["outcome"]) for row in kept.rows] == [(2, "new"), (3, "changed")]
        assert (kept.count, kept.same) == (2, 1)
        assert [one.line for one in kept.first_refused(5)] == [5, 6, 7]
        assert "There is no initiative I/9 here." in page
        assert "language: " in kept.first_refused(5)[1].reason
        assert "as line 2" in kept.first_refused(5)[2].reason
        assert Initiative.objects.count() == 2

    @pytest.mark.usefixtures("forum")
    def test_what_would_be_refused_when_it_is_taken_in_is_named_before(self, staff):
        rows = (
            RADIO.replace("Weather, read aloud.", "As [C/999] says.")
            + RADIO.replace("Radio", "Film")
            + RADIO.replace("Radio", "Post").replace("1 200 | boats", "1 200 | boats of [S/7]")
        )
        send(staff, rows)
        table = InitiativeTable.objects.get()
        assert [one.line for one in table.first_refused(5)] == [2, 4]
        assert "[C/999] does not exist." in table.first_refused(5)[0].reason
        assert "[S/7] does not exist." in table.first_refused(5)[1].reason
        staff.post(f"{AT}/{table.pk}")
        take_in(table)
        after = InitiativeTable.objects.get()
        assert (after.refused, Initiative.objects.get().title) == (table.refused, "Film for fishers")

    def test_a_table_for_a_stage_that_is_closed_is_refused_at_once(self, staff, forum):
        StageWindow.objects.filter(forum=forum, stage="evidence").update(closes_at=timezone.now())
        assert send(staff, RADIO).status_code == 422
        assert not InitiativeTable.objects.exists()

    @pytest.mark.parametrize(
        ("head", "rows", "sentence"),
        [
            ("title,language\n", "A,en\n", "missing: description, organisation, organisation_kind, activity"),
            ("title,colour,size\n", "A,red,9\n", "not known: colour, size. Please name the columns"),
            (HEAD, "", "There is no row in this table"),
        ],
    )
    @pytest.mark.usefixtures("forum")
    def test_a_table_that_is_none_is_refused_in_a_sentence(self, staff, head, rows, sentence):
        answer = send(staff, rows, head)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not InitiativeTable.objects.exists()

    @pytest.mark.usefixtures("forum")
    def test_only_the_secretariat_sends_tables(self, each_role):
        for _, browser in each_role([role for role in Role if role is not Role.SECRETARIAT]):
            assert browser.get(AT).status_code == 403
            assert send(browser, RADIO).status_code == 403


class TestTakingATableIn:
    def test_new_rows_wait_to_be_read_and_changes_keep_their_history(self, staff, make_initiative, forum):
        make_initiative(title="Old")
        changed = (
            "I/1,New name,en,Other words.,Rural Link,civil-society,infrastructure,national,ongoing,KE,,\n"
        )
        send(staff, RADIO + changed)
        table = InitiativeTable.objects.get()
        assert staff.post(f"{AT}/{table.pk}").status_code == 302
        take_in(table)
        table.refresh_from_db()
        assert (table.job.state, table.done, table.rows) == (JobState.DONE, 2, [])
        old, radio = Initiative.objects.order_by("pk")
        assert (old.title, old.versions.count(), old.standing) == ("New name", 1, PublicationState.PUBLISHED)
        assert (radio.countries, radio.standing) == (["KE", "UG", "TZ"], PublicationState.SUBMITTED)
        assert radio.figures.get().value == 1200
        assert "2 rows were taken in" in staff.get(f"{AT}/{table.pk}").content.decode()
        assert check_log(forum.pk).is_whole

    @pytest.mark.usefixtures("forum")
    def test_new_rows_are_published_at_once_where_that_is_asked_for(self, staff):
        send(staff, RADIO)
        table = InitiativeTable.objects.get()
        staff.post(f"{AT}/{table.pk}", {"publishes": "on"})
        take_in(table)
        assert Initiative.objects.get().standing == PublicationState.PUBLISHED

    @pytest.mark.usefixtures("forum")
    def test_what_broke_off_goes_on_where_it_stood(self, staff):
        send(staff, RADIO + RADIO.replace("Radio", "Film"))
        table = InitiativeTable.objects.get()
        staff.post(f"{AT}/{table.pk}")
        InitiativeTable.objects.filter(pk=table.pk).update(done=1)
        Job.objects.update(state=JobState.FAILED, ended_at=timezone.now())
        staff.post(f"{AT}/{table.pk}")
        take_in(InitiativeTable.objects.get())
        assert [one.title for one in Initiative.objects.all()] == ["Film for fishers"]

    @pytest.mark.usefixtures("forum")
    def test_one_whose_worker_died_twice_is_given_up_and_makes_room_for_the_next(self, staff, now):
        for row in (RADIO, RADIO.replace("Radio", "Film")):
            send(staff, row)
        second, first = InitiativeTable.objects.all()
        staff.post(f"{AT}/{first.pk}")
        staff.post(f"{AT}/{second.pk}")
        assert InitiativeTable.objects.get(pk=second.pk).job.state == JobState.PREVIEWED
        # The queue has given up its task: no row stands for it any more.
        ProcrastinateJob.objects.filter(task_name=take_in_table.name).update(status="failed")
        assert fail_left_jobs(now=now) == 1
        staff.post(f"{AT}/{second.pk}")
        take_in(InitiativeTable.objects.get(pk=second.pk))
        assert [one.title for one in Initiative.objects.all()] == ["Film for fishers"]

    @pytest.mark.usefixtures("forum")
    def test_what_is_cancelled_takes_in_no_further_row(self, staff):
        send(staff, RADIO)
        table = InitiativeTable.objects.get()
        staff.post(f"{AT}/{table.pk}")

        def cancelled_first(run: Run) -> None:
            staff.post(run.job.get_absolute_url(), {"do": "cancel"})
            initiatives.take_in_table(run)

        carry_out(job_id=Job.objects.get().pk, work=cancelled_first, clock=timezone.now)
        assert Job.objects.get().state == JobState.CANCELLED
        assert not Initiative.objects.exists()
        assert "Send another table" not in staff.get(f"{AT}/{table.pk}").content.decode()

    @pytest.mark.usefixtures("forum")
    def test_who_lost_their_role_meanwhile_takes_nothing_in(self, staff):
        send(staff, RADIO)
        table = InitiativeTable.objects.get()
        staff.post(f"{AT}/{table.pk}")
        RoleHeld.objects.all().delete()
        take_in(table)
        assert Job.objects.get().state == JobState.REFUSED
        assert not Initiative.objects.exists()

    @pytest.mark.usefixtures("forum")
    @pytest.mark.parametrize(
        ("state", "is_dropped"), [("previewed", True), ("failed", True), ("queued", False), ("done", False)]
    )
    def test_what_was_not_taken_in_goes_after_a_day_whatever_became_of_it(self, staff, state, is_dropped):
        send(staff, RADIO)
        ended = None if state in ("previewed", "queued") else timezone.now()
        Job.objects.update(state=state, ended_at=ended, progress=int(state == "done"))
        ordered_at = Job.objects.get().ordered_at
        assert drop_uploads(now=ordered_at + timedelta(hours=23)) == 0
        assert drop_uploads(now=ordered_at + timedelta(days=1)) == is_dropped
        assert InitiativeTable.objects.exists() is not is_dropped

    def test_what_leaves_as_a_table_changes_nothing_when_it_comes_back(self, staff, make_initiative):
        make_initiative(title="=cmd|' /C calc'!A0", also_in=("UG",))
        content = staff.get("/wsis20/evidence/initiatives.csv").getvalue()
        assert b"'=cmd" in content
        upload = SimpleUploadedFile("back.csv", content, content_type="text/csv")
        staff.post(AT, {"file": upload})
        kept = InitiativeTable.objects.get()
        assert (kept.count, kept.same, kept.refused) == (0, 1, [])
        assert staff.get("/wsis20/evidence/initiatives.xlsx").content.startswith(b"PK")
