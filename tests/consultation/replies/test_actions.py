"""What changes the consultation: calls, statements, replies and themes."""

from datetime import timedelta

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.consultation.calls.actions import calls
from muntada.consultation.contributions.actions import contributions
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.replies.actions import replies
from muntada.consultation.replies.models import Reply, ReplyLetter
from muntada.consultation.replies.rules import Disposition, ReplyText
from muntada.consultation.statements.actions import moderation, statements
from muntada.consultation.statements.actions.statements import Wording
from muntada.consultation.statements.models import Statement
from muntada.consultation.themes.actions import themes
from muntada.consultation.themes.rules import ThemeText
from muntada.foundations.errors import NotAllowed, Refused
from muntada.record import queries as record
from muntada.record.actions import give_symbol
from muntada.record.models import Edge, LogEntry
from muntada.record.rules import Relation, SymbolKind


def jobs(name: str) -> list[dict[str, object]]:
    return list(ProcrastinateJob.objects.filter(task_name__endswith=name).values_list("args", flat=True))


def test_a_statement_shows_where_it_was_taken_from(contribute, now, moderator):
    contribution = contribute()
    wording = Wording("Masts come first.", "en", {"ar": {"text": "الأبراج أولاً.", "status": "reviewed"}})
    statement = statements.take_statement(
        contribution=contribution, wording=wording, actor=moderator, now=now
    )
    edge = Edge.objects.get()
    assert (edge.source, edge.target) == (statement.symbol, contribution.symbol)
    assert edge.relation == Relation.TAKEN_FROM
    assert statement.translations["ar"]["text"] == "الأبراج أولاً."
    assert Statement.objects.get().symbol.short == "T/1"


def test_nothing_is_taken_from_what_is_not_public(contribute, now, moderator):
    contribution = contribute(consent_to_publish=False)
    with pytest.raises(Refused) as refusal:
        statements.take_statement(
            contribution=contribution, wording=Wording("Masts.", "en"), actor=moderator, now=now
        )
    assert refusal.value.code == "contribution-not-public"


def test_the_same_statement_is_not_put_twice(put_statement):
    put_statement()
    with pytest.raises(Refused) as refusal:
        put_statement()
    assert refusal.value.code == "statement-doubled"


def test_a_hidden_statement_gives_its_reason_and_can_come_back(put_statement, now, moderator):
    statement = put_statement()
    with pytest.raises(Refused) as refusal:
        moderation.hide_statement(statement=statement, reason=" ", actor=moderator, now=now)
    assert refusal.value.code == "reason-missing"
    moderation.hide_statement(statement=statement, reason="An insult", actor=moderator, now=now)
    kept = Statement.objects.get()
    assert (kept.state, kept.hidden_reason, kept.symbol.is_public) == ("hidden", "An insult", False)
    moderation.show_statement(statement=statement, actor=moderator, now=now)
    assert Statement.objects.get().state == "open"


def test_other_roles_can_neither_open_calls_nor_moderate(
    contribute, put_statement, forum, call, now, moderator, participant
):
    contribution, statement = contribute(), put_statement()
    answer = ReplyText(Disposition.DECLINED, "No.", "en")
    matter = ThemeText({"en": "Masts"}, "", "en")
    new = calls.NewCall("x", {}, {}, [], now, None)
    for action in (
        lambda: calls.open_call(forum=forum, new=new, actor=moderator, now=now),
        lambda: calls.extend_call(call=call, closes_at=now, reason="x", actor=participant, now=now),
        lambda: statements.put_statement(call=call, wording=Wording("A", "en"), actor=participant, now=now),
        lambda: statements.take_statement(
            contribution=contribution, wording=Wording("A", "en"), actor=participant, now=now
        ),
        lambda: moderation.hide_statement(statement=statement, reason="x", actor=participant, now=now),
        lambda: moderation.show_statement(statement=statement, actor=participant, now=now),
        lambda: replies.reply_to(contribution=contribution, answer=answer, actor=participant, now=now),
        lambda: themes.raise_theme(
            forum=forum, matter=matter, contributions=[contribution], actor=participant, now=now
        ),
    ):
        with pytest.raises(NotAllowed):
            action()


def test_an_extension_gives_more_time_and_is_kept_as_an_event(call, now, secretariat):
    later = call.closes_at + timedelta(days=5)
    extension = calls.extend_call(call=call, closes_at=later, reason="Asked for", actor=secretariat, now=now)
    assert extension.closed_at == call.closes_at
    call.refresh_from_db()
    assert call.closes_at == later
    with pytest.raises(Refused) as refusal:
        calls.extend_call(call=call, closes_at=now, reason="x", actor=secretariat, now=now)
    assert refusal.value.code == "extension-not-later"


@pytest.mark.parametrize("slug", ["inbox", "open-call"])
def test_an_address_that_is_taken_is_refused(call, make_call, slug):
    with pytest.raises(Refused) as refusal:
        make_call(slug)
    assert refusal.value.code == "call-address-taken"


def test_a_reply_is_public_with_its_reason_and_goes_to_the_author(
    contribute, make_person, write_reply_letters, now, moderator
):
    author = make_person()
    contribution = contribute(author)
    answer = ReplyText(Disposition.ACCEPTED, "We will discuss it.", "en")
    replies.reply_to(contribution=contribution, answer=answer, actor=moderator, now=now)
    reply = Reply.objects.get()
    assert (reply.disposition, reply.role) == ("accepted", "moderator")
    write_reply_letters()
    (letter,) = mail.outbox
    assert letter.to == [author.email]
    assert "We will discuss it." in letter.body
    assert "Accepted" in letter.body


