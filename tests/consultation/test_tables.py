"""A table on its way through the queue: whole or not at all, and no longer kept than it is needed."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.consultation import tasks
from muntada.consultation.actions import drafts, task_types
from muntada.consultation.actions.calls import Question
from muntada.consultation.actions.stored_files import drop_unneeded_files
from muntada.consultation.actions.table_runs import look_at_table, order_table
from muntada.consultation.models import Attachment, Call, Contribution, IntakeTable
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.models import Organisation
from muntada.people.rules import Role
from muntada.record.models import LogEntry, Symbol
from muntada.record.rules import Actor

from .conftest import MODERATOR, SECRETARIAT, a_saying
from .test_drafts import a_file
from .test_intake import GOOD, a_csv

NEW_BODY = GOOD | {"organisation": "Nobody yet"}


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path) -> None:
    place = settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": place}


@pytest.fixture
def asked(make_call) -> Call:
    questions = [Question("views", {"en": "What?"}), Question("why", {"en": "Why?"}, words=3)]
    return make_call("asked", questions=questions)


@pytest.fixture
def looked_at(asked, now):
    def look(*rows, actor=SECRETARIAT):
        content = a_csv(*(rows or [NEW_BODY]))
        table = look_at_table(call=asked, content=content, name="../letters.csv", actor=actor, now=now).table
        assert table is not None
        return table

    return look


def test_a_table_is_taken_in_whole_and_then_no_longer_kept(looked_at, make_person, now):
    staff = make_person(Role.SECRETARIAT, language="fr")
    table = looked_at(actor=Actor(staff.pk, Role.SECRETARIAT))
    assert default_storage.exists(table.file.name)
    for _ in range(2):
        order_table(table=table, actor=SECRETARIAT, now=now)
    (args,) = ProcrastinateJob.objects.filter(task_name=task_types.take_in_table.name).values_list(
        "args", flat=True
    )
    place = table.file.name
    for _ in range(2):
        tasks.take_in_table(**args)
    table.refresh_from_db()
    assert (table.state, table.taken, table.progress, table.file.name) == ("done", 1, 1, "")
    assert not default_storage.exists(place)
    said = Contribution.objects.get()
    assert (said.entered_by, said.provenance) == (staff, "letters.csv:2")
    assert LogEntry.objects.filter(verb="take_in").count() == 1
    assert order_table(table=table, actor=SECRETARIAT, now=now).state == "done"


BREAK = """
CREATE FUNCTION a_full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no room left' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER broken BEFORE INSERT ON consultation_contributionversion
    FOR EACH ROW EXECUTE FUNCTION a_full_disk();
"""


def test_a_fault_on_the_way_keeps_nothing_and_it_can_be_tried_again(looked_at, now):
    table = looked_at()
    order_table(table=table, actor=SECRETARIAT, now=now)
    with connection.cursor() as cursor:
        cursor.execute(BREAK)
    with pytest.raises(OperationalError, match="no room left"):
        tasks.take_in_table(table_id=table.pk)
    table.refresh_from_db()
    assert table.state == "failed"
    assert not Contribution.objects.exists()
    assert not Symbol.objects.exists()
    assert not Organisation.objects.exists()
    assert not LogEntry.objects.filter(verb="enter_contribution").exists()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER broken ON consultation_contributionversion")
    order_table(table=table, actor=SECRETARIAT, now=now)
    tasks.take_in_table(table_id=table.pk)
    assert Contribution.objects.count() == 1


def test_what_became_wrong_meanwhile_is_said_in_the_language_of_whoever_looked(looked_at, asked, now):
    table = looked_at()
    Call.objects.filter(pk=asked.pk).update(languages=["en"])
    order_table(table=table, actor=SECRETARIAT, now=now)
    tasks.take_in_table(table_id=table.pk)
    table.refresh_from_db()
    assert table.state == "refused"
    assert table.sentence.startswith("Row 2: “fr” is not known as language")
    assert not Contribution.objects.exists()


def test_one_table_of_a_call_after_the_other_and_one_that_fell_silent_can_begin_anew(looked_at, now):
    first, second = looked_at(), looked_at(GOOD | {"id": "L-2"})
    order_table(table=first, actor=SECRETARIAT, now=now)
    with pytest.raises(Refused, match="Another table of this call"):
        order_table(table=second, actor=SECRETARIAT, now=now)
    later = now + timedelta(hours=1)
    order_table(table=second, actor=SECRETARIAT, now=later)
    first.refresh_from_db()
    assert first.state == "failed"


def test_only_the_secretariat_looks_and_orders(looked_at, asked, now):
    table = looked_at()
    with pytest.raises(NotAllowed):
        order_table(table=table, actor=MODERATOR, now=now)
    with pytest.raises(NotAllowed):
        look_at_table(call=asked, content=a_csv(GOOD), name="x.csv", actor=MODERATOR, now=now)


def test_a_table_nobody_took_in_is_thrown_away_after_a_day(looked_at, now):
    old, ordered = looked_at(), looked_at(GOOD | {"id": "L-2"})
    order_table(table=ordered, actor=SECRETARIAT, now=now + timedelta(hours=24))
    drop_unneeded_files(now=now + timedelta(hours=23))
    assert IntakeTable.objects.count() == 2
    drop_unneeded_files(now=now + timedelta(hours=24))
    assert IntakeTable.objects.get() == ordered
    assert not default_storage.exists(old.file.name)
    assert default_storage.exists(ordered.file.name)
    tasks.take_in_table(table_id=old.pk)
    drop_unneeded_files(now=now + timedelta(hours=25))
    assert not IntakeTable.objects.exists()


def test_a_file_is_kept_as_long_as_a_draft_or_a_contribution_has_it(call, here_as, now):
    first, second = here_as(), here_as()
    content = a_file("map.png")
    kept = [
        drafts.attach_file(
            here=here,
            draft=drafts.save_draft(here=here, call=call, saying=a_saying()).draft,
            checked=content,
        )
        for here in (first, second)
    ]
    place = kept[0].file.name
    assert kept[1].file.name == place
    default_storage.save("consultation/stray", ContentFile(b"of nobody"))
    drafts.detach_file(here=first, attachment=kept[0])
    assert drop_unneeded_files(now=now) == 1
    assert default_storage.exists(place)
    assert not default_storage.exists("consultation/stray")
    drafts.detach_file(here=second, attachment=kept[1])
    tasks.drop_files(now=timezone.now())
    assert not default_storage.exists(place)
    assert not Attachment.objects.exists()
