"""Statements: put by whom the call lets, one or many at once; all or nothing."""

from datetime import timedelta

import pytest

from consultation.conftest import code_of, submit
from muntada.consultation.calls.models import Call
from muntada.consultation.statements.actions import moderation, statements
from muntada.consultation.statements.adapter import near_statements
from muntada.consultation.statements.models import Statement
from muntada.consultation.statements.rules.statements import STATEMENTS_OF_A_PERSON, STATEMENTS_PER_PASTE
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.models import LogEntry, Symbol
from muntada.record.rules import SYSTEM

# ---- putting ----


def test_a_statement_of_a_participant_waits_where_the_call_says_so(open_to_all, request_as, make_person):
    author = make_person()
    statement = submit(request_as(person=author), open_to_all)
    assert (statement.state, statement.author) == ("waiting", author)
    assert not statement.symbol.is_public
    open_to_all.statements_wait = False
    open_to_all.save()
    assert submit(request_as(), open_to_all, "Another.").state == "open"


def test_where_the_call_takes_none_only_moderators_put_statements(call, request_as):
    assert code_of(lambda: submit(request_as(), call), NotAllowed) == "statements-closed"
    assert submit(request_as(Role.MODERATOR), call).state == "open"


def test_no_statement_is_put_after_the_call_closed(open_to_all, request_as, now):
    open_to_all.closes_at = now - timedelta(days=1)
    open_to_all.save()
    assert code_of(lambda: submit(request_as(), open_to_all)) == "call-closed"


def test_one_person_puts_only_so_many(open_to_all, request_as, make_person, now):
    forum_request = request_as(person=make_person())
    for number in range(STATEMENTS_OF_A_PERSON):
        submit(forum_request, open_to_all, f"Statement {number}")
    assert code_of(lambda: submit(forum_request, open_to_all, "One more")) == "statements-full"
    assert Statement.objects.count() == STATEMENTS_OF_A_PERSON


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", "statement-missing"),
        ("\u200b\u200d\u2060", "statement-missing"),
        ("👍👍🏽", "statement-unreadable"),
        ("x" * 1_001, "statement-too-long"),
    ],
)
def test_what_nobody_can_read_is_refused(call, request_as, text, code):
    assert code_of(lambda: submit(request_as(Role.MODERATOR), call, text)) == code
    assert Symbol.objects.filter(kind="T").count() == 0


def test_characters_that_turn_the_direction_are_taken_out(call, request_as):
    assert (
        submit(request_as(Role.MODERATOR), call, "Masts \u202ecome\u202c first.").text == "Masts come first."
    )


def test_the_same_statement_is_not_put_twice(put_statement):
    put_statement()
    assert code_of(put_statement) == "statement-doubled"


def test_what_says_the_same_is_found_before_it_is_put(put_statement, call):
    first = put_statement("Every village should have access to the internet.")
    put_statement("Taxes on phones should be lower.")
    found = near_statements(call, "Every village should have acces to the Internet!", "en")
    assert [one.statement_id for one in found][:1] == [first.pk]
    assert near_statements(call, "Schools need more teachers of music.", "en") == []
    later = put_statement("Schools need more teachers for music.")
    found = near_statements(call, "Schools need more teachers of music.", "en")
    assert found[0].statement_id == later.pk


# ---- pasting ----


def paste(call: Call, now, text: str) -> tuple[list[Statement], int]:
    return statements.paste_statements(call=call, pasted=text, language="en", actor=SYSTEM, now=now)


def test_many_are_put_at_once_in_their_order_and_none_twice(put_statement, call, now, forum):
    put_statement("Two")
    put, there = paste(call, now, "One\r\n\nTwo\nThree\nOne\n")
    assert ([one.text for one in put], there) == (["One", "Three"], 1)
    assert [one.symbol.number for one in put] == [2, 3]
    assert LogEntry.objects.filter(verb="put_statement").count() == 3


def test_five_thousand_at_once_are_refused_and_nothing_is_kept(call, now):
    text = "\n".join(f"Statement {number}" for number in range(5_000))
    with pytest.raises(Refused) as refusal:
        paste(call, now, text)
    assert refusal.value.code == "paste-too-long"
    assert f"at most {STATEMENTS_PER_PASTE}" in str(refusal.value)
    assert Statement.objects.count() == Symbol.objects.filter(kind="T").count() == 0


def test_a_line_that_is_wrong_is_named_and_nothing_is_kept(call, now):
    with pytest.raises(Refused) as refusal:
        paste(call, now, "One\nTwo\n" + "x" * 1_001 + "\nFour")
    assert str(refusal.value).startswith("Line 3: A statement has at most")
    assert Statement.objects.count() == 0


# ---- after the end, and words that are out ----


def test_nothing_is_put_or_pasted_after_the_end_by_moderators_either(open_to_all, request_as, now):
    open_to_all.closes_at = now - timedelta(days=1)
    open_to_all.save()
    assert code_of(lambda: submit(request_as(Role.MODERATOR), open_to_all)) == "call-over"
    assert code_of(lambda: paste(open_to_all, now, "One\nTwo")) == "call-over"
    open_to_all.opens_at, open_to_all.closes_at = now + timedelta(days=1), now + timedelta(days=2)
    open_to_all.save()
    put, _ = paste(open_to_all, now, "One\nTwo")
    assert len(put) == 2, "before a call opens its statements are made ready"


def test_the_same_words_as_a_hidden_or_waiting_statement_are_refused_with_what_holds(
    open_to_all, put_statement, request_as, now, moderator
):
    moderation.hide_statement(
        statement=put_statement("An insult."), reason="It insults.", actor=moderator, now=now
    )
    submit(request_as(), open_to_all, "Not read yet.")
    for text, said in (("An insult.", "T/1 says why"), ("Not read yet.", "waits for a moderator already")):
        with pytest.raises(Refused) as refusal:
            submit(request_as(), open_to_all, text)
        assert refusal.value.code == "statement-doubled"
        assert said in str(refusal.value)
