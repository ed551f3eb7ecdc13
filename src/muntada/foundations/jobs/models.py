from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise

from muntada.foundations.jobs.kinds import declared_kinds
from muntada.foundations.jobs.rules import ACTIVE, ENDED, STATE_MARKS, STATE_WORDS, SYSTEM_ROLE, JobState


class Job(models.Model):
    """A job.

    `about` names its subject; `back` is the page it was ordered from, and `result_at` the page of its
    result. `sentence` says how it ended, in the language of the orderer.
    """

    kind = models.CharField(max_length=80)
    forum = models.ForeignKey("forums.Forum", models.CASCADE, related_name="jobs")
    # At most one job per key is under way.
    key = models.CharField(max_length=120)
    about = models.CharField(max_length=200)
    back = models.CharField(max_length=300)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=[(one.value, one.value) for one in JobState])
    progress = models.FloatField(default=0)
    step = models.CharField(max_length=200, blank=True)
    sentence = models.TextField(blank=True)
    result_at = models.CharField(max_length=300, blank=True)
    # Progress details beside share and step, for pages of a kind.
    details = models.JSONField(default=dict, blank=True)
    # The job shall end early and store its best result; a cancelled job stores nothing.
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    # Distinguishes a worker that continues from its successor.
    beginnings = models.PositiveSmallIntegerField(default=0)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ordered_as = models.CharField(max_length=20)
    ordered_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in JobState]), name="a_job_is_in_a_known_state"
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=[one.value for one in ACTIVE]), name="one_job_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0) & Q(progress__lte=1), name="progress_of_a_job_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in ENDED]) & Q(ended_at__isnull=False)
                | ~Q(state__in=[one.value for one in ENDED]) & Q(ended_at__isnull=True),
                name="a_job_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.DONE.value) | Q(progress=1), name="what_is_done_is_whole"
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.REFUSED.value) | ~Q(sentence=""), name="a_refusal_says_why"
            ),
        ]

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/jobs/{self.pk}"

    @property
    def title(self) -> Promise:
        return declared_kinds[self.kind].title

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that may see, begin and cancel the job, beside the orderer."""
        return declared_kinds[self.kind].roles

    @property
    def goes_on(self) -> bool:
        """Whether work done before the end is kept."""
        return declared_kinds[self.kind].goes_on

    @property
    def is_ordered_by_system(self) -> bool:
        """Whether the calendar, the command line or a page without sign-in ordered it."""
        return self.ordered_by_id is None and self.ordered_as == SYSTEM_ROLE

    @property
    def topic(self) -> str:
        """The topic of the job's page."""
        return f"{self.forum.slug}-job-{self.pk}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def percent(self) -> int:
        return round(100 * self.progress)

    @property
    def state_name(self) -> Promise:
        return STATE_WORDS[JobState(self.state)]

    @property
    def state_mark(self) -> str:
        return STATE_MARKS[JobState(self.state)]


class Upload(Job):
    """A job that applies an uploaded file. The file is deleted after success or refusal."""

    content = models.BinaryField(null=True)
