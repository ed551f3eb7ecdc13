from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction

from muntada.foundations.errors import Refused
from muntada.record import actions, queries
from muntada.record.models import Edge, FoundBy, LogEntry, Symbol
from muntada.record.queries import TraceDirection
from muntada.record.rules import SYSTEM, Relation, SymbolKind


@pytest.fixture
def give(forum, now):
    def give(kind: SymbolKind = SymbolKind.CONTRIBUTION, title: str = "A text", to=forum) -> Symbol:
        return actions.give_symbol(forum_id=to.pk, kind=kind, title=title, language="en", now=now)

    return give


def test_numbers_are_given_once_per_kind_and_forum(give, other_forum):
    assert [give().short, give().short, give(SymbolKind.THEME).short] == ["C/1", "C/2", "M/1"]
    assert str(give(to=other_forum)) == "NIGF/C/1"


def test_a_text_that_cites_an_unknown_symbol_is_refused_and_named(give, now):
    with pytest.raises(Refused) as refused:
        actions.cite(source=give(), text="As said in [C/99].", now=now)
    assert refused.value.code == "citation-unknown"
    assert "C/99" in str(refused.value)


def test_a_withdrawn_symbol_cannot_be_cited_anew_but_an_old_citation_stays(give, now):
    earlier, later, newcomer = give(), give(SymbolKind.FINDING), give(SymbolKind.FINDING)
    actions.cite(source=later, text="See [C/1].", now=now)
    actions.withdraw_symbol(earlier, now=now)
    actions.cite(source=later, text="See again [C/1].", now=now)
    with pytest.raises(Refused) as refused:
        actions.cite(source=newcomer, text="See [C/1].", now=now)
    assert refused.value.code == "citation-withdrawn"


def test_a_thing_is_found_by_other_words_than_the_text_whose_citations_are_stored(give, now):
    give()
    story = give(SymbolKind.STORY)
    actions.retitle(story, title="Masts", language="en", text="Of cables.")
    actions.store_citations(source=story, text="See [C/1] on satellites.", now=now)
    assert [line.symbol for line in queries.rests_on(story)] == ["WSIS20/C/1"]
    assert FoundBy.objects.get(symbol=story).text == "Of cables."
    actions.cite(source=story, text="Of [C/1] and satellites.", now=now)
    assert FoundBy.objects.get(symbol=story).text == "Of and satellites."


def test_a_text_cannot_cite_itself(give, now):
    symbol = give()
    with pytest.raises(Refused):
        actions.cite(source=symbol, text="As [C/1] says.", now=now)


def test_citing_again_replaces_what_is_no_longer_cited(give, now):
    give()
    give()
    finding = give(SymbolKind.FINDING)
    actions.cite(source=finding, text="[C/1] and [C/2]", now=now)
    actions.cite(source=finding, text="only [C/2]", now=now)
    assert [line.symbol for line in queries.rests_on(finding)] == ["WSIS20/C/2"]


def test_a_citation_may_point_to_another_forum(give, now, other_forum):
    give(to=other_forum)
    finding = give(SymbolKind.FINDING)
    actions.cite(source=finding, text="As in [NIGF/C/1].", now=now)
    assert [line.url for line in queries.rests_on(finding)] == ["/nigf/c/1"]


def test_the_trace_walks_both_ways_and_survives_a_circle(give, now):
    voice, statement, finding, paragraph = (
        give(),
        give(SymbolKind.STATEMENT),
        give(SymbolKind.FINDING),
        give(SymbolKind.PARAGRAPH),
    )
    actions.link(source=statement, target=voice, relation=Relation.TAKEN_FROM, now=now)
    actions.cite(source=finding, text="[T/1] [C/1]", now=now)
    actions.cite(source=paragraph, text="[F/1]", now=now)
    actions.link(source=voice, target=paragraph, relation=Relation.ANSWERS, now=now)
    down = queries.trace(paragraph, TraceDirection.RESTS_ON)
    up = queries.trace(voice, TraceDirection.LED_TO)
    assert {node.symbol.split("/", 1)[1]: node.depth for node in down.nodes} == {
        "L/1": 0,
        "F/1": 1,
        "C/1": 2,
        "T/1": 2,
    }
    assert {node.symbol for node in up.nodes} == {node.symbol for node in down.nodes}


