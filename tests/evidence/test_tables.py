"""Many initiatives at once: a table says what it would do, does exactly that, and leaves as it came."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from muntada.evidence import tasks
from muntada.evidence.models import Initiative, InitiativeTable
from muntada.evidence.rules.initiatives import Standing
from muntada.evidence.rules.tables import TableState
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
        assert [one["line"] for one in kept.refused] == [5, 6, 7]
        assert "There is no initiative I/9 here." in page
        assert "language: " in kept.refused[1]["reason"]
        assert "as line 2" in kept.refused[2]["reason"]
        assert Initiative.objects.count() == 2

    @pytest.mark.parametrize(
        ("head", "rows", "sentence"),
        [
            ("title,language\n", "A,en\n", "The column description is missing"),
            (HEAD.replace("figures", "colour"), RADIO, "The column colour is not known"),
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
    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECRETARIAT])
    def test_only_the_secretariat_sends_tables(self, role, client_as):
        assert client_as(role).get(AT).status_code == 403
        assert send(client_as(role), RADIO).status_code == 403


class TestTakingATableIn:
    def test_new_rows_wait_to_be_read_and_changes_keep_their_history(self, staff, make_initiative, forum):
        make_initiative(title="Old")
        changed = (
            "I/1,New name,en,Other words.,Rural Link,civil-society,infrastructure,national,ongoing,KE,,\n"
        )
        send(staff, RADIO + changed)
        table = InitiativeTable.objects.get()
        assert staff.post(f"{AT}/{table.pk}").status_code == 302
        tasks.take_in_table(table_id=table.pk)
        table.refresh_from_db()
        assert (table.state, table.done, table.rows) == (TableState.DONE, 2, [])
        old, radio = Initiative.objects.order_by("pk")
        assert (old.title, old.versions.count(), old.standing) == ("New name", 1, Standing.PUBLISHED)
        assert (radio.countries, radio.standing) == (["KE", "UG", "TZ"], Standing.SUBMITTED)
        assert radio.figures.get().value == 1200
        assert "2 rows were taken in" in staff.get(f"{AT}/{table.pk}").content.decode()
        assert check_log(forum.pk).is_whole

    @pytest.mark.usefixtures("forum")
    def test_new_rows_are_published_at_once_where_that_is_asked_for(self, staff):
        send(staff, RADIO)
        table = InitiativeTable.objects.get()
        staff.post(f"{AT}/{table.pk}", {"publishes": "on"})
        tasks.take_in_table(table_id=table.pk)
        assert Initiative.objects.get().standing == Standing.PUBLISHED

    @pytest.mark.usefixtures("forum")
    def test_what_broke_off_goes_on_where_it_stood(self, staff):
        send(staff, RADIO + RADIO.replace("Radio", "Film"))
        table = InitiativeTable.objects.get()
        InitiativeTable.objects.filter(pk=table.pk).update(done=1, state=TableState.WAITING)
        tasks.take_in_table(table_id=table.pk)
        assert [one.title for one in Initiative.objects.all()] == ["Film for fishers"]

    def test_what_leaves_as_a_table_changes_nothing_when_it_comes_back(self, staff, make_initiative):
        make_initiative(title="=cmd|' /C calc'!A0", also_in=("UG",))
        content = staff.get("/wsis20/evidence/initiatives.csv").getvalue()
        assert b"'=cmd" in content
        upload = SimpleUploadedFile("back.csv", content, content_type="text/csv")
        staff.post(AT, {"file": upload})
        kept = InitiativeTable.objects.get()
        assert (kept.count, kept.same, kept.refused) == (0, 1, [])
        assert staff.get("/wsis20/evidence/initiatives.xlsx").content.startswith(b"PK")
