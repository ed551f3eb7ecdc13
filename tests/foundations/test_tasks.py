"""Kinds of tasks: declared with their arguments, ordered with just these, carried out by one function."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.foundations import tasks
from muntada.foundations.task_notices import CHANNEL, notices
from muntada.foundations.tasks import LONG, Task, load_carriers, task


@pytest.fixture
def burn(monkeypatch: pytest.MonkeyPatch) -> Iterator[Task[...]]:
    """A kind of task that is known in one test only."""
    monkeypatch.setattr(tasks, "declared_tasks", {})

    @task(queue=LONG, longest_wait=timedelta(minutes=5), is_single=True)
    def burn(*, hall: int) -> None:
        """Burn a hall down."""

    yield burn
    queue.tasks.pop(burn.name, None)


def test_an_order_is_a_job_with_the_name_the_queue_and_the_arguments_of_its_kind(db, burn):
    burn.order(hall=5)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.queue_name, job.args) == ("tests.burn", LONG, {"hall": 5})


@pytest.mark.parametrize("arguments", [{}, {"room": 5}, {"hall": 5, "room": 5}])
def test_an_order_with_other_arguments_fails_at_once(db, burn, arguments):
    with pytest.raises(TypeError):
        burn.order(**arguments)
    with pytest.raises(TypeError):
        burn.arguments_of(**arguments)
    assert not ProcrastinateJob.objects.exists()


def test_of_a_single_kind_one_waits_for_the_same_arguments_and_is_due_when_the_soonest_is(db, burn):
    later = burn.order_after(timedelta(minutes=4), hall=5)
    assert burn.order_after(timedelta(minutes=5), hall=5) == later
    soon = burn.order_after(timedelta(minutes=1), hall=5)
    burn.order_after(timedelta(minutes=5), hall=6)
    fifth, sixth = ProcrastinateJob.objects.order_by("pk")
    assert (fifth.args, fifth.scheduled_at) == ({"hall": 5}, soon)
    assert sixth.scheduled_at > soon
    burn.order(hall=5)
    fifth.refresh_from_db()
    assert fifth.scheduled_at <= timezone.now()


def test_nothing_is_put_off_longer_than_its_kind_says(db, burn):
    with pytest.raises(ValueError, match="waits 0:05:00 at most"):
        burn.order_after(timedelta(minutes=6), hall=5)


def test_many_are_ordered_at_once(db, burn):
    burn.order_all(burn.arguments_of(hall=hall) for hall in (1, 2))
    burn.order_all([])
    assert [job.args["hall"] for job in ProcrastinateJob.objects.order_by("pk")] == [1, 2]


@pytest.mark.parametrize("many", [False, True])
def test_workers_are_told_of_a_task_after_the_commit_and_outside_its_transaction(
    transactional_db, burn, many
):
    """A NOTIFY within a transaction makes all commits wait for each other."""
    parameters = connection.get_connection_params()
    with psycopg.connect(**parameters, autocommit=True) as listening:
        listening.execute(f'LISTEN "{CHANNEL}{LONG}"')
        listening.execute("LISTEN procrastinate_any_queue_v1")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (acting,) = cursor.fetchone()
            if many:
                burn.order_all([burn.arguments_of(hall=1), burn.arguments_of(hall=2)])
            else:
                burn.order(hall=1)
        notices.join()
        heard = list(listening.notifies(timeout=30, stop_after=1))
    assert [one.channel for one in heard] == [CHANNEL + LONG]
    assert heard[0].pid != acting


def test_what_is_due_later_is_left_to_the_looks_of_the_workers(db, burn, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        burn.order_after(timedelta(minutes=1), hall=5)
    assert callbacks == []


def test_a_kind_that_nobody_carries_out_stops_the_start(burn):
    with pytest.raises(LookupError, match=r"nobody carries out tests\.burn"):
        load_carriers()


def test_a_function_that_takes_other_arguments_does_not_carry_it_out(burn):
    with pytest.raises(TypeError):

        @burn.carried_out_by
        def carry_out(*, room: int) -> None:
            """Take a room for a hall."""


def test_a_kind_is_declared_once_and_with_keywords_only(burn):
    with pytest.raises(TypeError, match="declared twice"):

        @task()
        def burn(*, hall: int) -> None:
            """Burn a hall down."""

    with pytest.raises(TypeError, match="keyword"):

        @task()
        def flood(hall: int) -> None:
            """Flood a hall."""
