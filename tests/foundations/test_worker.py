"""Workers that die or lose the database, and clocks that were wrong: each task is done, none is lost."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.worker_process import a_worker, said, slow

from muntada.consultation.contributions import task_types as contributions
from muntada.consultation.statements import task_types as statements
from muntada.foundations.tasks import (
    LONG,
    PATIENT,
    SHORT,
    TWICE,
    WORKER_CONNECTION,
    load_carriers,
    task,
)
from muntada.foundations.worker import (
    AT_ONCE,
    BEGUN_AGAIN,
    CLOCK_TOLERANCE,
    begin_stalled_again,
    bring_forward,
    worker_app,
)

pytestmark = pytest.mark.django_db(transaction=True)

runs: list[str] = []


@task(retry=TWICE, is_single=True)
def counted() -> None:
    """Fail the first time, when another one was ordered meanwhile."""


@counted.carried_out_by
def fail_while_another_waits() -> None:
    if runs:
        runs.append("done")
        return
    runs.append("failed")
    counted.order()
    raise ValueError("the first time it fails")


@contextmanager
def the_database_away_from(name: str) -> Iterator[None]:
    """End the connections of a program, and take no new ones until it is back."""
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    # From beside the database: it cannot be closed from within.
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
        try:
            sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ANY(%s)"
            cursor.execute(sql, [[name, WORKER_CONNECTION]])
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true")


def let_heartbeats_grow_old() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")


def begin_and_die(job: ProcrastinateJob) -> None:
    """A worker begins a task and dies over it."""
    ProcrastinateJob.objects.filter(pk=job.pk).update(status="doing", worker=None)
    begin_stalled_again(now=timezone.now())
    job.refresh_from_db()


def an_order(path: Path) -> ProcrastinateJob:
    slow.order(path=str(path), seconds=0)
    return ProcrastinateJob.objects.latest("pk")


@pytest.mark.slow
def test_what_a_killed_worker_had_in_its_hands_is_done_by_the_next_one(tmp_path):
    path = tmp_path / "said"
    slow.order(path=str(path), seconds=600)
    with a_worker() as first:
        first.wait_until(lambda: said(path) == ["begun"])
        first.process.kill()
    let_heartbeats_grow_old()
    with a_worker(SECONDS="0") as second:
        second.wait_until(lambda: said(path) == ["begun", "begun", "done"])
        second.wait_until(lambda: not ProcrastinateJob.objects.filter(task_name=slow.name).exists())


@pytest.mark.slow
def test_a_worker_that_is_stopped_puts_back_what_it_cannot_finish_and_nobody_died_over_it(tmp_path):
    path = tmp_path / "said"
    slow.order(path=str(path), seconds=600)
    with a_worker() as worker:
        worker.wait_until(lambda: said(path) == ["begun"])
        worker.process.terminate()
        assert worker.process.wait() == 0
    job = ProcrastinateJob.objects.get(task_name=slow.name)
    assert (job.status, job.priority) == ("todo", 0)


@pytest.mark.slow
def test_a_worker_comes_back_when_the_database_was_away(tmp_path):
    path, log = tmp_path / "said", tmp_path / "log"
    with a_worker(log, PGAPPNAME="a worker") as worker:
        slow.order(path=str(path), seconds=0)
        worker.wait_until(lambda: said(path) == ["begun", "done"])
        with the_database_away_from("a worker"):
            time.sleep(3)
        slow.order(path=str(path), seconds=0)
        worker.wait_until(lambda: said(path) == ["begun", "done"] * 2)
    begins, ends = said(log)
    assert "muntada.outage: the database does not answer" in begins
    assert "muntada.outage: the database answers again" in ends


def test_a_task_in_the_hands_of_a_worker_that_lives_stays_there(tmp_path):
    job = an_order(tmp_path / "said")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        (worker,) = cursor.fetchone()
    ProcrastinateJob.objects.filter(pk=job.pk).update(status="doing", worker=worker)
    assert begin_stalled_again(now=timezone.now()) == 0
    let_heartbeats_grow_old()
    assert begin_stalled_again(now=timezone.now()) == 1


@pytest.mark.slow
def test_a_task_whose_worker_died_twice_is_given_up(tmp_path):
    job = an_order(tmp_path / "said")
    begin_and_die(job)
    assert (job.status, job.priority) == ("todo", BEGUN_AGAIN)
    begin_and_die(job)
    assert job.status == "failed"


def test_a_letter_that_was_refused_before_is_still_begun_again_when_its_worker_dies():
    contributions.send_receipt.order(version_id=1)
    job = ProcrastinateJob.objects.get()
    ProcrastinateJob.objects.filter().update(attempts=5)
    begin_and_die(job)
    assert job.status == "todo"


def test_a_task_that_another_one_stands_for_is_not_begun_again_beside_it():
    statements.redraw_map.order(call_id=1)
    job = ProcrastinateJob.objects.get()
    ProcrastinateJob.objects.filter().update(status="doing")
    statements.redraw_map.order(call_id=1)
    begin_and_die(job)
    assert job.status == "failed"
    assert ProcrastinateJob.objects.filter(status="todo").count() == 1


def test_a_task_that_fails_while_another_one_waits_to_do_the_same_leaves_the_way_to_it():
    counted.order()
    worker = worker_app()
    with worker.open():
        worker.run_worker(queues=[SHORT], wait=False, install_signal_handlers=False, delete_jobs="successful")
    assert runs == ["failed", "done"]
    assert [job.status for job in ProcrastinateJob.objects.all()] == ["failed"]


def test_what_a_wrong_clock_put_off_is_due_now_and_what_waits_as_it_should_stays():
    statements.redraw_map.order_after(statements.REDRAW_LATER, call_id=1)
    statements.redraw_map.order_after(statements.REDRAW_LATER, call_id=2)
    contributions.send_receipt.order(version_id=1)
    first, second, letter = ProcrastinateJob.objects.order_by("pk")
    next_year = timezone.now() + timedelta(days=365)
    ProcrastinateJob.objects.filter(pk=second.pk).update(scheduled_at=next_year)
    # A letter that was refused seven times is tried again after most of a day.
    tomorrow = timezone.now() + contributions.send_receipt.longest_delay
    ProcrastinateJob.objects.filter(pk=letter.pk).update(scheduled_at=tomorrow)
    assert bring_forward() == 1
    second.refresh_from_db()
    assert second.scheduled_at <= timezone.now()
    before = first.scheduled_at
    first.refresh_from_db()
    assert first.scheduled_at == before
    letter.refresh_from_db()
    assert letter.scheduled_at == tomorrow
    assert timedelta(hours=12) < contributions.send_receipt.longest_delay + CLOCK_TOLERANCE


def test_every_task_has_a_queue_that_somebody_works_off():
    load_carriers()
    assert (
        {one.queue for one in queue.tasks.values()} - {"builtin"} == {SHORT, LONG, PATIENT} == AT_ONCE.keys()
    )
