"""Telling people what came of their words: once, however late, in one letter a day, until they say no."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.signing import BadSignature
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.consultation.contributions.actions import contributions
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.merging import actions as merges
from muntada.consultation.replies import tasks as replies_tasks
from muntada.consultation.replies.actions import notices, replies
from muntada.consultation.replies.models import LettersStopped, Notice, NoticeRound
from muntada.consultation.replies.queries import notices as queries
from muntada.consultation.replies.rules import LETTER_PAUSE, NOTICE_STEPS, Disposition, ReplyText, is_due
from muntada.consultation.statements.actions import statements
from muntada.consultation.statements.actions.statements import Wording
from muntada.consultation.themes.actions import themes
from muntada.consultation.themes.rules import ThemeText
from muntada.forums.merging.rules import Joint
from muntada.foundations.errors import Refused
from muntada.people.models import Person
from muntada.record import actions as record
from muntada.record.models import Edge
from muntada.record.rules import Relation, SymbolKind


@pytest.fixture(autouse=True)
def looked_before(db, now) -> None:
    """The calendar has looked before anything was said, as it has wherever the platform is set up."""
    NoticeRound.objects.all().delete()
    NoticeRound.objects.create(
        last_edge=max(Edge.objects.values_list("pk", flat=True), default=0), notices=0, looked_at=now
    )


@pytest.fixture
def author(make_person) -> Person:
    return make_person(language="fr")


@pytest.fixture
def said(contribute, author):
    return contribute(author)


def rest_on(forum, targets, now, *, kind=SymbolKind.FINDING, title="Later", is_public=True):
    """Something later that rests on what was said."""
    symbol = record.give_symbol(
        forum_id=forum.pk, kind=kind, title=title, language="en", now=now, is_public=is_public
    )
    for target in targets:
        record.link(source=symbol, target=target, relation=Relation.CITES, now=now)
    return symbol


def told(email: str, now) -> int:
    notices.note_what_came(now=now)
    return notices.send_notices(email=email, now=now)


def test_years_later_the_author_is_told_in_their_language_with_links(said, author, forum, now):
    later = now + timedelta(days=800)
    finding = rest_on(forum, [said.symbol], later, title="Half of the villages wait")
    assert told(author.email, later) == 1
    (letter,) = mail.outbox
    assert letter.to == [author.email]
    assert "Half of the villages wait" in letter.body
    assert finding.get_absolute_url() in letter.body
    assert said.get_absolute_url() in letter.body
    assert Notice.objects.get().sent_at == later


def test_nobody_is_told_twice(said, author, forum, now):
    rest_on(forum, [said.symbol], now)
    assert told(author.email, now) == 1
    assert notices.note_what_came(now=now + timedelta(days=2)) == 0
    assert notices.send_notices(email=author.email, now=now + timedelta(days=2)) == 0
    assert len(mail.outbox) == 1
    assert NoticeRound.objects.count() == 2


def test_one_letter_a_day_gathers_everything(contribute, said, author, forum, now):
    other = contribute(author, title="Another")
    rest_on(forum, [said.symbol, other.symbol], now, title="First")
    rest_on(forum, [said.symbol], now, title="Second")
    assert told(author.email, now) == 3
    (letter,) = mail.outbox
    assert "First" in letter.body
    assert "Second" in letter.body
    rest_on(forum, [said.symbol], now, title="Third")
    assert told(author.email, now + timedelta(hours=5)) == 0
    assert told(author.email, now + timedelta(hours=21)) == 1
    assert "Third" in mail.outbox[1].body


def test_a_letter_is_due_after_its_pause(now):
    assert is_due(None, now)
    assert not is_due(now, now + LETTER_PAUSE - timedelta(seconds=1))
    assert is_due(now, now + LETTER_PAUSE)


def test_what_comes_of_a_statement_or_a_theme_is_told_too(said, author, forum, now, moderator):
    statement = statements.take_statement(
        contribution=said, wording=Wording("Masts first.", "en"), actor=moderator, now=now
    )
    theme = themes.raise_theme(
        forum=forum,
        matter=ThemeText({"en": "Masts"}, "", "en"),
        contributions=[said],
        actor=moderator,
        now=now,
    )
    told(author.email, now)
    rest_on(forum, [theme.symbol], now, title="Rests on the theme")
    rest_on(forum, [statement.symbol], now, title="Rests on the statement")
    told(author.email, now + timedelta(days=1))
    body = mail.outbox[-1].body
    assert "Rests on the theme" in body
    assert "Rests on the statement" in body


@pytest.mark.parametrize(("steps", "noted"), [(NOTICE_STEPS, 1), (NOTICE_STEPS + 1, 0)])
def test_the_trace_is_followed_for_a_few_steps(said, forum, now, steps, noted):
    last = said.symbol
    for step in range(steps - 1):
        last = rest_on(forum, [last], now, title=f"Step {step}")
    notices.note_what_came(now=now)
    Notice.objects.all().delete()
    rest_on(forum, [last], now, title="The last")
    notices.note_what_came(now=now)
    assert Notice.objects.filter(edge__source__title="The last", contribution=said).count() == noted


def test_a_ring_of_texts_that_cite_each_other_comes_to_an_end(said, forum, now):
    one = rest_on(forum, [said.symbol], now)
    other = rest_on(forum, [one], now)
    record.link(source=one, target=other, relation=Relation.CITES, now=now)
    assert notices.note_what_came(now=now) > 0


def test_what_a_reply_told_is_not_told_again(said, author, forum, now, moderator):
    rest_on(forum, [], now, kind=SymbolKind.THEME)
    answer = ReplyText(Disposition.REFERRED, "Taken up there.", "en", "M/1")
    replies.reply_to(contribution=said, answer=answer, actor=moderator, now=now)
    assert told(author.email, now) == 0
    assert Notice.objects.get().sent_at == now


def test_the_first_look_of_all_tells_of_nothing_that_stands_already(said, author, forum, now):
    NoticeRound.objects.all().delete()
    rest_on(forum, [said.symbol], now, title="From an import")
    assert told(author.email, now) == 0
    rest_on(forum, [said.symbol], now, title="New")
    assert told(author.email, now) == 1
    assert told(author.email, now + timedelta(days=2)) == 0
    (letter,) = mail.outbox
    assert "New" in letter.body
    assert "From an import" not in letter.body


@pytest.fixture
def joint(contribute, make_person, request_as) -> Contribution:
    """A contribution of two authors."""
    one, other = contribute(make_person(), title="One"), contribute(make_person(), title="Two")
    merge = merges.propose_merge(
        forum_request=request_as(person=one.author),
        contribution=one,
        other=other,
        joint=Joint("Both", "Both together.", "en"),
    )
    return merges.consent_to_merge(forum_request=request_as(person=other.author), merge=merge).joint


def test_both_authors_of_a_joint_text_are_told_what_came_of_it(joint, forum, now):
    rest_on(forum, [joint.symbol], now, title="Of both")
    notices.note_what_came(now=now)
    both = sorted(voice.author.email for voice in joint.voices)
    assert queries.addresses_untold() == both
    for email in [*both, *both]:
        notices.send_notices(email=email, now=now + timedelta(days=1))
    assert [letter.to for letter in mail.outbox] == [[email] for email in both]
    assert all("Of both" in letter.body for letter in mail.outbox)


def test_what_a_reply_to_a_joint_text_told_is_told_to_neither_author_again(joint, forum, now, moderator):
    rest_on(forum, [], now, kind=SymbolKind.THEME)
    answer = ReplyText(Disposition.REFERRED, "Taken up there.", "en", "M/1")
    replies.reply_to(contribution=joint, answer=answer, actor=moderator, now=now)
    notices.note_what_came(now=now)
    assert queries.addresses_untold() == []


def test_nothing_is_ordered_for_whoever_wants_no_letters(said, author, forum, now):
    Person.objects.filter(pk=author.pk).update(wants_notices=False)
    rest_on(forum, [said.symbol], now)
    replies_tasks.look_for_what_came(now=now)
    assert not ProcrastinateJob.objects.filter(task_name__endswith="send_notices").exists()


def test_a_letter_that_waits_is_not_ordered_a_second_time(said, author, forum, now):
    rest_on(forum, [said.symbol], now)
    for hour in range(2):
        replies_tasks.look_for_what_came(now=now + timedelta(hours=hour))
    assert ProcrastinateJob.objects.filter(task_name__endswith="send_notices").count() == 1


def test_a_mail_program_ends_the_letters_with_one_click(said, author, forum, now):
    rest_on(forum, [said.symbol], now)
    told(author.email, now)
    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = headers["List-Unsubscribe"].strip("<>").removeprefix(settings.SITE_ADDRESS)
    program = Client(enforce_csrf_checks=True)
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Person.objects.get(pk=author.pk).wants_notices


@pytest.mark.parametrize("what", ["withdrawn", "invented"])
def test_no_letter_is_sent_about_what_was_withdrawn_or_to_the_invented(
    said, author, request_as, forum, now, what
):
    if what == "withdrawn":
        rest_on(forum, [said.symbol], now)
        notices.note_what_came(now=now)
        contributions.withdraw_contribution(forum_request=request_as(person=author), contribution=said)
    else:
        Person.objects.filter(pk=author.pk).update(is_invented=True)
        rest_on(forum, [said.symbol], now)
    assert told(author.email, now) == 0
    assert queries.addresses_untold() == []
    assert mail.outbox == []


def test_what_is_not_public_or_withdrawn_is_not_told(said, author, forum, now):
    rest_on(forum, [said.symbol], now, title="Hidden", is_public=False)
    gone = rest_on(forum, [said.symbol], now, title="Gone")
    notices.note_what_came(now=now)
    record.withdraw_symbol(gone, now=now)
    assert notices.send_notices(email=author.email, now=now) == 0


def test_somebody_known_by_their_letter_alone_is_told_until_they_say_no(said, forum, client, now):
    Contribution.objects.filter(pk=said.pk).update(author=None, author_email="Amina@example.org")
    rest_on(forum, [said.symbol], now)
    notices.note_what_came(now=now)
    assert queries.addresses_untold() == ["amina@example.org"]
    assert notices.send_notices(email="amina@example.org", now=now) == 1
    (letter,) = mail.outbox
    assert letter.to == ["Amina@example.org"]
    path = notices.stop_address("wsis20", "Amina@example.org")
    assert path in letter.body
    assert LettersStopped.objects.count() == 0
    assert client.get(path).status_code == 200
    assert LettersStopped.objects.count() == 0
    assert client.post(path).status_code == 200
    rest_on(forum, [said.symbol], now, title="Later still")
    assert told("amina@example.org", now + timedelta(days=3)) == 0


def test_a_person_ends_the_letters_from_a_letter_or_in_their_settings(said, author, forum, client_as, now):
    token = notices.stop_address("wsis20", author.email).rpartition("/")[2]
    notices.stop_letters(token=token, now=now)
    rest_on(forum, [said.symbol], now)
    assert told(author.email, now) == 0
    browser = client_as(person=author)
    browser.post("/account/me", {"name": "A", "language": "fr", "country": "", "wants_notices": "on"})
    assert told(author.email, now) == 1


def test_a_link_that_was_changed_ends_no_letters(author, now):
    token = notices.stop_address("wsis20", author.email).rpartition("/")[2]
    with pytest.raises(Refused) as refusal:
        notices.stop_letters(token=token[:-2], now=now)
    assert refusal.value.code == "link-broken"
    assert isinstance(refusal.value.__cause__, BadSignature)
    assert Person.objects.get(pk=author.pk).wants_notices


def test_the_calendar_looks_each_hour_and_orders_a_letter_for_each(said, author, forum, now):
    rest_on(forum, [said.symbol], now)
    replies_tasks.look_for_what_came(now=now)
    (job,) = ProcrastinateJob.objects.filter(task_name__endswith="send_notices")
    assert job.args == {"email": author.email}
    replies_tasks.send_notices(**job.args)
    assert len(mail.outbox) == 1
    periodic = queue.periodic_registry.periodic_tasks.values()
    assert any(one.task.name == "consultation.look_for_what_came" for one in periodic)


def test_an_edge_that_goes_takes_its_notice_along(said, forum, now):
    symbol = rest_on(forum, [said.symbol], now)
    notices.note_what_came(now=now)
    record.unlink(source=symbol, target=said.symbol, relation=Relation.CITES)
    assert Notice.objects.count() == 0
    assert Edge.objects.count() == 0


def test_the_page_of_a_broken_link_says_so(client, forum):
    answer = client.get(reverse("consultation:letters", args=["wsis20", "broken"]))
    assert answer.status_code == 422
    assert "This link is not whole" in answer.text
