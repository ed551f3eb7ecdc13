"""Tasks for later: each kind is declared once, ordered with typed arguments, and carried out by a worker.

A part declares what it leaves to the queue, as a function without a body:

    @task(queue=LONG, retry=THREE_TIMES)
    def group_campaigns(*, call_id: int) -> None:
        "Compare the texts of a call and bring the same ones together."

    group_campaigns.order(call_id=5)

A module `tasks` of the same part or a later one carries it out; only the worker imports those modules:

    @task_types.group_campaigns.carried_out_by
    def group_campaigns(*, call_id: int) -> None: ...

A wrong argument fails the type check, and at the latest the order. A kind that nobody carries out stops the
start of the worker.
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

# What takes minutes has a worker of its own, so that no letter waits for it.
# What goes on for minutes after its result is there has one too: nobody else is to wait for it.
SHORT, LONG, PATIENT = "default", "long", "patient"
# A letter is tried again after 4 seconds, 16, 64 and so on, for about a day in all.
LETTER_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)
TWICE, THREE_TIMES = RetryStrategy(max_attempts=2), RetryStrategy(max_attempts=3)
# A worker writes a heartbeat every 10 seconds; one that is silent for so long has died.
SILENT_AFTER = timedelta(seconds=30)
# What the connections of workers to the queue are called in PostgreSQL.
WORKER_CONNECTION = "muntada worker"

type Arguments = Mapping[str, Any]

# Every declared kind by its name in the queue.
declared_tasks: dict[str, "Task[...]"] = {}
# The names of those that a function carries out, in a process that loaded these functions.
_carried_out: set[str] = set()


@dataclass(frozen=True)
class Task[**P]:
    """A kind of task. Its arguments are stored as JSON, so they are numbers, texts and nothing else."""

    name: str
    signature: inspect.Signature
    queue: str
    retry: RetryStrategy | None
    longest_wait: timedelta = timedelta(0)
    is_single: bool = False

    def order(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Put a task into the queue, in the transaction that is open."""
        self.order_after(timedelta(0), *args, **kwargs)

    def order_after(self, wait: timedelta, /, *args: P.args, **kwargs: P.kwargs) -> datetime:
        """Put a task into the queue that is due after a while; return when it is due.

        Of a single kind one task waits for the same arguments. It is brought forward where it is due later.
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
        """Put many tasks into the queue at once; `arguments_of` makes the arguments of each."""
        orders = [dict(one) for one in arguments]
        if orders:
            self._deferrer(None, None).batch_defer(*orders)
            tell_workers(self.queue)

    def arguments_of(self, *args: P.args, **kwargs: P.kwargs) -> Arguments:
        """Return checked arguments for `order_all`."""
        return self.signature.bind(*args, **kwargs).arguments

    def carried_out_by(self, function: Callable[P, None]) -> Callable[P, None]:
        """Register the function that carries out tasks of this kind."""
        if inspect.signature(function).parameters.keys() != self.signature.parameters.keys():
            raise TypeError(f"{function.__name__} does not take the arguments of {self.name}")
        queue.task(name=self.name, queue=self.queue, retry=self.retry or False)(function)
        _carried_out.add(self.name)
        return function

    @property
    def longest_delay(self) -> timedelta:
        """How far ahead a task of this kind is due at most: when it is ordered, or when it is tried again."""
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
        # By name: the function that carries it out is not loaded in the web process.
        return procrastinate.configure_task(
            name=self.name,
            job_manager=queue.job_manager,
            queue=self.queue,
            lock=key,
            queueing_lock=key,
            schedule_at=at,
        )


def _brought_forward(key: str, due: datetime) -> datetime | None:
    """Have a waiting task begin by a time; return when it is due, or none where no task waits."""
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
    """Declare a kind of task. Its name in the queue is that of its stage and its own."""

    def made_of(function: Callable[P, None]) -> Task[P]:
        name, signature = name_of(function), inspect.signature(function)
        return declare(Task(name, signature, queue, retry, longest_wait, is_single))

    return made_of


def declare[**P](made: Task[P]) -> Task[P]:
    """Make a kind of task known, so that the start fails where nobody carries it out."""
    if any(one.kind is not one.KEYWORD_ONLY for one in made.signature.parameters.values()):
        raise TypeError(f"{made.name} has to take keyword arguments only")
    if made.name in declared_tasks:
        raise TypeError(f"{made.name} is declared twice")
    declared_tasks[made.name] = made
    return made


def name_of(function: Callable[..., None]) -> str:
    return f"{function.__module__.removeprefix('muntada.').split('.')[0]}.{function.__name__}"


def on_calendar(cron: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Have a function called at the times of a cron line, with `now`; one that waits already is enough."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        def carry_out(timestamp: int) -> None:
            function(now=datetime.fromtimestamp(timestamp, tz=UTC))

        name = name_of(function)
        queue.periodic(cron=cron)(queue.task(name=name, queueing_lock=name)(carry_out))
        return function

    return register


def load_carriers() -> None:
    """Import every module that carries out tasks; fail where a declared kind is carried out by none."""
    autodiscover_modules("tasks")
    missing = sorted(declared_tasks.keys() - _carried_out)
    if missing:
        raise LookupError(f"nobody carries out {', '.join(missing)}")


def is_worker_alive(now: datetime) -> bool:
    """Say whether a worker is there, on whatever machine: it is connected, and gave a sign of life just now.

    The connections of one that was killed end with it; the signs of one that hangs cease.
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
