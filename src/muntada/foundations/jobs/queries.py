from collections.abc import Collection

from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.foundations.errors import NotThere
from muntada.foundations.jobs.kinds import JobKind, declared_kinds
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.rules import ACTIVE, JobState


def job_at(forum_id: int, pk: int, person_id: int | None, roles: Collection[str]) -> Job:
    """Return a job for its orderer or a role of its kind; for others it does not exist."""
    job = Job.objects.select_related("forum", "ordered_by").filter(forum=forum_id, pk=pk).first()
    kind = declared_kinds.get(job.kind) if job else None
    if job is None or kind is None or not _may_see(job, kind, person_id, roles):
        raise NotThere(gettext("This work is no longer kept, or it is for others to see."), "job")
    return job


def _may_see(job: Job, kind: JobKind[...], person_id: int | None, roles: Collection[str]) -> bool:
    return (person_id is not None and job.ordered_by_id == person_id) or not set(roles).isdisjoint(kind.roles)


def active_job(key: str) -> Job | None:
    """Return the job of a key that is under way."""
    return Job.objects.select_related("forum").filter(key=key, state__in=ACTIVE).first()


def ordered_jobs(key: str) -> QuerySet[Job]:
    """Return the ordered jobs of a key, latest first."""
    return Job.objects.select_related("forum").filter(key=key).exclude(state=JobState.PREVIEWED)


def left_jobs() -> QuerySet[Job]:
    """Return jobs under way without a waiting or running task."""
    job_id = Cast(KeyTextTransform("job_id", "args"), BigIntegerField())
    tasks = ProcrastinateJob.objects.filter(status__in=["todo", "doing"], task_name=OuterRef("kind"))
    standing = tasks.annotate(job_id=job_id).filter(job_id=OuterRef("pk"))
    return Job.objects.select_related("forum").filter(~Exists(standing), state__in=ACTIVE)