def test_an_entry_of_the_log_takes_two_queries(forum, now):
    sent: list[str] = []

    def note(execute, sql, params, many, context):
        sent.append(sql.split()[0])
        return execute(sql, params, many, context)

    # Django's own log of queries leaves out prepared ones.
    with connection.execute_wrapper(note):
        actions.write(forum_id=forum.pk, actor=SYSTEM, verb="say", change={}, now=now)
    assert sent == ["SELECT", "INSERT"]


def test_the_trace_takes_two_queries_however_long_it_is(give, now, django_assert_num_queries):
    symbols = [give() for _ in range(12)]
    for earlier, later in pairwise(symbols):
        actions.link(source=later, target=earlier, relation=Relation.CITES, now=now)
    last = Symbol.objects.select_related("forum").get(pk=symbols[-1].pk)
    with django_assert_num_queries(2):
        trace = queries.trace(last, TraceDirection.RESTS_ON)
    assert len(trace.nodes) == 12


def test_nothing_rests_on_itself(give, now):
    symbol = give()
    with pytest.raises(DatabaseError), transaction.atomic():
        Edge.objects.create(source=symbol, target=symbol, relation=Relation.CITES, added_at=now)


def test_the_log_is_whole_until_somebody_touches_it(forum, give, now):
    for verb in ("first", "second", "third"):
        actions.write(forum_id=forum.pk, actor=SYSTEM, verb=verb, change={"a": 1}, now=now, symbol=give())
    check = queries.check_log(forum.pk)
    assert check.is_whole
    assert check.entries == LogEntry.objects.filter(forum=forum).count() >= 3


def test_the_database_refuses_to_rewrite_or_delete_the_log(forum, now):
    entry = actions.write(forum_id=forum.pk, actor=SYSTEM, verb="say", change={}, now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        LogEntry.objects.filter(pk=entry.pk).update(verb="unsay")
    with pytest.raises(DatabaseError), transaction.atomic():
        LogEntry.objects.filter(pk=entry.pk).delete()


def test_a_person_can_be_erased_and_the_log_stays_whole(forum, now, make_person):
    person = make_person()
    actions.write(
        forum_id=forum.pk, actor=SYSTEM.__class__(person.pk, "participant"), verb="say", change={}, now=now
    )
    person.delete()
    LogEntry.objects.filter(forum=forum).update(salt="")
    assert queries.check_log(forum.pk).is_whole


def test_a_changed_entry_is_found(forum, now, django_db_blocker):
    entry = actions.write(forum_id=forum.pk, actor=SYSTEM, verb="say", change={}, now=now)
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                forum=forum,
                sequence=entry.sequence + 1,
                at=now,
                role="system",
                verb="forged",
                change_digest="0" * 64,
                digest_before=entry.digest,
                digest="f" * 64,
            )
        ]
    )
    assert queries.check_log(forum.pk).broken_at == entry.sequence + 1


def test_a_receipt_proves_the_text_and_only_the_text(forum, give, now):
    entry = actions.write(forum_id=forum.pk, actor=SYSTEM, verb="say", change={}, now=now, symbol=give())
    code = actions.give_receipt(entry=entry, content="كلمتي", now=now).code
    view = queries.receipt(forum.pk, code)
    assert view is not None
    assert queries.same_content(view, "كلمتي")
    assert not queries.same_content(view, "كلمة أخرى")
    assert queries.receipt(forum.pk, "0" * 16) is None


def test_many_symbols_at_once_take_the_next_numbers_in_order(forum, now):
    actions.give_symbol(forum_id=forum.pk, kind=SymbolKind.STATEMENT, title="First", language="en", now=now)
    named = [actions.NewSymbol("Second", "en"), actions.NewSymbol("ثالث", "ar", is_public=False)]
    symbols = actions.give_symbols(forum_id=forum.pk, kind=SymbolKind.STATEMENT, named=named, now=now)
    assert [(symbol.short, symbol.title, symbol.is_public) for symbol in symbols] == [
        ("T/2", "Second", True),
        ("T/3", "ثالث", False),
    ]
    after = actions.give_symbol(
        forum_id=forum.pk, kind=SymbolKind.STATEMENT, title="Next", language="en", now=now
    )
    assert after.number == 4
    assert actions.give_symbols(forum_id=forum.pk, kind=SymbolKind.STATEMENT, named=[], now=now) == []
