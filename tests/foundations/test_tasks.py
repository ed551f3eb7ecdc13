"""Workers that are killed or lose the database: each job is done by the next one, none is lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.foundations.tasks import AT_ONCE, LONG, MOST_BEGINNINGS, PATIENT, SHORT, put_back_what_was_left

ROOT = Path(__file__).resolve().parents[2]
# A worker with a job that says when it begins, and then takes as long as it is told.
WORKER = """
import asyncio, os, time
import django
django.setup()
from muntada.cli import worker
from muntada.foundations import tasks

@tasks.queue.task(name="tests.slow")
def slow(path, seconds):
    open(path, "a").write("begun\\n")
    time.sleep(float(os.environ.get("SECONDS", seconds)))
    open(path, "a").write("done\\n")

tasks.LOOK_EVERY_SECONDS = tasks.BEGIN_AGAIN_SECONDS = 0.5
asyncio.run(worker.work_until_stopped())
"""

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def a_worker(**environment: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", WORKER],
        env=os.environ | {"DATABASE_URL": address(), "PYTHONPATH": str(ROOT / "src")} | environment,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as running:
        try:
            assert running.stdout is not None
            assert "Working off the queue" in running.stdout.readline()
            yield running
        finally:
            if running.poll() is None:
                running.send_signal(signal.SIGTERM)


def address() -> str:
    here = connection.settings_dict
    who = quote(here["USER"]) + (f":{quote(here['PASSWORD'])}" if here["PASSWORD"] else "")
    return f"postgresql://{who}@/{here['NAME']}?host={quote(here['HOST'], safe='')}&port={here['PORT']}"


@contextmanager
def the_database_away_from(name: str) -> Iterator[None]:
    """End the connections of a program, and take no new ones until it is back."""
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    # From beside the database: it cannot be closed from within.
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
        try:
            sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
            cursor.execute(sql, [name])
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true")


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.1)


def said(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def defer(path: Path, seconds: float = 0, **configured: object) -> int:
    task = queue.configure_task("tests.slow", **configured)
    return task.defer(path=str(path), seconds=seconds)


def let_heartbeats_grow_old() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")


def left_by_a_killed_worker(path: Path, attempts: int = 0, **configured: object) -> ProcrastinateJob:
    job = defer(path, **configured)
    with connection.cursor() as cursor:
        sql = "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s WHERE id = %s"
        cursor.execute(sql, [attempts, job])
    return ProcrastinateJob.objects.get(pk=job)


def test_what_a_killed_worker_had_in_its_hands_is_done_by_the_next_one(tmp_path):
    path = tmp_path / "said"
    defer(path, seconds=600)
    with a_worker() as first:
        wait_for(lambda: said(path) == ["begun"])
        first.kill()
    let_heartbeats_grow_old()
    with a_worker(SECONDS="0"):
        wait_for(lambda: said(path) == ["begun", "begun", "done"])
        wait_for(lambda: not ProcrastinateJob.objects.filter(task_name="tests.slow").exists())


def test_a_worker_comes_back_when_the_database_was_away(tmp_path):
    path = tmp_path / "said"
    with a_worker(PGAPPNAME="a worker"):
        defer(path)
        wait_for(lambda: said(path) == ["begun", "done"])
        with the_database_away_from("a worker"):
            time.sleep(3)
        defer(path)
        wait_for(lambda: said(path) == ["begun", "done"] * 2)


def test_a_job_in_the_hands_of_a_worker_that_lives_stays_there(tmp_path):
    job = left_by_a_killed_worker(tmp_path / "said")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        (worker,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET worker_id = %s WHERE id = %s", [worker, job.pk])
    assert put_back_what_was_left(now=timezone.now()) == 0
    let_heartbeats_grow_old()
    assert put_back_what_was_left(now=timezone.now()) == 1


def test_a_job_that_takes_each_worker_along_is_given_up(tmp_path):
    job = left_by_a_killed_worker(tmp_path / "said", MOST_BEGINNINGS)
    put_back_what_was_left(now=timezone.now())
    assert ProcrastinateJob.objects.get(pk=job.pk).status == "failed"


def test_a_job_that_another_one_stands_for_is_not_put_back_beside_it(tmp_path):
    job = left_by_a_killed_worker(tmp_path / "said", queueing_lock="one")
    other = defer(tmp_path / "said", queueing_lock="one")
    put_back_what_was_left(now=timezone.now())
    assert ProcrastinateJob.objects.get(pk=job.pk).status == "failed"
    assert ProcrastinateJob.objects.get(pk=other).status == "todo"


def test_every_task_has_a_queue_that_somebody_works_off():
    assert (
        {one.queue for one in queue.tasks.values()} - {"builtin"} == {SHORT, LONG, PATIENT} == AT_ONCE.keys()
    )
