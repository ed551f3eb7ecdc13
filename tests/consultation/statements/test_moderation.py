"""What is decided about statements: let in, taken out, split, merged, corrected, translated."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from consultation.conftest import code_of, submit
from muntada.consultation.replies.queries.notices import addressee_of
from muntada.consultation.statements import tasks as statements
from muntada.consultation.statements.actions import moderation
from muntada.consultation.statements.actions import statements as statements_statements
from muntada.consultation.statements.actions.statements import Wording
from muntada.consultation.statements.actions.votes import cast_vote
from muntada.consultation.statements.models import Statement
from muntada.consultation.statements.queries import statements as asked
from muntada.consultation.statements.queries.votes import voter_of_request
from muntada.consultation.statements.rules.statements import (
    STATEMENTS_OF_A_PERSON,
    TranslationStatus,
    require_correction,
)
from muntada.foundations.errors import NotAllowed
from muntada.people.rules import Role
from muntada.record.models import Edge, LogEntry, Symbol
from muntada.record.queries import led_to, rests_on
from muntada.record.rules import SYSTEM, Relation

# ---- the queue ----


@pytest.fixture
def waiting(open_to_all, request_as, make_person) -> Statement:
    return submit(request_as(person=make_person(language="fr")), open_to_all)


def test_a_moderator_lets_a_statement_in(waiting, call, now, moderator):
    moderation.let_in(statement=waiting, actor=moderator, now=now)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.symbol.is_public) == ("open", True)
    assert waiting.decided_at == now
    refuse = {"statement": waiting, "reason": "x", "actor": moderator, "now": now}
    assert code_of(lambda: moderation.refuse_statement(**refuse)) == "statement-decided"


def test_who_is_refused_gets_a_letter_with_the_reason(waiting, call, now, mailoutbox, moderator):
    refuse = {"statement": waiting, "actor": moderator, "now": now}
    assert code_of(lambda: moderation.refuse_statement(reason=" ", **refuse)) == "reason-missing"
    moderation.refuse_statement(reason="It names a person.", **refuse)
    moderation.refuse_statement(reason="It names a person.", **refuse)
    (job,) = ProcrastinateJob.objects.filter(task_name__endswith="send_statement_refusal")
    statements.send_statement_refusal(**job.args)
    (letter,) = mailoutbox
    assert letter.to == [waiting.author.email]
    assert "It names a person." in letter.body
    assert waiting.text in letter.body


def test_whose_statement_is_taken_out_gets_a_letter_unless_it_was_put_back(
    waiting, put_statement, now, mailoutbox, moderator
):
    words = {"actor": moderator, "now": now}
    moderation.let_in(statement=waiting, **words)
    for statement in (waiting, put_statement("Nobody’s own.")):
        moderation.hide_statement(statement=statement, reason="It names a person.", **words)
    assert not moderation.hide_statement(statement=waiting, reason="It names a person.", **words)
    (job,) = ProcrastinateJob.objects.filter(task_name__endswith="send_statement_refusal")
    statements.send_statement_refusal(**job.args)
    (letter,) = mailoutbox
    assert letter.to == [waiting.author.email]
    for part in (waiting.text, "It names a person."):
        assert part in letter.body
    assert "\n" not in letter.subject
    moderation.show_statement(statement=waiting, **words)
    statements.send_statement_refusal(**job.args)
    assert len(mailoutbox) == 1


def test_only_those_who_moderate_decide(waiting, now, participant):
    words = {"statement": waiting, "actor": participant, "now": now}
    for act in (
        lambda: moderation.let_in(**words),
        lambda: moderation.refuse_statement(reason="x", **words),
        lambda: moderation.correct_statement(text="x", reason="x", **words),
        lambda: moderation.merge_statements(into=waiting, **words),
        lambda: moderation.translate_statement(
            language="fr", text="x", status=TranslationStatus.REVIEWED, **words
        ),
        lambda: statements_statements.split_statement(pasted="a\nb", keeps_original=False, **words),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_trace_of_a_hidden_statement_names_no_wish_of_its_author(contribute, now, moderator):
    contribution = contribute()
    taken = statements_statements.take_statement(
        contribution=contribution, wording=Wording("Masts.", "en"), actor=moderator, now=now
    )
    moderation.hide_statement(statement=taken, reason="An insult", actor=moderator, now=now)
    (line,) = led_to(contribution.symbol)
    assert line.title == "Not put to the vote"
    assert asked.decided_by(taken).role == Role.MODERATOR


# ---- splitting and merging ----


def split(statement: Statement, now, text: str, *, keeps: bool = False) -> list[Statement]:
    return statements_statements.split_statement(
        statement=statement, pasted=text, keeps_original=keeps, actor=SYSTEM, now=now
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
    moderation.merge_statements(statement=one, into=into, actor=SYSTEM, now=now)


def test_merged_statements_keep_their_votes_and_voters_are_asked_again(
    put_statement, request_as, make_person, call, now, moderator
):
    first, second, third = (put_statement(f"Masts {number}") for number in range(3))
    forum_request = request_as(person=make_person())
    cast_vote(forum_request=forum_request, statement=first, value=1)
    merge(first, second, now)
    merge(second, third, now)
    first.refresh_from_db()
    assert (first.state, first.merged_into, first.votes.count()) == ("merged", third, 1)
    assert set(Edge.objects.values_list("source__number", "target__number")) == {(3, 1), (3, 2)}
    ballot = asked.ballot_of(call, forum_request, voter_of_request(call.pk, forum_request, ""))
    assert (ballot.row.statement, ballot.stands_for) == (third, 1)
    moderation.show_statement(statement=first, actor=moderator, now=now)
    first.refresh_from_db()
    assert (first.state, first.merged_into) == ("open", None)
    assert Edge.objects.count() == 1


def test_merging_with_itself_or_with_what_is_closed_is_refused(put_statement, make_call, now, moderator):
    one, hidden = put_statement("One"), put_statement("Two")
    elsewhere = put_statement("Three", call=make_call("elsewhere"))
    moderation.hide_statement(statement=hidden, reason="x", actor=moderator, now=now)
    codes = [code_of(lambda into=into: merge(one, into, now)) for into in (one, elsewhere, hidden)]
    assert codes == ["merge-elsewhere", "merge-elsewhere", "statement-not-open"]


# ---- corrections and translations ----


def test_before_the_first_vote_everything_can_be_put_right(put_statement, now, moderator):
    statement = put_statement("Mats come frist.")
    words = {"statement": statement, "actor": moderator, "now": now}
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


def test_a_correction_keeps_the_votes_and_no_two_get_the_same_words(
    put_statement, request_as, now, moderator
):
    statement, other = put_statement("Masts come frist."), put_statement("Masts come last.")
    cast_vote(forum_request=request_as(), statement=statement, value=1)
    words = {"statement": statement, "actor": moderator, "now": now}
    large = {"text": "Cables come first of all.", "reason": "x"}
    assert code_of(lambda: moderation.correct_statement(**large, **words)) == "correction-too-large"
    moderation.correct_statement(text="Masts come first.", reason="Typing", **words)
    assert statement.votes.count() == 1
    words["statement"] = other
    twin = {"text": "Masts come first.", "reason": "x"}
    assert code_of(lambda: moderation.correct_statement(**twin, **words)) == "statement-doubled"


def translate(
    statement: Statement,
    now,
    text: str,
    status: TranslationStatus = TranslationStatus.MACHINE,
    *,
    language: str = "fr",
    reason: str = "",
) -> None:
    words = {"language": language, "text": text, "status": status, "reason": reason}
    moderation.translate_statement(statement=statement, actor=SYSTEM, now=now, **words)
    statement.refresh_from_db()


def test_a_translation_is_kept_with_its_status_changed_and_taken_out(put_statement, now):
    statement = put_statement()
    translate(statement, now, "Les mâts d’abord.")
    assert statement.translations == {"fr": {"text": "Les mâts d’abord.", "status": "machine"}}
    translate(statement, now, "Les mâts d’abord.", TranslationStatus.REVIEWED)
    assert statement.translations["fr"]["status"] == "reviewed"
    translate(statement, now, "")
    assert statement.translations == {}
    refusal = code_of(lambda: translate(statement, now, "x", language="en"))
    assert refusal == "translation-same-language"


def test_before_the_first_vote_a_translation_is_changed_freely_and_a_correction_marks_it(
    put_statement, now, moderator
):
    statement = put_statement("Mats come frist.")
    translate(statement, now, "Les tapis d’abord.", TranslationStatus.REVIEWED)
    translate(statement, now, "Les mâts d’abord.", TranslationStatus.OFFICIAL)
    assert statement.versions.count() == 0
    moderation.correct_statement(
        statement=statement, text="Cables come first.", reason="Misread", actor=moderator, now=now
    )
    statement.refresh_from_db()
    assert statement.translations == {"fr": {"text": "Les mâts d’abord.", "status": "outdated"}}


def test_after_votes_a_translation_keeps_its_meaning_and_the_words_before(put_statement, request_as, now):
    statement = put_statement()
    translate(statement, now, "Les mâts vienent avant les câbles.")
    cast_vote(forum_request=request_as(), statement=statement, value=1)
    contrary = "Les mâts ne viennent jamais avant les câbles."
    assert code_of(lambda: translate(statement, now, contrary, reason="x")) == "correction-too-large"
    right = "Les mâts viennent avant les câbles."
    assert code_of(lambda: translate(statement, now, right)) == "reason-missing"
    translate(statement, now, right, reason="Typing")
    (version,) = statement.versions.all()
    assert (version.language, version.text, version.reason) == (
        "fr",
        "Les mâts vienent avant les câbles.",
        "Typing",
    )
    # How it was made can be said at any time: the words stay.
    translate(statement, now, right, TranslationStatus.REVIEWED)
    assert statement.translations["fr"]["status"] == "reviewed"
    assert statement.versions.count() == 1


def test_after_votes_a_translation_that_is_wrong_is_taken_out_with_a_reason(put_statement, request_as, now):
    statement = put_statement()
    translate(statement, now, "Les câbles avant les mâts.")
    cast_vote(forum_request=request_as(), statement=statement, value=1)
    assert code_of(lambda: translate(statement, now, "")) == "reason-missing"
    translate(statement, now, "", reason="It says the contrary.")
    assert statement.translations == {}
    assert [version.language for version in statement.versions.all()] == ["fr"]
    translate(statement, now, "Les mâts avant les câbles.")
    assert statement.translations["fr"]["text"] == "Les mâts avant les câbles."


# ---- once, and only what stands ----


def test_what_is_out_of_the_vote_is_neither_merged_nor_split_nor_taken_out_again(
    put_statement, open_to_all, request_as, now, moderator
):
    target = put_statement("Cables.")
    hidden, refused = put_statement("An insult"), submit(request_as(), open_to_all, "A name")
    moderation.hide_statement(statement=hidden, reason="x", actor=moderator, now=now)
    moderation.refuse_statement(statement=refused, reason="x", actor=moderator, now=now)
    waiting = submit(request_as(), open_to_all, "Not read yet")
    for one in (hidden, refused, waiting):
        assert code_of(lambda one=one: merge(one, target, now)) == "statement-not-open"
        assert code_of(lambda one=one: split(one, now, "First.\nSecond.")) == "statement-not-open"
        one.refresh_from_db()
        assert not Symbol.objects.get(pk=one.symbol_id).is_public
    hide = {"reason": "y", "actor": moderator, "now": now}
    for one in (refused, waiting):
        assert (
            code_of(lambda one=one: moderation.hide_statement(statement=one, **hide)) == "statement-decided"
        )
    assert not moderation.hide_statement(statement=hidden, **hide)
    hidden.refresh_from_db()
    assert hidden.hidden_reason == "x"


def test_a_statement_that_waits_is_put_to_the_vote_only_by_being_let_in(waiting, now, moderator):
    show = {"statement": waiting, "actor": moderator, "now": now}
    assert code_of(lambda: moderation.show_statement(**show)) == "statement-decided"


def test_what_was_merged_goes_out_of_sight_with_what_it_was_merged_into(
    put_statement, request_as, now, moderator
):
    same, target = put_statement("An insult in other words"), put_statement("An insult")
    merge(same, target, now)
    moderation.hide_statement(statement=target, reason="It insults.", actor=moderator, now=now)
    assert not Symbol.objects.get(pk=same.symbol_id).is_public
    refusal = code_of(lambda: cast_vote(forum_request=request_as(), statement=same, value=1))
    assert refusal == "statement-hidden"
    moderation.show_statement(statement=target, actor=moderator, now=now)
    assert Symbol.objects.get(pk=same.symbol_id).is_public
    refusal = code_of(lambda: cast_vote(forum_request=request_as(), statement=same, value=1))
    assert refusal == "statement-merged"


# ---- whom to write to ----


def test_whoever_said_it_is_told_what_became_of_a_part(contribute, make_person, now, moderator):
    author = make_person()
    taken = statements_statements.take_statement(
        contribution=contribute(author), wording=Wording("Masts, and taxes.", "en"), actor=moderator, now=now
    )
    parts = split(taken, now, "Masts.\nTaxes.")
    assert [(part.taken_from, part.split_from) for part in parts] == [(taken.taken_from, taken)] * 2
    assert {addressee_of(part).email for part in parts} == {author.email}
    assert LogEntry.objects.filter(verb="split_statement").count() == 2


def test_parts_do_not_count_against_whoever_wrote_the_whole(open_to_all, request_as, make_person, now):
    open_to_all.statements_wait = False
    open_to_all.save()
    forum_request = request_as(person=make_person())
    for number in range(STATEMENTS_OF_A_PERSON - 1):
        whole = submit(forum_request, open_to_all, f"Statement {number}")
    split(whole, now, "First.\nSecond.\nThird.")
    assert submit(forum_request, open_to_all, "One more").author == forum_request.person
    assert code_of(lambda: submit(forum_request, open_to_all, "Too many")) == "statements-full"
