"""Letters about replies: several in one, to both authors of a joint text, once, until somebody says no."""

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.consultation.contributions.models import Contribution
from muntada.consultation.merging import actions as merges
from muntada.consultation.replies import tasks as replies
from muntada.consultation.replies.actions import letters, notices
from muntada.consultation.replies.actions.replies import reply_to, reply_together
from muntada.consultation.replies.models import ReplyLetter
from muntada.consultation.replies.rules import TRIED_FOR, Disposition, ReplyText
from muntada.consultation.statements.actions import statements
from muntada.consultation.statements.actions.statements import Wording
from muntada.forums.merging.rules import Joint
from muntada.people.models import Person

YES = ReplyText(Disposition.ACCEPTED, "We take it up.", "en")


@pytest.fixture
def author(make_person) -> Person:
    return make_person()


def to_whom() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


def test_several_replies_in_a_short_time_are_one_letter(
    contribute, author, write_reply_letters, now, moderator
):
    said = [contribute(author, title="One"), contribute(author, title="Two")]
    for one in said:
        reply_to(contribution=one, answer=YES, actor=moderator, now=now)
    assert ProcrastinateJob.objects.filter(task_name__endswith="write_reply_letters").count() == 1
    write_reply_letters()
    (letter,) = mail.outbox
    assert letter.subject == "2 replies to what you said"
    assert "“One”" in letter.body
    assert "“Two”" in letter.body


def test_a_letter_of_one_reply_is_called_by_what_it_answers(
    contribute, author, write_reply_letters, now, moderator
):
    reply_to(contribution=contribute(author), answer=YES, actor=moderator, now=now)
    write_reply_letters()
    assert mail.outbox[0].subject == "A reply to your contribution WSIS20/C/1"


def test_nobody_is_told_twice_if_a_task_runs_twice(contribute, author, write_reply_letters, now, moderator):
    reply_to(contribution=contribute(author), answer=YES, actor=moderator, now=now)
    write_reply_letters()
    write_reply_letters()
    letter = ReplyLetter.objects.get()
    assert letter.sent_at == now
    assert letters.send_reply_letter(letter_id=letter.pk, now=now) == 0
    assert len(mail.outbox) == 1


def test_a_letter_that_fails_is_told_later(contribute, author, write_reply_letters, settings, now, moderator):
    reply_to(contribution=contribute(author), answer=YES, actor=moderator, now=now)
    working = settings.MAILERS
    settings.MAILERS = {"default": {"BACKEND": "nowhere.Backend"}}
    with pytest.raises(Exception, match="nowhere"), transaction.atomic():
        write_reply_letters()
    settings.MAILERS = working
    assert ReplyLetter.objects.get().sent_at is None
    write_reply_letters()
    assert to_whom() == [author.email]


def test_an_address_that_takes_no_letter_is_not_tried_for_ever(
    contribute, author, write_reply_letters, now, moderator
):
    reply_to(contribution=contribute(author), answer=YES, actor=moderator, now=now - TRIED_FOR * 2)
    write_reply_letters()
    assert mail.outbox == []


def test_the_queue_orders_a_letter_for_each_once_and_the_calendar_what_was_lost(
    contribute, author, moderator
):
    moment = timezone.now()
    reply_to(contribution=contribute(author), answer=YES, actor=moderator, now=moment)
    replies.write_reply_letters()
    replies.look_for_what_came(now=moment)
    (job,) = ProcrastinateJob.objects.filter(task_name__endswith="send_reply_letter")
    replies.send_reply_letter(**job.args)
    assert to_whom() == [author.email]


def test_a_reply_to_a_letter_goes_to_the_address_in_the_letter(
    contribute, write_reply_letters, now, moderator
):
    said = contribute(language="fr")
    Contribution.objects.filter(pk=said.pk).update(author=None, author_email="amina@example.org")
    reply_to(contribution=said, answer=YES, actor=moderator, now=now)
    write_reply_letters()
    assert to_whom() == ["amina@example.org"]


def test_nobody_is_written_to_about_what_they_withdrew(contribute, write_reply_letters, now, moderator):
    said = contribute()
    reply_to(contribution=said, answer=YES, actor=moderator, now=now)
    Contribution.objects.filter(pk=said.pk).update(withdrawn_at=now)
    write_reply_letters()
    assert mail.outbox == []


def test_both_authors_of_a_joint_text_are_told_that_it_is_answered(
    contribute, make_person, request_as, write_reply_letters, now, moderator
):
    one, other = contribute(make_person(), title="One"), contribute(make_person(), title="Two")
    both = Joint("Both", "Both together.", "en")
    merge = merges.propose_merge(
        forum_request=request_as(person=one.author), contribution=one, other=other, joint=both
    )
    joint = merges.consent_to_merge(forum_request=request_as(person=other.author), merge=merge).joint
    statement = statements.take_statement(
        contribution=joint, wording=Wording("Both first.", "en"), actor=moderator, now=now
    )
    reply_together(said=[joint, statement], answer=YES, actor=moderator, now=now)
    write_reply_letters()
    assert to_whom() == sorted([one.author.email, other.author.email])
    assert all("“Both”" in letter.body and "“Both first.”" in letter.body for letter in mail.outbox)


@pytest.mark.parametrize("has_account", [True, False])
def test_whoever_ended_the_letters_gets_none(
    contribute, author, write_reply_letters, now, has_account, moderator
):
    said = contribute(author)
    email = author.email
    if not has_account:
        email = "amina@example.org"
        Contribution.objects.filter(pk=said.pk).update(author=None, author_email=email)
    token = notices.stop_address("wsis20", email).rpartition("/")[2]
    notices.stop_letters(token=token, now=now)
    reply_to(contribution=said, answer=YES, actor=moderator, now=now)
    write_reply_letters()
    assert mail.outbox == []


def test_a_letter_says_how_to_end_them_without_signing_in(
    contribute, author, write_reply_letters, client, now, moderator
):
    reply_to(contribution=contribute(author), answer=YES, actor=moderator, now=now)
    write_reply_letters()
    path = notices.stop_address("wsis20", author.email)
    (letter,) = mail.outbox
    assert f"{settings.SITE_ADDRESS}{path}" in letter.body
    assert letter.message()["List-Unsubscribe"] == f"<{settings.SITE_ADDRESS}{path}>"
    client.get(path)
    assert Person.objects.get(pk=author.pk).wants_notices
    client.post(path)
    assert not Person.objects.get(pk=author.pk).wants_notices


def test_the_database_keeps_one_letter_for_each_reply_and_person(contribute, author, now, moderator):
    reply = reply_to(contribution=contribute(author), answer=YES, actor=moderator, now=now)
    for addressee in ({}, {"person": author}, {"person": author, "contribution": reply.contribution}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReplyLetter.objects.create(reply=reply, **addressee)
