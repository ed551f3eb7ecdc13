"""Checks of a log that anybody may ask for: right each time, and the whole chain computed seldom."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from muntada.record import actions as record
from muntada.record.models import LogEntry
from muntada.record.queries import CHECK_STANDS, LogChecks, check_log
from muntada.record.rules import SYSTEM


@pytest.fixture
def write(forum, now):
    def write(count: int = 1) -> None:
        for place in range(count):
            record.write(forum_id=forum.pk, actor=SYSTEM, verb="say", change={"place": place}, now=now)

    return write


@contextmanager
def somebody_who_rules_the_database() -> Iterator[None]:
    """Change what the database keeps as it is for everybody else."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE record_logentry DISABLE TRIGGER USER")
        yield
        cursor.execute("ALTER TABLE record_logentry ENABLE TRIGGER USER")


def test_what_came_since_the_last_check_is_checked_after_it(forum, write, now):
    checks = LogChecks()
    first = checks.of(forum.pk, now)
    write(3)
    second = checks.of(forum.pk, now + timedelta(minutes=1))
    assert second.check == check_log(forum.pk)
    assert second.check.entries == first.check.entries + 3
    assert second.whole_at == now


def test_a_forged_entry_is_found_at_once_at_the_end_and_within_minutes_anywhere(forum, write, now):
    write(3)
    checks = LogChecks()
    assert checks.of(forum.pk, now).check.is_whole
    with somebody_who_rules_the_database():
        LogEntry.objects.filter(forum=forum, sequence=2).update(verb="forged")
    assert checks.of(forum.pk, now + CHECK_STANDS).check.broken_at == 2
    assert checks.of(forum.pk, now + CHECK_STANDS * 1.5).check.broken_at == 2


def test_a_log_whose_end_was_changed_is_checked_from_the_first_entry(forum, write, now):
    write(3)
    checks = LogChecks()
    entries = checks.of(forum.pk, now).check.entries
    with somebody_who_rules_the_database():
        LogEntry.objects.filter(forum=forum, sequence=entries).update(digest="f" * 64)
    assert checks.of(forum.pk, now).check.broken_at == entries


def test_the_whole_chain_is_not_read_again_for_each_who_asks(
    forum, write, now, django_assert_max_num_queries
):
    write(3)
    checks = LogChecks()
    checks.of(forum.pk, now)
    with django_assert_max_num_queries(2) as questions:
        checks.of(forum.pk, now + timedelta(minutes=1))
    read = [one["sql"] for one in questions.captured_queries]
    assert all(f'"sequence" {sign} ' in sql for sign, sql in zip("=>", read, strict=True))


def test_whoever_asks_while_it_is_computed_gets_nothing_and_waits_for_nothing(forum, now):
    checks = LogChecks()
    checks.of(forum.pk, now)
    checks._at_work[forum.pk].acquire()
    assert checks.of(forum.pk, now) is None
