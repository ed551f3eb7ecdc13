"""Kinds of long work, declared with their arguments by the stage that orders them."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from procrastinate import RetryStrategy

from muntada.foundations.tasks import LONG, Task, declare, name_of

# Every declared kind by its name.
declared_kinds: dict[str, "JobKind[...]"] = {}


def _of_a_job(*, job_id: int) -> None:
    """The one argument in the queue; the arguments of the work are stored with the job."""


@dataclass(frozen=True)
class JobKind[**P]:
    """A kind of job. `title` names it on its page; `roles` may see, begin and cancel all its jobs.

    A kind that `goes_on` stores its result in pieces and continues after a restart.
    """

    name: str
    signature: inspect.Signature
    title: Promise
    roles: tuple[str, ...]
    task: Task[...]
    goes_on: bool = False


def job_kind[**P](
    *,
    title: Promise,
    roles: tuple[str, ...],
    queue: str = LONG,
    retry: RetryStrategy | None = None,
    goes_on: bool = False,
) -> Callable[[Callable[P, None]], JobKind[P]]:
    """Declare a kind of job as a function without a body."""

    def made_of(function: Callable[P, None]) -> JobKind[P]:
        name = name_of(function)
        carried: Task[...] = declare(Task(name, inspect.signature(_of_a_job), queue, retry))
        made: JobKind[P] = JobKind(name, inspect.signature(function), title, roles, carried, goes_on)
        declared_kinds[name] = made
        return made

    return made_of
