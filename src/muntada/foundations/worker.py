"""The worker process: its loops, and the recovery of interrupted tasks.

A task whose worker died is run once more; if that worker dies too, the task is given up. A worker
loop that ends, for instance in an outage, is replaced. Tasks delayed by a wrong clock are brought
forward.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import async_to_sync
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from procrastinate import App, JobContext
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.worker import Worker

from muntada.foundations.jobs.running import fail_left_jobs
from muntada.foundations.models import RateCount, SentForm
from muntada.foundations.outage import is_outage, outage
from muntada.foundations.tasks import (
    LONG,
    PATIENT,
    SHORT,
    SILENT_AFTER,
    declared_tasks,
    load_carriers,
    on_calendar,
)
from muntada.foundations.worker_connector import WorkerConnector

log = logging.getLogger("muntada.tasks")

_in_hand: set[int] = set()

# Concurrent tasks, by queue.
AT_ONCE = {SHORT: 2, LONG: 1, PATIENT: 1}
SWEEP_EVERY_SECONDS = 30.0
BEGIN_AGAIN_SECONDS = 1.0
# A stopping worker waits this long for running tasks, then returns them to the queue.
GRACE_SECONDS = 3
# The priority of a task run again after its process died: after all others. Also marks the second
# run.
BEGUN_AGAIN = -1
# A smaller clock error delays a task by no more than itself.
CLOCK_TOLERANCE = timedelta(minutes=5)
# Failed tasks are kept for operators this long; their arguments may name people.
KEPT_FAILED_HOURS = 30 * 24
# After this time, nobody submits an old page again by accident.
SENT_FORMS_KEPT = timedelta(days=1)


def worker_app() -> App:
    """Return the queue with its own connection, for a worker."""
    load_carriers()
    connector = WorkerConnector(kwargs=connector_params())
    app = queue.with_connector(connector)
    app.job_manager = WorkerJobs(connector)
    return app


class WorkerJobs(JobManager):
    """Ends a task that cannot be tried again, since another that does the same waits already.

    Left in hand it would hold its lock, and the other one would wait as long as this worker lives.
    """

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Try a task again, or leave it to the one that waits."""
        try:
            await super().retry_job(job, retry_at, priority, queue, lock)
        except UniqueViolation:
            log.info("another task that waits does the same as task %s", job.id)
            await self.finish_job(job, Status.FAILED, delete_job=False)


@asynccontextmanager
async def worker_beside_the_web() -> AsyncIterator[None]:
    """Run the worker loops in this process until the server stops."""
    load_carriers()
    running = [
        asyncio.create_task(_keep_sweeping()),
        *(asyncio.create_task(_keep_working(name, at_once)) for name, at_once in AT_ONCE.items()),
    ]
    try:
        yield
    finally:
        for one in running:
            one.cancel()
        # Slightly longer than the loops themselves wait.
        await asyncio.wait(running, timeout=GRACE_SECONDS + 0.5)
        await asyncio.to_thread(_put_back, frozenset(_in_hand))


async def _note_in_hand(carry_out: Callable[[], Awaitable[Any]], context: JobContext, _: Worker) -> Any:
    """Track the running tasks of this process."""
    number = context.job.id
    if number is None:
        return await carry_out()
    _in_hand.add(number)
    try:
        return await carry_out()
    finally:
        _in_hand.discard(number)


def _put_back(numbers: Iterable[int]) -> None:
    """Return tasks to the queue that this worker cannot finish, without counting an attempt."""
    try:
        for number in numbers:
            log.warning("task %s is put back: the worker stops", number)
            with suppress(ConnectorException):
                queue.job_manager.retry_job_by_id(number, retry_at=timezone.now())
    finally:
        connection.close()


async def _keep_working(name: str, at_once: int) -> None:
    while True:
        try:
            app = worker_app()
            async with app.open_async():
                # Finished tasks are deleted: their arguments may name people.
                await app.run_worker_async(
                    queues=[name],
                    concurrency=at_once,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    delete_jobs="successful",
                    worker_middleware=[_note_in_hand],
                )
        except Exception as fault:
            if _is_stopping():
                raise
            if not is_outage(fault):
                log.exception("the worker of the queue '%s' broke off; another one follows", name)
        await asyncio.sleep(BEGIN_AGAIN_SECONDS)


async def _keep_sweeping() -> None:
    while True:
        try:
            await asyncio.to_thread(_sweep)
        except Exception as fault:
            if _is_stopping():
                raise
            if is_outage(fault):
                outage.begin()
            else:
                log.exception("no sweep of the queue")
        await asyncio.sleep(SWEEP_EVERY_SECONDS)


def _is_stopping() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _sweep() -> None:
    now = timezone.now()
    try:
        begin_stalled_again(now=now)
        fail_left_jobs(now=now)
        bring_forward()
    finally:
        # The thread ends; its connection returns to the pool.
        connection.close()


def begin_stalled_again(*, now: datetime) -> int:
    """Run the tasks of dead workers once more; return their number."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One sweep at a time, so that no task is returned while the next worker has it.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('muntada.tasks'))")
        find = async_to_sync(queue.job_manager.get_stalled_jobs)
        stalled = list(find(seconds_since_heartbeat=SILENT_AFTER.total_seconds()))
        for job in stalled:
            log.warning("task %s (%s) was left by a worker that died", job.id, job.task_name)
            _begin_again(job, now)
    return len(stalled)


def _begin_again(job: Job, now: datetime) -> None:
    if job.priority > BEGUN_AGAIN:
        try:
            with transaction.atomic():
                async_to_sync(queue.job_manager.retry_job)(job, retry_at=now, priority=BEGUN_AGAIN)
        except ConnectorException:
            log.info("another task that waits does the same as task %s", job.id)
        else:
            return
    else:
        log.error("task %s (%s) is given up: two workers died over it", job.id, job.task_name)
    async_to_sync(queue.job_manager.finish_job)(job, Status.FAILED, delete_job=False)


def bring_forward() -> int:
    """Bring forward tasks due later than their kind allows, after a wrong clock; return their number."""
    waiting = ProcrastinateJob.objects.filter(status="todo")
    found = 0
    for kind in declared_tasks.values():
        late = waiting.filter(
            task_name=kind.name, scheduled_at__gt=Now() + kind.longest_delay + CLOCK_TOLERANCE
        )
        found += late.update(scheduled_at=Now())
    if found:
        log.warning("%s tasks were due later than ever: a clock was wrong; they are due now", found)
    return found


@on_calendar("41 3 * * *")
def forget_jobs(*, now: datetime) -> None:  # noqa: ARG001 - the database knows when they ended
    """Each night: delete tasks that ended long ago."""
    async_to_sync(queue.job_manager.delete_old_jobs)(
        KEPT_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


@on_calendar("11 * * * *")
def forget_sent_forms(*, now: datetime) -> None:
    """Each hour: delete form submissions older than a day."""
    SentForm.objects.filter(sent_at__lt=now - SENT_FORMS_KEPT).delete()


@on_calendar("17 * * * *")
def forget_rate_counts(*, now: datetime) -> None:
    """Each hour: delete rate counts that are fully free."""
    RateCount.objects.filter(free_at__lt=now).delete()
