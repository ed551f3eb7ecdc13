"""No file sent with a contribution, or as a table of contributions, harms the platform."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hostile.pages import ALL_OR_FEW, FEW, corpus, send_all
from muntada.consultation.calls.models import Call
from muntada.consultation.contributions.actions.attachments import read_attachment
from muntada.consultation.contributions.models import Attachment
from muntada.foundations.jobs.models import Job
from muntada.people.rules import Role


@pytest.fixture
def open_now(make_call, forum) -> Call:
    now = timezone.now()
    forum.windows.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30))
    call = make_call("open", opens_at=now - timedelta(days=2))
    Call.objects.filter(pk=call.pk).update(closes_at=now + timedelta(days=9))
    return call


@ALL_OR_FEW
def test_files_sent_with_a_contribution(few, client_as, make_person, open_now, monkeypatch):
    monkeypatch.setattr(
        "muntada.consultation.contributions.actions.drafts.ATTACHMENTS_PER_CONTRIBUTION", 1_000
    )
    author = client_as(person=make_person(name="Amina Example"))
    typed = {"language": "en", "title": "A title", "text": "Some words.", "shown_as": "name"}
    refused = send_all(author, "/wsis20/consultation/open/write", "attachment", few=few, **typed)
    assert refused >= FEW
    for attachment in Attachment.objects.all():
        read_attachment(attachment=attachment)
        attachment.refresh_from_db()
        assert attachment.text_state != "waiting"
        attachment.file.delete(save=False)


@ALL_OR_FEW
def test_tables_of_contributions(few, client_as, open_now):
    secretariat = client_as(Role.SECRETARIAT)
    refused = send_all(secretariat, "/wsis20/consultation/open/import", "table", few=few)
    assert refused == {name for name, _ in corpus(few=few)}
    assert not Job.objects.exists()
