"""Work that a queue or the calendar starts, on the same database, in the web process by default.

What a worker had in its hands when it was killed is put back, and a worker that broke off, as when the
database went away, is followed by another. So a job may be begun more than once, never lost.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from procrastinate import App, JobContext, RetryStrategy
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException

from muntada.foundations.models import SentForm

log = logging.getLogger("muntada.tasks")

# What takes minutes has a worker of its own, so that no letter waits for it; jobs at once, by queue.
# What goes on for minutes after its result is there has one too: nobody else is to wait for it.
SHORT, LONG, PATIENT = "default", "long", "patient"
AT_ONCE = {SHORT: 2, LONG: 1, PATIENT: 1}
# A letter is tried again after 4 seconds, 16, 64 and so on, for about a day in all.
LETTER_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)
# A worker says each 10 seconds that it lives.
SILENT_AFTER = timedelta(seconds=30)
LOOK_EVERY_SECONDS = 30.0
BEGIN_AGAIN_SECONDS = 5.0
# A job that took its worker along so often is given up; else it would take each one along.
MOST_BEGINNINGS = 10
# So long a server that stops waits for the jobs in hand.
GRACE_SECONDS = 5
# What failed for good is kept so long for whoever looks after it; its arguments may name people.
KEPT_FAILED_HOURS = 30 * 24
# Nobody goes back to a page after so long and sends its form again without knowing it.
SENT_FORMS_KEPT = timedelta(days=1)


def worker_app() -> App:
    """Return the queue on a connection of its own, as a worker needs it."""
    app: App = queue.with_connector(queue.connector.get_worker_connector())  # type: ignore[attr-defined]
    return app


@asynccontextmanager
async def worker_beside_the_web() -> AsyncIterator[None]:
    """Work off the queue in this process until the server stops."""
    running = [
        asyncio.create_task(_look_for_what_was_left()),
        *(asyncio.create_task(_keep_working(name, at_once)) for name, at_once in AT_ONCE.items()),
    ]
    try:
        yield
    finally:
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _keep_working(name: str, at_once: int) -> None:
    while True:
        try:
            app = worker_app()
            async with app.open_async():
                # A job that is done is deleted: what it was given may name people.
                await app.run_worker_async(
                    queues=[name],
                    concurrency=at_once,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    delete_jobs="successful",
                )
        except Exception:
            if _is_stopping():
                raise
            log.exception("the worker of the queue '%s' broke off; another one follows", name)
        await asyncio.sleep(BEGIN_AGAIN_SECONDS)


async def _look_for_what_was_left() -> None:
    while True:
        try:
            await asyncio.to_thread(_put_back)
        except Exception:
            if _is_stopping():
                raise
            log.warning("no look at what killed workers left: the database does not answer", exc_info=True)
        await asyncio.sleep(LOOK_EVERY_SECONDS)


def _is_stopping() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _put_back() -> None:
    try:
        put_back_what_was_left(now=timezone.now())
    finally:
        # This thread ends here; its connection goes back to the others.
        connection.close()


def put_back_what_was_left(*, now: datetime) -> int:
    """Put the jobs of workers that were killed back into the queue; return how many were."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One look at a time, so that no job is put back while the next worker has it already.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('muntada.tasks'))")
        silent = Q(worker=None) | Q(worker__last_heartbeat__lt=Now() - SILENT_AFTER)
        found = ProcrastinateJob.objects.filter(silent, status="doing").order_by("pk")
        left = list(found.select_for_update(of=("self",), no_key=True, skip_locked=True))
        for job in left:
            log.warning("job %s (%s) was left by a worker that was killed", job.pk, job.task_name)
            _begin_again(job, now)
    return len(left)


def _begin_again(job: ProcrastinateJob, now: datetime) -> None:
    if job.attempts < MOST_BEGINNINGS:
        try:
            with transaction.atomic():
                queue.job_manager.retry_job_by_id(job.pk, retry_at=now)
        except ConnectorException:
            log.info("another job that waits does the same as job %s", job.pk)
        else:
            return
    # One whose end is asked for ends as failed where it would be put back.
    queue.job_manager.cancel_job_by_id(job.pk, abort=True)
    queue.job_manager.retry_job_by_id(job.pk, retry_at=now)


@queue.periodic(cron="41 3 * * *")
@queue.task(name="muntada.foundations.tasks.forget_jobs", queueing_lock="forget-jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  (the calendar gives it)
    """Each night: delete the jobs that ended long ago."""
    await context.app.job_manager.delete_old_jobs(
        KEPT_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


@queue.periodic(cron="11 * * * *")
@queue.task(name="muntada.foundations.tasks.forget_sent_forms", queueing_lock="forget-sent-forms")
def forget_sent_forms(timestamp: int) -> None:
    """Each hour: forget the forms that were sent more than a day ago; the calendar names the moment."""
    SentForm.objects.filter(sent_at__lt=datetime.fromtimestamp(timestamp, UTC) - SENT_FORMS_KEPT).delete()
