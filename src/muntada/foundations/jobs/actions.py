"""Order, confirm, cancel and stop jobs; the calling action checks the role."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils.translation import gettext

from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.jobs.kinds import JobKind, declared_kinds
from muntada.foundations.jobs.models import Job, Upload
from muntada.foundations.jobs.queries import active_job
from muntada.foundations.jobs.rules import ACTIVE, ENDED, KEPT_FOR, MAY_BEGIN, SYSTEM_ROLE, JobState
from muntada.foundations.live import announce


class Orderer(Protocol):
    """The orderer, their role, and the forum in which they hold it; the system acts in every forum."""

    @property
    def person_id(self) -> int | None: ...

    @property
    def role(self) -> str: ...

    @property
    def forum_id(self) -> int | None: ...


@dataclass(frozen=True)
class JobOrder:
    """The data of every job: its forum, subject, page, orderer and time.

    At most one job per key is under way.
    """

    forum_id: int
    key: str
    about: str
    back: str
    actor: Orderer
    now: datetime


def order[**P](kind: JobKind[P], new: JobOrder, /, *args: P.args, **kwargs: P.kwargs) -> Job:
    """Queue long work; refused while another job with the same key is under way."""
    arguments = kind.signature.bind(*args, **kwargs).arguments
    with transaction.atomic():
        _require_free(new.key)
        job = Job.objects.create(state=JobState.QUEUED, **_columns(kind.name, new, arguments))
        kind.task.order(job_id=job.pk)
    return job


def keep_upload[**P](
    kind: JobKind[P], new: JobOrder, content: bytes, /, *args: P.args, **kwargs: P.kwargs
) -> Upload:
    """Store a file that passed its preview, so that exactly this file is applied after confirmation."""
    arguments = kind.signature.bind(*args, **kwargs).arguments
    columns = _columns(kind.name, new, arguments)
    return Upload.objects.create(state=JobState.PREVIEWED, content=content, **columns)


def begin(*, job: Job, actor: Orderer, now: datetime) -> Job:
    """Confirm an upload, or restart a failed job; repeated calls have no further effect."""
    _require_role(job, actor)
    with transaction.atomic():
        kept = _locked(job)
        if kept.is_active or kept.state == JobState.DONE:
            return kept
        if kept.state not in MAY_BEGIN:
            sentence = gettext("This work has ended. Please begin anew from the page where it was ordered.")
            raise Refused(sentence, "job-ended")
        _require_free(kept.key)
        kept.state, kept.progress, kept.step, kept.sentence = JobState.QUEUED, 0, "", ""
        kept.details, kept.stop_asked_at = {}, None
        kept.ordered_by_id, kept.ordered_as, kept.ordered_at = actor.person_id, actor.role, now
        kept.heard_at = kept.ended_at = None
        kept.save()
        declared_kinds[kept.kind].task.order(job_id=kept.pk)
        announce(kept.topic)
    return kept


def cancel(*, job: Job, actor: Orderer, now: datetime) -> None:
    """Cancel a job that has not ended; its worker discards the result and stops soon."""
    _require_role(job, actor)
    with transaction.atomic():
        kept = _locked(job)
        if kept.state not in ENDED:
            close(kept, JobState.CANCELLED, now)


def stop(*, job: Job, actor: Orderer, now: datetime) -> None:
    """Ask a job to end early and store its best result; repeated calls have no further effect."""
    _require_role(job, actor)
    with transaction.atomic():
        kept = _locked(job)
        if not kept.is_active:
            raise Refused(gettext("This work has ended already."), "job-ended")
        if kept.stop_asked_at is None:
            kept.stop_asked_at = now
            kept.save(update_fields=["stop_asked_at"])
            announce(kept.topic)


def close(job: Job, state: JobState, now: datetime, *, sentence: str = "", result_at: str = "") -> None:
    """Record the end of a locked job, and delete a file that is no longer needed."""
    job.state, job.sentence, job.result_at, job.ended_at = state, sentence, result_at, now
    if state is JobState.DONE:
        job.progress = 1
    job.save(update_fields=["state", "sentence", "result_at", "ended_at", "progress"])
    if state not in MAY_BEGIN:
        Upload.objects.filter(pk=job.pk).update(content=None)
    announce(job.topic)


def drop_uploads(*, now: datetime) -> int:
    """Delete uploads not applied within a day; return their number."""
    old = Upload.objects.filter(ordered_at__lte=now - KEPT_FOR).exclude(state=JobState.DONE)
    return old.exclude(state__in=ACTIVE).delete()[1].get("jobs.Upload", 0)


def _columns(kind: str, new: JobOrder, arguments: Mapping[str, object]) -> dict[str, Any]:
    return {
        "kind": kind,
        "forum_id": new.forum_id,
        "key": new.key,
        "about": new.about,
        "back": new.back,
        "arguments": dict(arguments),
        "ordered_by_id": new.actor.person_id,
        "ordered_as": new.actor.role,
        "ordered_at": new.now,
    }


def _require_role(job: Job, actor: Orderer) -> None:
    if actor.person_id is None and actor.role == SYSTEM_ROLE:
        return
    is_here = actor.person_id is not None and actor.forum_id == job.forum_id
    if not is_here or (actor.person_id != job.ordered_by_id and actor.role not in job.roles):
        sentence = gettext("Only whoever ordered this work, and those who look after it, can do this.")
        raise NotAllowed(sentence, "job-role")


def _locked(job: Job) -> Job:
    rows = Job.objects.select_for_update(of=("self",), no_key=True).select_related("forum")
    return rows.get(pk=job.pk)


def _require_free(key: str) -> None:
    with connection.cursor() as cursor:
        # Two orders at the same time: the second waits and then finds the job of the first.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('muntada.job'), hashtext(%s))", [key])
    if active_job(key) is not None:
        sentence = gettext("The same kind of work is under way. Please wait until it has ended.")
        raise Refused(sentence, "job-under-way")
