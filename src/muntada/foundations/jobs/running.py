"""Run a job in a worker: start, progress, end, and recovery after the process died."""

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Concatenate

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from muntada.foundations.contents import content_of
from muntada.foundations.errors import Refused
from muntada.foundations.jobs.actions import close
from muntada.foundations.jobs.kinds import JobKind
from muntada.foundations.jobs.models import Job, Upload
from muntada.foundations.jobs.queries import left_jobs
from muntada.foundations.jobs.rules import ACTIVE, JobState
from muntada.foundations.live import announce

type TellProgress = Callable[[float], None]

log = logging.getLogger("muntada.jobs")

# Progress is stored no more often than a person could see.
TELL_EVERY_SECONDS = 0.5

type Now = Callable[[], datetime]


class Stopped(Exception):
    """The job was cancelled or restarted elsewhere; this run stores nothing."""


class Run:
    """One run of a job: reports progress, and ends the job together with its result."""

    def __init__(self, job: Job, clock: Now) -> None:
        self.job, self.clock = job, clock
        self._told = 0.0

    def tell(self, share: float, step: str = "", details: Mapping[str, object] | None = None) -> None:
        """Store the progress; raise `Stopped` if the job is no longer wanted."""
        if time.monotonic() - self._told >= TELL_EVERY_SECONDS:
            self.begin_step(share, step, details)

    def begin_step(self, share: float, step: str, details: Mapping[str, object] | None = None) -> None:
        """Store the beginning of a step, however soon after the last; steps are few and may take long."""
        self._told = time.monotonic()
        columns: dict[str, object] = {"progress": max(0.0, min(1.0, share)), "step": step[:200]}
        columns |= {"heard_at": self.clock()} | ({} if details is None else {"details": details})
        if not Job.objects.filter(**self._mine).update(**columns):
            raise Stopped
        announce(self.job.topic)

    def require_wanted(self) -> None:
        """Raise `Stopped` if the job is no longer wanted; prevent cancelling until the transaction ends."""
        if not Job.objects.select_for_update(no_key=True).filter(**self._mine).exists():
            raise Stopped

    def end(self, *, sentence: str = "", result_at: str = "") -> None:
        """Mark the job as done, in the transaction that stores its result."""
        with transaction.atomic():
            self._close(JobState.DONE, sentence=sentence, result_at=result_at)

    def break_off(self, state: JobState, sentence: str = "") -> None:
        """Mark the job as refused or failed, if this run still owns it."""
        with suppress(Stopped), transaction.atomic():
            self._close(state, sentence=sentence)

    def content(self) -> bytes:
        """Return the file of an upload."""
        content = content_of(Upload.objects.filter(pk=self.job.pk))
        if content is None:
            raise Refused(gettext("This file is no longer kept. Please upload it again."), "upload-gone")
        return content

    @property
    def language(self) -> str:
        return self.job.ordered_by.language if self.job.ordered_by else "en"

    @property
    def has_ended(self) -> bool:
        return not Job.objects.filter(**self._mine).exists()

    @property
    def is_stop_wanted(self) -> bool:
        """Whether a person asked for an early end with the result so far."""
        return Job.objects.filter(pk=self.job.pk, stop_asked_at__isnull=False).exists()

    @property
    def _mine(self) -> dict[str, object]:
        return {"pk": self.job.pk, "state": JobState.RUNNING, "beginnings": self.job.beginnings}

    def _close(self, state: JobState, *, sentence: str = "", result_at: str = "") -> None:
        rows = Job.objects.select_for_update(of=("self",), no_key=True).select_related("forum")
        kept = rows.filter(**self._mine).first()
        if kept is None:
            raise Stopped
        close(kept, state, self.clock(), sentence=sentence, result_at=result_at)


def carries_out[**P](
    kind: JobKind[P],
) -> Callable[[Callable[Concatenate[Run, P], None]], Callable[Concatenate[Run, P], None]]:
    """Register the function for jobs of a kind; it ends its run where it stores the result."""

    def register(work: Callable[Concatenate[Run, P], None]) -> Callable[Concatenate[Run, P], None]:
        def carry_out_task(*, job_id: int) -> None:
            carry_out(job_id=job_id, work=work, clock=timezone.now)

        kind.task.carried_out_by(carry_out_task)
        return work

    return register


def carry_out(*, job_id: int, work: Callable[..., None], clock: Now) -> None:
    """Run a job completely or not at all; its page shows the outcome."""
    run = _begun(job_id, clock)
    if run is None:
        return
    try:
        with translation.override(run.language):
            work(run, **run.job.arguments)
            if not run.has_ended:
                run.end()
    except Stopped:
        log.info("job %s (%s) was cancelled or begun anew; nothing of this run is kept", job_id, run.job.kind)
    except Refused as refusal:
        run.break_off(JobState.REFUSED, str(refusal))
    except Exception:
        log.exception("job %s (%s) broke off", job_id, run.job.kind)
        run.break_off(JobState.FAILED)
        raise


def _begun(job_id: int, clock: Now) -> Run | None:
    """Take a waiting job, or one whose worker died; not one that was cancelled or deleted."""
    with transaction.atomic():
        rows = Job.objects.select_for_update(of=("self",), no_key=True).select_related("forum", "ordered_by")
        job = rows.filter(pk=job_id, state__in=ACTIVE).first()
        if job is None:
            return None
        job.state, job.beginnings, job.heard_at = JobState.RUNNING, job.beginnings + 1, clock()
        job.progress, job.step, job.details = 0, "", {}
        job.save(update_fields=["state", "beginnings", "heard_at", "progress", "step", "details"])
        announce(job.topic)
    return Run(job, clock)


def fail_left_jobs(*, now: datetime) -> int:
    """End jobs that no task in the queue belongs to any more."""
    with transaction.atomic():
        left = list(left_jobs().select_for_update(of=("self",), no_key=True, skip_locked=True))
        for job in left:
            log.error("job %s (%s) is given up", job.pk, job.kind)
            close(job, JobState.FAILED, now)
    return len(left)
