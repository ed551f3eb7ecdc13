"""A table on its way through the queue: whole or not at all, and no longer kept than it is needed."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from consultation.conftest import a_saying
from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.consultation.calls.models import Call
from muntada.consultation.contributions import tasks as contributions
from muntada.consultation.contributions.actions import drafts
from muntada.consultation.contributions.actions.stored_files import drop_unneeded_files
from muntada.consultation.contributions.actions.upload_runs import preview_table
from muntada.consultation.contributions.models import Attachment, Contribution
from muntada.consultation.contributions.task_types import take_in_table
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.jobs.actions import begin, cancel
from muntada.foundations.jobs.models import Upload
from muntada.foundations.jobs.running import carry_out
from muntada.people.models import Organisation
from muntada.people.rules import Role
from muntada.record.models import LogEntry, Symbol
from muntada.record.rules import Actor

from .test_drafts import a_file
from .test_imports import GOOD, a_csv

NEW_BODY = GOOD | {"organisation": "Nobody yet"}


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path) -> None:
    place = settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": place}


@pytest.fixture
def asked(make_call) -> Call:
    questions = [CallQuestion("views", {"en": "What?"}), CallQuestion("why", {"en": "Why?"}, words=3)]
    return make_call("asked", questions=questions)


@pytest.fixture
def kept(asked, now, secretariat):
    """Preview a table, and keep it to be taken in."""

    def keep(*rows, actor=secretariat):
        content = a_csv(*(rows or [NEW_BODY]))
        preview = preview_table(call=asked, content=content, name="../letters.csv", actor=actor, now=now)
        assert preview.upload is not None
        return preview.upload

    return keep


def take_in(table: Upload) -> None:
    carry_out(job_id=table.pk, work=contributions.take_in_table, clock=timezone.now)
    table.refresh_from_db()


def test_a_table_is_taken_in_whole_and_then_no_longer_kept(kept, asked, make_person, now, secretariat):
    staff = make_person(Role.SECRETARIAT, language="fr")
    actor = Actor(staff.pk, Role.SECRETARIAT, secretariat.forum_id)
    table = kept(actor=actor)
    for _ in range(2):
        begin(job=table, actor=actor, now=now)
    (args,) = ProcrastinateJob.objects.filter(task_name=take_in_table.name).values_list("args", flat=True)
    assert args == {"job_id": table.pk}
    for _ in range(2):
        take_in(table)
    assert (table.state, table.progress, table.content) == ("done", 1, None)
    assert table.result_at == f"{asked.get_absolute_url()}/contributions"
    said = Contribution.objects.get()
    assert (said.entered_by, said.provenance) == (staff, "letters.csv:2")
    assert LogEntry.objects.filter(verb="take_in").count() == 1
    assert begin(job=table, actor=secretariat, now=now).state == "done"


BREAK = """
CREATE FUNCTION a_full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no room left' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER broken BEFORE INSERT ON consultation_contributions_contributionversion
    FOR EACH ROW EXECUTE FUNCTION a_full_disk();
"""


def test_a_fault_on_the_way_keeps_nothing_and_it_can_be_tried_again(kept, now, secretariat):
    table = kept()
    begin(job=table, actor=secretariat, now=now)
    with connection.cursor() as cursor:
        cursor.execute(BREAK)
    with pytest.raises(OperationalError, match="no room left"):
        take_in(table)
    table.refresh_from_db()
    assert table.state == "failed"
    assert not Contribution.objects.exists()
    assert not Symbol.objects.exists()
    assert not Organisation.objects.exists()
    assert not LogEntry.objects.filter(verb="enter_contribution").exists()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER broken ON consultation_contributions_contributionversion")
    begin(job=table, actor=secretariat, now=now)
    take_in(table)
    assert Contribution.objects.count() == 1


def test_what_became_wrong_meanwhile_is_said_and_nothing_is_kept(kept, asked, now, secretariat):
    table = kept()
    Call.objects.filter(pk=asked.pk).update(languages=["en"])
    begin(job=table, actor=secretariat, now=now)
    take_in(table)
    assert table.state == "refused"
    assert table.sentence.startswith("Row 2: “fr” is not known as language")
    assert not Contribution.objects.exists()


def test_one_table_of_a_call_after_the_other(kept, now, secretariat):
    first, second = kept(), kept(GOOD | {"id": "L-2"})
    begin(job=first, actor=secretariat, now=now)
    with pytest.raises(Refused) as refusal:
        begin(job=second, actor=secretariat, now=now)
    assert refusal.value.code == "job-under-way"
    cancel(job=first, actor=secretariat, now=now)
    assert begin(job=second, actor=secretariat, now=now).state == "queued"


def test_only_the_secretariat_previews_and_begins(kept, asked, now, moderator):
    table = kept()
    with pytest.raises(NotAllowed):
        begin(job=table, actor=moderator, now=now)
    with pytest.raises(NotAllowed):
        preview_table(call=asked, content=a_csv(GOOD), name="x.csv", actor=moderator, now=now)


def test_a_file_is_kept_as_long_as_a_draft_or_a_contribution_has_it(call, request_as, now):
    first, second = request_as(), request_as()
    content = a_file("map.png")
    kept = [
        drafts.attach_file(
            forum_request=forum_request,
            draft=drafts.save_draft(forum_request=forum_request, call=call, saying=a_saying()).draft,
            checked=content,
        )
        for forum_request in (first, second)
    ]
    place = kept[0].file.name
    assert kept[1].file.name == place
    default_storage.save("consultation/stray", ContentFile(b"of nobody"))
    drafts.detach_file(forum_request=first, attachment=kept[0])
    assert drop_unneeded_files() == 1
    assert default_storage.exists(place)
    assert not default_storage.exists("consultation/stray")
    drafts.detach_file(forum_request=second, attachment=kept[1])
    contributions.drop_files(now=timezone.now())
    assert not default_storage.exists(place)
    assert not Attachment.objects.exists()
