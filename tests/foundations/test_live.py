import asyncio
from contextlib import suppress

import psycopg
import pytest
from django.db import connection, transaction

from muntada.foundations import live
from muntada.foundations.live import CHANNEL, Hub, announce, announcer

from .apart import run_apart, until

PATIENCE_SECONDS = 60


def test_a_listener_hears_its_topic_and_no_other():
    hub = Hub()
    one, other = hub.join("a"), hub.join("b")
    hub.publish("a")
    assert (one.is_set(), other.is_set()) == (True, False)
    one.clear()
    hub.leave("a", one)
    hub.publish("a")
    assert not one.is_set()


def test_after_a_lost_connection_every_listener_asks_again():
    hub = Hub()
    changed = hub.join("a")
    hub.begin()
    assert changed.is_set()


def test_this_process_hears_of_a_change_before_the_answer_that_follows_it():
    hub, order = Hub(), []
    hub.follow(order.append)

    async def act() -> None:
        loop = asyncio.get_running_loop()
        hub.run_in(loop)

        def change() -> str:
            hub.publish_from_a_thread("programme")
            return "answer"

        order.append(await loop.run_in_executor(None, change))

    run_apart(act())
    assert order == ["programme", "answer"]


@pytest.fixture
def listener(transactional_db):
    with psycopg.connect(live._conninfo(), autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}")
        yield listening


def heard(listener: psycopg.Connection) -> list[str]:
    announcer.join()
    return [notice.payload.partition(" ")[2] for notice in listener.notifies(timeout=0)]


def test_a_change_is_announced_after_its_commit_and_never_before(listener):
    with transaction.atomic():
        announce("call")
        assert heard(listener) == []
    assert heard(listener) == ["call"]


def test_a_change_that_is_taken_back_is_not_announced(listener):
    with suppress(ZeroDivisionError), transaction.atomic():
        announce("lost")
        raise ZeroDivisionError
    with transaction.atomic():
        with suppress(ZeroDivisionError), transaction.atomic():
            announce("lost too")
            raise ZeroDivisionError
        announce("call")
    assert heard(listener) == ["call"]


def test_an_announcement_sends_nothing_within_the_transaction(transactional_db, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(0):
        announce("call")
    announcer.join()


def test_another_process_is_heard_and_the_own_announcement_is_not_heard_twice(transactional_db, monkeypatch):
    heard: list[str | None] = []
    hub = Hub()
    hub.follow(heard.append)
    monkeypatch.setattr(live, "hub", hub)

    async def listen() -> None:
        async with live.listening(), asyncio.timeout(PATIENCE_SECONDS):
            await until(lambda: hub.is_listening)
            await asyncio.to_thread(say, "own", live.PROCESS)
            await asyncio.to_thread(say, "other", "another-process")
            await until(lambda: "other" in heard)

    def say(topic: str, process: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{process} {topic}"])
        connection.close()

    run_apart(listen())
    assert heard == [None, "other"]
