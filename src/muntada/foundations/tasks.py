"""Background tasks: declared once, ordered with typed arguments, run by a worker.

A stage declares a task as a function without a body:

    @task(queue=LONG, retry=THREE_TIMES)
    def group_campaigns(*, call_id: int) -> None:
        "Compare the texts of a call and bring the same ones together."

    group_campaigns.order(call_id=5)

A module `tasks` of the same stage or a later one implements it; only the worker imports these
modules:

    @task_types.group_campaigns.carried_out_by
    def group_campaigns(*, call_id: int) -> None: ...

A wrong argument fails the type check, or at the latest the order. The worker does not start if a
task has no implementation.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from procrastinate import RetryStrategy
from procrastinate import tasks as procrastinate
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer

from muntada.foundations.task_notices import tell_workers

# Minutes of work have a separate worker, so that no e-mail waits. So does work that continues for
# minutes after its result is available.
SHORT, LONG, PATIENT = "default", "long", "patient"
# An e-mail is retried after 4 seconds, 16, 64 and so on, for about a day in total.
LETTER_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)
TWICE, THREE_TIMES = RetryStrategy(max_attempts=2), RetryStrategy(max_attempts=3)
# Workers write a heartbeat every 10 seconds; one silent for this long has died.
SILENT_AFTER = timedelta(seconds=30)
# The application name of worker connections in PostgreSQL.
WORKER_CONNECTION = "muntada worker"

type Arguments = Mapping[str, Any]

# Every declared kind by its name in the queue.
declared_tasks: dict[str, "Task[...]"] = {}
# The names of tasks with a loaded implementation.
_carried_out: set[str] = set()


@dataclass(frozen=True)
class Task[**P]:
    """A kind of task. Arguments are stored as JSON: numbers and texts only."""

    name: str
    signature: inspect.Signature
    queue: str
    retry: RetryStrategy | None
    longest_wait: timedelta = timedelta(0)
    is_single: bool = False

    def order(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Queue a task in the open transaction."""
        self.order_after(timedelta(0), *args, **kwargs)

    def order_after(self, wait: timedelta, /, *args: P.args, **kwargs: P.kwargs) -> datetime:
        """Queue a task due after `wait`; return when it is due.

        At most one task of a single kind waits for the same arguments; it is brought forward if due later.
        """
        if wait > self.longest_wait:
            raise ValueError(f"{self.name} waits {self.longest_wait} at most")
        arguments = self.signature.bind(*args, **kwargs).arguments
        due = timezone.now() + wait
        at = due if wait else None
        if self.is_single:
            due = self._order_single(due, at, arguments)
        else:
            self._deferrer(None, at).defer(**arguments)
        if at is None:
            tell_workers(self.queue)
        return due

    def order_all(self, arguments: Iterable[Arguments]) -> None:
        """Queue many tasks at once, each with arguments from `arguments_of`."""
        orders = [dict(one) for one in arguments]
        if orders:
            self._deferrer(None, None).batch_defer(*orders)
            tell_workers(self.queue)

    def arguments_of(self, *args: P.args, **kwargs: P.kwargs) -> Arguments:
        """Return checked arguments for `order_all`."""
        return self.signature.bind(*args, **kwargs).arguments

    def carried_out_by(self, function: Callable[P, None]) -> Callable[P, None]:
        """Register the implementation of this kind."""
        if inspect.signature(function).parameters.keys() != self.signature.parameters.keys():
            raise TypeError(f"{function.__name__} does not take the arguments of {self.name}")
        queue.task(name=self.name, queue=self.queue, retry=self.retry or False)(function)
        _carried_out.add(self.name)
        return function

    @property
    def longest_delay(self) -> timedelta:
        """The longest time ahead a task of this kind can be due, at ordering or retry."""
        if self.retry is None:
            return self.longest_wait
        most = self.retry.max_attempts or 1
        seconds = self.retry.wait + self.retry.linear_wait * most + self.retry.exponential_wait**most
        return max(self.longest_wait, timedelta(seconds=seconds))

    def _order_single(self, due: datetime, at: datetime | None, arguments: Arguments) -> datetime:
        key = ":".join([self.name, *(str(one) for one in arguments.values())])
        if (waiting := _brought_forward(key, due)) is not None:
            return waiting
        try:
            with transaction.atomic():
                self._deferrer(key, at).defer(**arguments)
        except AlreadyEnqueued:
            # Another process was faster.
            return _brought_forward(key, due) or due
        return due

    def _deferrer(self, key: str | None, at: datetime | None) -> JobDeferrer:
        # By name: the implementation is not loaded in the web process.
        return procrastinate.configure_task(
            name=self.name,
            job_manager=queue.job_manager,
            queue=self.queue,
            lock=key,
            queueing_lock=key,
            schedule_at=at,
        )


def _brought_forward(key: str, due: datetime) -> datetime | None:
    """Bring a waiting task forward; return when it is due, or None if none waits."""
    waiting = ProcrastinateJob.objects.filter(queueing_lock=key, status="todo")
    found = waiting.values_list("scheduled_at").first()
    if found is None:
        return None
    if found[0] is None or found[0] <= due:
        return found[0] or timezone.now()
    return due if waiting.update(scheduled_at=due) else None


def task[**P](
    *,
    queue: str = SHORT,
    retry: RetryStrategy | None = None,
    longest_wait: timedelta = timedelta(0),
    is_single: bool = False,
) -> Callable[[Callable[P, None]], Task[P]]:
    """Declare a kind of task; its queue name combines stage and function."""

    def made_of(function: Callable[P, None]) -> Task[P]:
        name, signature = name_of(function), inspect.signature(function)
        return declare(Task(name, signature, queue, retry, longest_wait, is_single))

    return made_of


def declare[**P](made: Task[P]) -> Task[P]:
    """Register a kind of task, so that the worker refuses to start without its implementation."""
    if any(one.kind is not one.KEYWORD_ONLY for one in made.signature.parameters.values()):
        raise TypeError(f"{made.name} has to take keyword arguments only")
    if made.name in declared_tasks:
        raise TypeError(f"{made.name} is declared twice")
    declared_tasks[made.name] = made
    return made


def name_of(function: Callable[..., None]) -> str:
    return f"{function.__module__.removeprefix('muntada.').split('.')[0]}.{function.__name__}"


def on_calendar(cron: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Call a function at the times of a cron line with `now`; at most one call waits."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        def carry_out(timestamp: int) -> None:
            function(now=datetime.fromtimestamp(timestamp, tz=UTC))

        name = name_of(function)
        queue.periodic(cron=cron)(queue.task(name=name, queueing_lock=name)(carry_out))
        return function

    return register


def load_carriers() -> None:
    """Import all modules with implementations; raise if a declared kind has none."""
    autodiscover_modules("tasks")
    missing = sorted(declared_tasks.keys() - _carried_out)
    if missing:
        raise LookupError(f"nobody carries out {', '.join(missing)}")


def is_worker_alive(now: datetime) -> bool:
    """Return whether a worker on any machine is connected and has sent a recent heartbeat.

    A killed worker loses its connections; a hung one stops sending heartbeats.
    """
    if not ProcrastinateWorker.objects.filter(last_heartbeat__gt=now - SILENT_AFTER).exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s)",
            [WORKER_CONNECTION],
        )
        return bool(cursor.fetchone()[0])
