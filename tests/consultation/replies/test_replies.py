"""Replies: to contributions and statements, to several at once, with templates; and what waits for one."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from muntada.consultation.contributions.models import Contribution
from muntada.consultation.merging import actions as merges
from muntada.consultation.replies.actions import replies, reply_templates
from muntada.consultation.replies.models import Reply, ReplyTemplate
from muntada.consultation.replies.queries import replies as queries
from muntada.consultation.replies.queries.replies import InboxFilter
from muntada.consultation.replies.rules import Disposition, ReplyText, TemplateWords, require_template
from muntada.consultation.statements.actions import moderation, statements
from muntada.consultation.statements.actions.statements import Wording
from muntada.consultation.statements.models import Statement
from muntada.consultation.themes.actions import themes
from muntada.consultation.themes.rules import ThemeText
from muntada.forums.merging.rules import Joint
from muntada.forums.models import Line
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.models import Edge, LogEntry

YES = ReplyText(Disposition.ACCEPTED, "We take it up.", "en")
SAME_AS_TWO = ReplyText(Disposition.MERGED, "The same.", "en", "C/2")
WORDS = TemplateWords(
    titles={"en": "Thanks"},
    disposition=Disposition.REFERRED,
    reasons={"en": "We pass it on.", "ar": "نحيله إلى المعنيين."},
)


def address(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=["wsis20", *args])


def symbols(said) -> list[str]:
    return [one.symbol.short for one in said]


# ---- statements and several at once ----


def test_a_statement_is_answered_and_its_author_is_told(
    contribute, make_person, write_reply_letters, now, moderator
):
    author = make_person(language="fr")
    contribution = contribute(author)
    statement = statements.take_statement(
        contribution=contribution, wording=Wording("Masts first.", "en"), actor=moderator, now=now
    )
    replies.reply_to_statement(statement=statement, answer=YES, actor=moderator, now=now)
    reply = Reply.objects.get()
    assert (reply.statement, reply.contribution) == (statement, None)
    write_reply_letters()
    (letter,) = mail.outbox
    assert letter.to == [author.email]
    assert "Masts first." in letter.body
    assert "/wsis20/t/1" in letter.body


def test_several_are_answered_with_the_same_words_and_each_says_so(contribute, put_statement, now, moderator):
    said = [contribute(title="One"), contribute(title="Two"), put_statement()]
    answered = replies.reply_together(said=said, answer=YES, actor=moderator, now=now)
    assert [reply.together for reply in answered] == [3, 3, 3]
    assert LogEntry.objects.filter(verb="reply_to").count() == 3
    again = replies.reply_together(said=said, answer=YES, actor=moderator, now=now)
    assert again == answered


def test_of_several_none_is_answered_if_one_cannot_be(contribute, now, moderator):
    first, second = contribute(title="One"), contribute(title="Two")
    answer = ReplyText(Disposition.MERGED, "The same.", "en", leads_to="C/2")
    with pytest.raises(Refused) as refusal:
        replies.reply_together(said=[first, second], answer=answer, actor=moderator, now=now)
    assert refusal.value.code == "lead-itself"
    assert Reply.objects.count() == 0


@pytest.mark.parametrize(
    ("disposition", "leads_to", "code"),
    [
        (Disposition.MERGED, "C/1", "lead-needed"),
        (Disposition.MERGED, "T/1", "lead-itself"),
        (Disposition.CLUSTERED, "T/2", "lead-needed"),
        (Disposition.DECLINED, "T/2", "lead-of-declined"),
    ],
)
def test_what_a_reply_to_a_statement_leads_to_has_to_fit(
    contribute, put_statement, now, disposition, leads_to, code, moderator
):
    contribute()
    first, _ = put_statement("One."), put_statement("Two.")
    answer = ReplyText(disposition, "Because.", "en", leads_to)
    with pytest.raises(Refused) as refusal:
        replies.reply_to_statement(statement=first, answer=answer, actor=moderator, now=now)
    assert refusal.value.code == code


def test_a_statement_merged_with_another_leads_to_it(put_statement, now, moderator):
    first, second = put_statement("One."), put_statement("Two.")
    answer = ReplyText(Disposition.MERGED, "The same.", "en", "T/2")
    replies.reply_to_statement(statement=first, answer=answer, actor=moderator, now=now)
    edge = Edge.objects.get()
    assert (edge.source, edge.target) == (second.symbol, first.symbol)


def test_statements_are_not_merged_in_a_ring(put_statement, now, moderator):
    said = [put_statement(f"Number {place}.") for place in range(3)]
    for one, other in ((0, "T/2"), (1, "T/3")):
        answer = ReplyText(Disposition.MERGED, "The same.", "en", other)
        replies.reply_to_statement(statement=said[one], answer=answer, actor=moderator, now=now)
    answer = ReplyText(Disposition.MERGED, "The same.", "en", "T/1")
    with pytest.raises(Refused) as refusal:
        replies.reply_to_statement(statement=said[2], answer=answer, actor=moderator, now=now)
    assert refusal.value.code == "merge-ring"


def test_no_reply_says_that_two_are_one_without_their_authors(contribute, now, moderator):
    said, _ = contribute(title="One"), contribute(title="Two")
    with pytest.raises(Refused) as refusal:
        replies.reply_to(contribution=said, answer=SAME_AS_TWO, actor=moderator, now=now)
    assert refusal.value.code == "merge-without-consent"
    assert Reply.objects.count() == 0


def test_a_reply_points_to_the_joint_text_of_two_authors(contribute, make_person, request_as, now, moderator):
    one, other = contribute(make_person(), title="One"), contribute(make_person(), title="Two")
    words = Joint("Both", "Both together.", "en")
    merge = merges.propose_merge(
        forum_request=request_as(person=one.author), contribution=one, other=other, joint=words
    )
    joint = merges.consent_to_merge(forum_request=request_as(person=other.author), merge=merge).joint
    answer = ReplyText(Disposition.MERGED, "As both said.", "en", joint.symbol.short)
    replies.reply_together(said=[one, other], answer=answer, actor=moderator, now=now)
    assert {reply.leads_to for reply in Reply.objects.filter(reason="As both said.")} == {joint.symbol}


def test_a_text_rests_on_no_other_because_somebody_points_there(contribute, now, moderator):
    said, other = contribute(title="One"), contribute(title="Two")
    answer = ReplyText(Disposition.REFERRED, "Read together with it.", "en", "C/2")
    replies.reply_to(contribution=said, answer=answer, actor=moderator, now=now)
    assert Reply.objects.get().leads_to == other.symbol
    assert Edge.objects.count() == 0


@pytest.mark.parametrize("leads_to", ["", "M/1"])
def test_a_reply_to_thirty_asks_the_database_no_more_often_than_one_to_three(
    contribute, forum, now, django_assert_max_num_queries, leads_to, moderator
):
    matter = ThemeText({"en": "Masts"}, "", "en")
    first = contribute(title="First")
    themes.raise_theme(forum=forum, matter=matter, contributions=[first], actor=moderator, now=now)
    disposition = Disposition.CLUSTERED if leads_to else Disposition.ACCEPTED
    asked = []
    for count in (3, 30):
        said = [contribute(title=f"{count}: {place}") for place in range(count)]
        answer = ReplyText(disposition, "Thank you.", "en", leads_to)
        with django_assert_max_num_queries(40) as questions:
            replies.reply_together(said=said, answer=answer, actor=moderator, now=now)
        asked.append(len(questions))
    # One that is told already that a letter waits has to take that back.
    assert asked[1] <= asked[0] + 2


def test_the_database_wants_one_thing_per_reply(contribute, put_statement, now):
    columns = {
        "disposition": "accepted",
        "reason": "x",
        "language": "en",
        "role": "moderator",
        "replied_at": now,
    }
    for said in ({}, {"contribution": contribute(), "statement": put_statement()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reply.objects.create(**columns, **said)


# ---- what waits ----


def test_the_inbox_holds_what_waits_the_oldest_first(contribute, put_statement, forum, now, moderator):
    old, new, statement = contribute(title="Old"), contribute(title="New"), put_statement()
    hidden = put_statement("Hidden.")
    moderation.hide_statement(statement=hidden, reason="Not nice.", actor=moderator, now=now)
    Contribution.objects.filter(pk=old.pk).update(submitted_at=now - timedelta(days=40))
    Statement.objects.filter(pk=statement.pk).update(put_at=now - timedelta(days=10))
    assert symbols(queries.said_in(queries.inbox(forum, InboxFilter(), now))) == ["C/1", "T/1", "C/2"]
    waiting = queries.waiting_in(forum, now)
    assert (waiting.contributions, waiting.statements) == (2, 1)
    assert waiting.by_age == [(7, 2), (30, 1), (90, 0)]
    assert waiting.oldest == now - timedelta(days=40)
    replies.reply_to(contribution=new, answer=YES, actor=moderator, now=now)
    assert symbols(queries.said_in(queries.inbox(forum, InboxFilter(), now))) == ["C/1", "T/1"]


def test_the_inbox_is_narrowed(contribute, make_call, forum, now, moderator):
    first = contribute(title="Old", line_ids=(Line.objects.get(code="C2").pk,))
    contribute(title="Arabic", language="ar")
    contribute(title="Elsewhere", call=make_call("other-call"))
    statements.take_statement(
        contribution=first, wording=Wording("Masts.", "en"), actor=moderator, now=now + timedelta(hours=1)
    )
    Contribution.objects.filter(pk=first.pk).update(submitted_at=now - timedelta(days=40))
    for wanted, found in [
        (InboxFilter(what="contributions"), ["C/1", "C/2", "C/3"]),
        (InboxFilter(what="statements"), ["T/1"]),
        (InboxFilter(call="other-call"), ["C/3"]),
        (InboxFilter(language="ar"), ["C/2"]),
        (InboxFilter(line="C2"), ["C/1", "T/1"]),
        (InboxFilter(days=30), ["C/1"]),
        (InboxFilter(language="ru"), []),
    ]:
        assert symbols(queries.said_in(queries.inbox(forum, wanted, now))) == found


def test_what_was_answered_is_counted_by_its_last_reply(
    contribute, put_statement, call, forum, now, moderator
):
    one = contribute(title="One")
    contribute(title="Two")
    replies.reply_to(contribution=one, answer=YES, actor=moderator, now=now)
    later = ReplyText(Disposition.DECLINED, "After all, no.", "en")
    replies.reply_to(contribution=one, answer=later, actor=moderator, now=now + timedelta(days=1))
    answered = queries.answered_in(forum, call)
    assert (answered.said, answered.answered, answered.waiting) == (2, 1, 1)
    assert answered.by_disposition["declined"] == 1
    assert answered.by_disposition["accepted"] == 0
    assert symbols(queries.said_in(queries.answered_rows(call, "declined"))) == ["C/1"]
    assert queries.said_in(queries.answered_rows(call, "accepted")) == []


# ---- templates ----


def test_a_template_is_made_edited_retired_and_brought_back(forum, now, moderator, participant):
    template = reply_templates.make_template(forum=forum, words=WORDS, actor=moderator, now=now)
    assert reply_templates.make_template(forum=forum, words=WORDS, actor=moderator, now=now) == template
    better = TemplateWords({"en": "Passed on"}, Disposition.REFERRED, {"en": "Passed on.", "fr": " "})
    reply_templates.edit_template(template=template, words=better, actor=moderator, now=now)
    assert ReplyTemplate.objects.get().reasons == {"en": "Passed on."}
    reply_templates.retire_template(template=template, actor=moderator, now=now)
    assert list(queries.templates_of(forum)) == []
    reply_templates.bring_back_template(template=template, actor=moderator, now=now)
    assert list(queries.templates_of(forum)) == [template]
    verbs = LogEntry.objects.filter(verb__contains="template").order_by("sequence")
    assert [entry.verb for entry in verbs] == [
        "make_reply_template",
        "edit_reply_template",
        "retire_reply_template",
        "bring_back_reply_template",
    ]
    with pytest.raises(NotAllowed):
        reply_templates.make_template(forum=forum, words=WORDS, actor=participant, now=now)


@pytest.mark.parametrize(
    ("titles", "reasons", "code", "field"),
    [
        ({"en": " "}, {"en": "x"}, "title-missing", "titles"),
        ({"en": "x"}, {"en": " "}, "reason-missing", "reason_ar"),
        ({"en": "x"}, {"en": "x", "fr": "x" * 4_001}, "reason-too-long", "reason_fr"),
    ],
)
def test_a_template_has_a_name_and_words(titles, reasons, code, field):
    with pytest.raises(Refused) as refusal:
        require_template(TemplateWords(titles, Disposition.ACCEPTED, reasons), ("ar", "en"))
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_a_template_is_filled_in_without_javascript_and_nothing_typed_is_lost(
    contribute, forum, client_as, now, moderator
):
    contribute(language="ar")
    template = reply_templates.make_template(forum=forum, words=WORDS, actor=moderator, now=now)
    typed = {"reason": "Dear author,", "leads_to": "C/1", "template": template.pk, "step": "fill"}
    page = client_as(Role.MODERATOR).post(address("reply", 1), typed)
    assert page.status_code == 200
    assert "Dear author,\r\n\r\nنحيله" in page.text.replace("\n\n", "\r\n\r\n")
    assert 'value="referred"' in page.text.partition("checked")[0].rpartition("<input")[2] + page.text
    assert 'value="C/1"' in page.text
    assert Reply.objects.count() == 0


def test_templates_are_kept_through_the_pages(forum, client_as):
    browser = client_as(Role.MODERATOR)
    typed = {"titles": "Thanks", "disposition": "accepted", "reason_en": "", "reason_fr": "Merci."}
    assert browser.post(address("new_template"), typed | {"titles": ""}).status_code == 422
    assert browser.post(address("new_template"), typed).status_code == 302
    template = ReplyTemplate.objects.get()
    assert "Merci." in browser.get(address("edit_template", template.pk)).text
    browser.post(address("edit_template", template.pk), typed | {"reason_en": "Thank you."})
    assert ReplyTemplate.objects.get().reasons == {"en": "Thank you.", "fr": "Merci."}
    browser.post(address("retire_template", template.pk))
    assert "Bring it back" in browser.get(address("reply_templates")).text


# ---- the pages ----


def test_chosen_ones_are_answered_with_one_reply(contribute, put_statement, client_as):
    contribute(title="One")
    contribute(title="Two")
    put_statement()
    browser = client_as(Role.MODERATOR)
    page = browser.get(address("reply_together"), {"said": ["C/1", "T/1"]})
    assert 'name="said" value="C/1"' in page.text
    typed = {"said": ["C/1", "T/1"], "disposition": "accepted", "reason": "", "language": "en"}
    refused = browser.post(address("reply_together"), typed)
    assert refused.status_code == 422
    assert 'name="said" value="T/1"' in refused.text
    assert browser.post(address("reply_together"), typed | {"reason": "Both."}).status_code == 302
    assert Reply.objects.filter(together=2).count() == 2
    assert "2 texts were answered with these words at once" in browser.get("/wsis20/t/1").text


@pytest.mark.parametrize(
    "said", [["C/9"], ["M/1"], ["nonsense"], [f"C/{number}" for number in range(1, 203)]]
)
def test_what_is_not_there_is_not_answered(contribute, client_as, said):
    contribute()
    assert client_as(Role.MODERATOR).get(address("reply_together"), {"said": said}).status_code == 422


def test_you_said_we_did_shows_the_last_reply_and_what_it_led_to(
    contribute, put_statement, client, now, moderator
):
    first, second = contribute(title="Said one"), contribute(title="Said two")
    themes.raise_theme(
        forum=second.call.forum,
        matter=ThemeText({"en": "Masts"}, "", "en"),
        contributions=[second],
        actor=moderator,
        now=now,
    )
    answer = ReplyText(Disposition.REFERRED, "See the theme.", "en", "M/1")
    replies.reply_to(contribution=first, answer=answer, actor=moderator, now=now)
    replies.reply_to_statement(statement=put_statement("Put."), answer=YES, actor=moderator, now=now)
    hidden = contribute(title="Kept to myself", consent_to_publish=False)
    replies.reply_to(contribution=hidden, answer=YES, actor=moderator, now=now)
    page = client.get(address("replies", "open-call")).text
    assert "Said one" in page
    assert "It led to:" in page
    assert "M/1" in page
    assert "Put." in page
    assert "Kept to myself" not in page
    accepted = client.get(address("replies", "open-call"), {"disposition": "accepted"}).text
    assert "Put." in accepted
    assert "See the theme." not in accepted
