from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.evidence.models.choices import codes
from muntada.evidence.rules.imports import FORM_NAMES, LOOK, STATE_NAMES, ImportState, Reached, import_state
from muntada.forums.models import Forum
from muntada.foundations.jobs.models import Upload
from muntada.foundations.jobs.rules import JobState


class Source(models.Model):
    """Who publishes figures, and under which licence they may be used."""

    name = models.CharField(max_length=200, unique=True)
    publisher = models.CharField(max_length=200)
    licence = models.CharField(max_length=120)
    address = models.URLField(max_length=400, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """Figures from one file or address: looked at, then taken in whole as vintages, or thrown away.

    `preview` says what taking it in would change, `says` what each column says. `job` is the last work on it,
    or what waits for somebody: naming its columns, confirming it. One that nobody takes in goes with its job.
    """

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="imports")
    name = models.CharField(max_length=120)
    address = models.URLField(max_length=1000, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="imports")
    form = models.CharField(max_length=24, blank=True)
    header = models.JSONField(default=list, blank=True)
    says = models.JSONField(default=dict, blank=True)
    series = models.CharField(max_length=64, blank=True)
    edition = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    reached = models.CharField(max_length=12, choices=codes(Reached), default=Reached.BEGUN.value)
    job = models.OneToOneField(Upload, models.CASCADE, null=True, blank=True, related_name="+")
    preview = models.JSONField(default=dict, blank=True)
    leaves_out = models.BooleanField(default=False)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    begun_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reached="withdrawn", withdrawn_at__isnull=False)
                | ~Q(reached="withdrawn") & Q(withdrawn_at=None),
                name="a_withdrawn_import_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/evidence/imports/{self.pk}"

    @property
    def state(self) -> ImportState:
        job_state = None if self.job is None else JobState(self.job.state)
        is_look = self.job is not None and self.job.kind == LOOK
        return import_state(Reached(self.reached), job_state, is_look=is_look)

    @property
    def is_under_way(self) -> bool:
        return self.job is not None and self.job.is_active

    @property
    def form_name(self) -> str:
        return str(FORM_NAMES.get(self.form, self.form))

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[self.state])


class ImportPart(models.Model):
    """One file, or one page of an answer, kept until it is taken in."""

    of_import = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["of_import", "number"], name="one_part_per_number")]