def test_the_same_reply_sent_twice_is_one_and_a_later_one_stands_beside_it(contribute, now, moderator):
    contribution = contribute()
    for reason in ("Yes.", "Yes.", "On second thoughts, yes."):
        answer = ReplyText(Disposition.ACCEPTED, reason, "en")
        replies.reply_to(contribution=contribution, answer=answer, actor=moderator, now=now)
    assert list(Reply.objects.values_list("reason", flat=True)) == ["Yes.", "On second thoughts, yes."]
    assert ReplyLetter.objects.count() == 2


def test_the_same_theme_raised_twice_is_one(contribute, forum, now, moderator):
    first, second = contribute(), contribute(title="Other")
    raised = [
        themes.raise_theme(
            forum=forum,
            matter=ThemeText({"en": "Masts"}, "", "en"),
            contributions=[one],
            actor=moderator,
            now=now,
        )
        for one in (first, second)
    ]
    assert raised[0] == raised[1]
    assert set(raised[0].contributions.all()) == {first, second}


def test_what_a_reply_leads_to_rests_on_the_contribution(contribute, now, moderator):
    contribution = contribute()
    theme = give_symbol(
        forum_id=contribution.symbol.forum_id, kind=SymbolKind.THEME, title="Masts", language="en", now=now
    )
    answer = ReplyText(Disposition.REFERRED, "Taken up there.", "en", leads_to="M/1")
    replies.reply_to(contribution=contribution, answer=answer, actor=moderator, now=now)
    edge = Edge.objects.get()
    assert (edge.source, edge.target) == (theme, contribution.symbol)
    assert edge.relation == Relation.ANSWERS


def test_a_clustered_contribution_becomes_part_of_the_theme(contribute, forum, now, moderator):
    first, second = contribute(), contribute(title="Other")
    theme = themes.raise_theme(
        forum=forum,
        matter=ThemeText({"en": "Masts"}, "About [C/1].", "en"),
        contributions=[first],
        actor=moderator,
        now=now,
    )
    answer = ReplyText(Disposition.CLUSTERED, "Belongs there.", "en", leads_to="[M/1]")
    replies.reply_to(contribution=second, answer=answer, actor=moderator, now=now)
    assert set(theme.contributions.all()) == {first, second}
    raised = Edge.objects.filter(source=theme.symbol, relation=Relation.RAISED_IN)
    assert set(raised.values_list("target_id", flat=True)) == {first.symbol_id, second.symbol_id}
    assert Edge.objects.filter(source=theme.symbol, relation=Relation.CITES).count() == 1


@pytest.mark.parametrize(
    ("disposition", "leads_to", "code"),
    [
        (Disposition.MERGED, "", "lead-needed"),
        (Disposition.MERGED, "C/77", "lead-unknown"),
        (Disposition.MERGED, "nonsense", "lead-unknown"),
        (Disposition.MERGED, "C/1", "lead-itself"),
        (Disposition.CLUSTERED, "C/2", "lead-needed"),
        (Disposition.DECLINED, "C/2", "lead-of-declined"),
    ],
)
def test_a_reply_that_leads_nowhere_is_refused(contribute, now, disposition, leads_to, code, moderator):
    contribution = contribute()
    contribute(title="Other")
    answer = ReplyText(disposition, "Because.", "en", leads_to=leads_to)
    with pytest.raises(Refused) as refusal:
        replies.reply_to(contribution=contribution, answer=answer, actor=moderator, now=now)
    assert (refusal.value.code, refusal.value.field) == (code, "leads_to")
    assert Reply.objects.count() == 0


def test_a_theme_needs_a_title_and_contributions_that_stand(
    contribute, forum, request_as, make_person, now, moderator
):
    author = make_person()
    contribution = contribute(author)

    def refused(matter: ThemeText, chosen: list[Contribution]) -> str:
        with pytest.raises(Refused) as refusal:
            themes.raise_theme(forum=forum, matter=matter, contributions=chosen, actor=moderator, now=now)
        return refusal.value.code

    assert refused(ThemeText({"en": ""}, "", "en"), [contribution]) == "title-missing"
    assert refused(ThemeText({"en": "Masts"}, "", "en"), []) == "contributions-missing"
    contributions.withdraw_contribution(forum_request=request_as(person=author), contribution=contribution)
    contribution.refresh_from_db()
    assert refused(ThemeText({"en": "Masts"}, "", "en"), [contribution]) == "contribution-unfit"


def test_every_action_is_in_the_log_and_the_chain_is_whole(contribute, put_statement, forum, now, moderator):
    contribution = contribute()
    put_statement()
    replies.reply_to(
        contribution=contribution,
        answer=ReplyText(Disposition.ACCEPTED, "Yes.", "en"),
        actor=moderator,
        now=now,
    )
    verbs = list(LogEntry.objects.filter(forum=forum).order_by("sequence").values_list("verb", flat=True))
    assert verbs[-4:] == ["open_call", "submit_contribution", "put_statement", "reply_to"]
    assert record.check_log(forum.pk).is_whole
