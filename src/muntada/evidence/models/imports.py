from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.evidence.models.choices import codes
from muntada.evidence.rules.imports import FORM_NAMES, STATE_NAMES, ImportState
from muntada.forums.models import Forum


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

    `preview` says what taking it in would change; `sentence` why it was refused, to whoever began it and in
    their language; `says` what each column says.
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
    state = models.CharField(max_length=12, choices=codes(ImportState), default=ImportState.LOOKING.value)
    progress = models.FloatField(default=0)
    preview = models.JSONField(default=dict, blank=True)
    sentence = models.TextField(blank=True)
    leaves_out = models.BooleanField(default=False)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    begun_at = models.DateTimeField()
    told_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["forum"], condition=Q(state="taking"), name="one_import_taken_in_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0) & Q(progress__lte=1), name="share_of_an_import_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | ~Q(state="withdrawn") & Q(withdrawn_at=None),
                name="a_withdrawn_import_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/evidence/imports/{self.pk}"

    @property
    def percent(self) -> int:
        return round(100 * self.progress)

    @property
    def form_name(self) -> str:
        return str(FORM_NAMES.get(self.form, self.form))

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[ImportState(self.state)])


class ImportPart(models.Model):
    """One file, or one page of an answer, kept until it is taken in."""

    of_import = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["of_import", "number"], name="one_part_per_number")]
