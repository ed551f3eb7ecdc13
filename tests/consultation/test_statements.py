"""Statements: put by whom the call lets, moderated, split, merged, corrected, translated; all or nothing."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.consultation import tasks
from muntada.consultation.actions import moderation, statements
from muntada.consultation.actions.statements import Wording
from muntada.consultation.actions.votes import cast_vote
from muntada.consultation.engine.nearness import near_statements
from muntada.consultation.models import Call, Statement
from muntada.consultation.queries import statements as asked
from muntada.consultation.queries.votes import voter_here
from muntada.consultation.rules.calls import StatementsOpenTo
from muntada.consultation.rules.statements import (
    STATEMENTS_OF_A_PERSON,
    STATEMENTS_PER_PASTE,
    TranslationStatus,
    require_correction,
)
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.models import Edge, LogEntry, Symbol
from muntada.record.queries import led_to, rests_on
from muntada.record.rules import Relation

from .conftest import MODERATOR, PARTICIPANT


@pytest.fixture
def open_to_all(call: Call) -> Call:
    call.statements_open_to = StatementsOpenTo.SIGNED_IN
    call.save()
    return call


def submit(here, call: Call, text: str = "Masts come before cables.") -> Statement:
    return statements.submit_statement(here=here, call=call, wording=Wording(text, "en"))


def code_of(act, kind: type[Refused] = Refused) -> str:
    with pytest.raises(kind) as refusal:
        act()
    return refusal.value.code


# ---- putting ----


def test_a_statement_of_a_participant_waits_where_the_call_says_so(open_to_all, here_as, make_person):
    author = make_person()
    statement = submit(here_as(person=author), open_to_all)
    assert (statement.state, statement.author) == ("waiting", author)
    assert not statement.symbol.is_public
    open_to_all.statements_wait = False
    open_to_all.save()
    assert submit(here_as(), open_to_all, "Another.").state == "open"


def test_where_the_call_takes_none_only_moderators_put_statements(call, here_as):
    assert code_of(lambda: submit(here_as(), call), NotAllowed) == "statements-closed"
    assert submit(here_as(Role.MODERATOR), call).state == "open"


def test_no_statement_is_put_after_the_call_closed(open_to_all, here_as, now):
    open_to_all.closes_at = now - timedelta(days=1)
    open_to_all.save()
    assert code_of(lambda: submit(here_as(), open_to_all)) == "call-closed"


def test_one_person_puts_only_so_many(open_to_all, here_as, make_person, now):
    here = here_as(person=make_person())
    for number in range(STATEMENTS_OF_A_PERSON):
        submit(here, open_to_all, f"Statement {number}")
    assert code_of(lambda: submit(here, open_to_all, "One more")) == "statements-full"
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
def test_what_nobody_can_read_is_refused(call, here_as, text, code):
    assert code_of(lambda: submit(here_as(Role.MODERATOR), call, text)) == code
    assert Symbol.objects.filter(kind="T").count() == 0


def test_characters_that_turn_the_direction_are_taken_out(call, here_as):
    assert submit(here_as(Role.MODERATOR), call, "Masts \u202ecome\u202c first.").text == "Masts come first."


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
    return statements.paste_statements(call=call, pasted=text, language="en", actor=MODERATOR, now=now)


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


# ---- the queue ----


@pytest.fixture
def waiting(open_to_all, here_as, make_person) -> Statement:
    return submit(here_as(person=make_person(language="fr")), open_to_all)


def test_a_moderator_lets_a_statement_in(waiting, call, now):
    moderation.let_in(statement=waiting, actor=MODERATOR, now=now)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.symbol.is_public) == ("open", True)
    assert waiting.decided_at == now
    refuse = {"statement": waiting, "reason": "x", "actor": MODERATOR, "now": now}
    assert code_of(lambda: moderation.refuse_statement(**refuse)) == "statement-decided"


def test_who_is_refused_gets_a_letter_with_the_reason(waiting, call, now, mailoutbox):
    refuse = {"statement": waiting, "actor": MODERATOR, "now": now}
    assert code_of(lambda: moderation.refuse_statement(reason=" ", **refuse)) == "reason-missing"
    moderation.refuse_statement(reason="It names a person.", **refuse)
    moderation.refuse_statement(reason="It names a person.", **refuse)
    (job,) = ProcrastinateJob.objects.filter(task_name__endswith="send_statement_refusal")
    tasks.send_statement_refusal(**job.args)
    (letter,) = mailoutbox
    assert letter.to == [waiting.author.email]
    assert "It names a person." in letter.body
    assert waiting.text in letter.body


def test_only_those_who_moderate_decide(waiting, now):
    words = {"statement": waiting, "actor": PARTICIPANT, "now": now}
    for act in (
        lambda: moderation.let_in(**words),
        lambda: moderation.refuse_statement(reason="x", **words),
        lambda: moderation.correct_statement(text="x", reason="x", **words),
        lambda: moderation.merge_statements(into=waiting, **words),
        lambda: moderation.translate_statement(
            language="fr", text="x", status=TranslationStatus.REVIEWED, **words
        ),
        lambda: statements.split_statement(pasted="a\nb", keeps_original=False, **words),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_trace_of_a_hidden_statement_names_no_wish_of_its_author(contribute, now):
    contribution = contribute()
    taken = statements.take_statement(
        contribution=contribution, wording=Wording("Masts.", "en"), actor=MODERATOR, now=now
    )
    moderation.hide_statement(statement=taken, reason="An insult", actor=MODERATOR, now=now)
    (line,) = led_to(contribution.symbol)
    assert line.title == "Not put to the vote"
    assert asked.decided_by(taken).role == Role.MODERATOR


# ---- splitting and merging ----


def split(statement: Statement, now, text: str, *, keeps: bool = False) -> list[Statement]:
    return statements.split_statement(
        statement=statement, pasted=text, keeps_original=keeps, actor=MODERATOR, now=now
    )


def test_a_longer_statement_is_split_with_its_lineage(put_statement, now):
    whole = put_statement("Masts first, and taxes down.")
    assert code_of(lambda: split(whole, now, "Masts first.")) == "split-one-part"
    parts = split(whole, now, "Masts first.\nTaxes down.")
    whole.refresh_from_db()
    assert (whole.state, whole.hidden_reason) == ("hidden", "Split into T/2, T/3.")
    assert [part.split_from for part in parts] == [whole, whole]
    assert [line.symbol for line in rests_on(parts[0].symbol)] == ["WSIS20/T/1"]
    assert Edge.objects.filter(target=whole.symbol, relation=Relation.TAKEN_FROM).count() == 2


def test_the_longer_one_may_stay(put_statement, now):
    whole = put_statement("Masts first, and taxes down.")
    split(whole, now, "Taxes down.", keeps=True)
    whole.refresh_from_db()
    assert whole.state == "open"


def merge(one: Statement, into: Statement, now) -> None:
    moderation.merge_statements(statement=one, into=into, actor=MODERATOR, now=now)


def test_merged_statements_keep_their_votes_and_voters_are_asked_again(
    put_statement, here_as, make_person, call, now
):
    first, second, third = (put_statement(f"Masts {number}") for number in range(3))
    here = here_as(person=make_person())
    cast_vote(here=here, statement=first, value=1)
    merge(first, second, now)
    merge(second, third, now)
    first.refresh_from_db()
    assert (first.state, first.merged_into, first.votes.count()) == ("merged", third, 1)
    assert set(Edge.objects.values_list("source__number", "target__number")) == {(3, 1), (3, 2)}
    ballot = asked.ballot_of(call, here, voter_here(call.pk, here, ""))
    assert (ballot.row.statement, ballot.stands_for) == (third, 1)
    moderation.show_statement(statement=first, actor=MODERATOR, now=now)
    first.refresh_from_db()
    assert (first.state, first.merged_into) == ("open", None)
    assert Edge.objects.count() == 1


def test_merging_with_itself_or_with_what_is_closed_is_refused(put_statement, make_call, now):
    one, hidden = put_statement("One"), put_statement("Two")
    elsewhere = put_statement("Three", call=make_call("elsewhere"))
    moderation.hide_statement(statement=hidden, reason="x", actor=MODERATOR, now=now)
    codes = [code_of(lambda into=into: merge(one, into, now)) for into in (one, elsewhere, hidden)]
    assert codes == ["merge-elsewhere", "merge-elsewhere", "merge-not-open"]


# ---- corrections and translations ----


def test_before_the_first_vote_everything_can_be_put_right(put_statement, now):
    statement = put_statement("Mats come frist.")
    words = {"statement": statement, "actor": MODERATOR, "now": now}
    kept = moderation.correct_statement(text="Cables never come first.", reason="Misread", **words)
    assert kept.symbol.title == "Cables never come first."
    (version,) = kept.versions.all()
    assert (version.number, version.text, version.reason) == (1, "Mats come frist.", "Misread")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Half of the vilages have no internet.", "Half of the villages have no internet."),
        ("masts come first", "Masts come first."),
        ("Все села должны иметь интернт.", "Все села должны иметь интернет."),
        ("يجب أن تاتي الأبراج أولا", "يجب أن تأتي الأبراج أولاً"),
        ("每个村庄都应该有互连网接入", "每个村庄都应该有互联网接入"),
    ],
)
def test_after_votes_a_small_mistake_is_corrected(before, after):
    require_correction(before, after, has_votes=True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Masts should come first in all villages.", "Masts should not come first in all villages."),
        ("We need 10 masts in this village.", "We need 20 masts in this village."),
        ("This is a legal way to share spectrum.", "This is illegal way to share spectrum."),
        ("Prices should increase in all of the regions.", "Prices should decrease in all of the regions."),
        ("Masts come first.", "Cables come first, then masts."),
        ("Les mâts viennent en premier.", "Les mâts ne viennent en premier."),
        ("每个村庄都应该有互联网接入", "每个村庄都不应该有互联网接入"),
        ("Masts can wait for the next year.", "Masts can't wait for the next year."),
    ],
)
def test_after_votes_what_changes_the_meaning_is_refused(before, after):
    assert code_of(lambda: require_correction(before, after, has_votes=True)) == "correction-too-large"


def test_a_correction_keeps_the_votes_and_no_two_get_the_same_words(put_statement, here_as, now):
    statement, other = put_statement("Masts come frist."), put_statement("Masts come last.")
    cast_vote(here=here_as(), statement=statement, value=1)
    words = {"statement": statement, "actor": MODERATOR, "now": now}
    large = {"text": "Cables come first of all.", "reason": "x"}
    assert code_of(lambda: moderation.correct_statement(**large, **words)) == "correction-too-large"
    moderation.correct_statement(text="Masts come first.", reason="Typing", **words)
    assert statement.votes.count() == 1
    words["statement"] = other
    twin = {"text": "Masts come first.", "reason": "x"}
    assert code_of(lambda: moderation.correct_statement(**twin, **words)) == "statement-doubled"


def test_a_translation_is_kept_with_its_status_changed_and_taken_out(put_statement, now):
    statement = put_statement()

    def translate(language: str, text: str, status: TranslationStatus = TranslationStatus.MACHINE) -> None:
        moderation.translate_statement(
            statement=statement, language=language, text=text, status=status, actor=MODERATOR, now=now
        )
        statement.refresh_from_db()

    translate("fr", "Les mâts d’abord.")
    assert statement.translations == {"fr": {"text": "Les mâts d’abord.", "status": "machine"}}
    translate("fr", "Les mâts d’abord.", TranslationStatus.REVIEWED)
    assert statement.translations["fr"]["status"] == "reviewed"
    translate("fr", "")
    assert statement.translations == {}
    assert code_of(lambda: translate("en", "x")) == "translation-same-language"
