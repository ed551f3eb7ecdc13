"""Initiatives with their versions, import tables, and likely duplicates."""

import json
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from muntada.evidence.initiatives import rules
from muntada.evidence.initiatives.rules import DuplicateVerdict
from muntada.forums.models import Goal, Line
from muntada.foundations.fields import codes
from muntada.foundations.jobs.models import Upload
from muntada.foundations.languages import CONTENT_LANGUAGES, direction
from muntada.foundations.stored import read_stored
from muntada.people.models import Organisation
from muntada.record.models import Symbol

FILE_NAME_LENGTH = 120


class Initiative(models.Model):
    """An initiative for lines of the framework: an entry of the stocktaking."""

    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="initiative")
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="initiatives")
    description = models.TextField()
    activity = models.CharField(max_length=16, choices=codes(rules.Activity))
    lines = models.ManyToManyField(Line, related_name="initiatives", blank=True)
    goals = models.ManyToManyField(Goal, related_name="initiatives", blank=True)
    results = models.TextField(blank=True)
    beneficiaries = models.TextField(blank=True)
    challenges = models.TextField(blank=True)
    replicability = models.TextField(blank=True)
    partners = models.TextField(blank=True)
    country = models.CharField(max_length=2, blank=True)
    also_in = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    scope = models.CharField(max_length=16, choices=codes(rules.InitiativeScope))
    starts_year = models.PositiveSmallIntegerField(null=True, blank=True)
    ends_year = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=codes(rules.InitiativeProgress))
    website = models.URLField(max_length=400, blank=True)
    media = ArrayField(models.URLField(max_length=400), default=list, blank=True)
    standing = models.CharField(
        max_length=16, choices=codes(rules.PublicationState), default=rules.PublicationState.SUBMITTED.value
    )
    returned_because = models.TextField(blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    registered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-registered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_year=None) | Q(ends_year=None) | Q(ends_year__gte=F("starts_year")),
                name="initiative_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(standing=rules.PublicationState.PUBLISHED.value) | Q(published_at__isnull=False),
                name="initiative_published_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(standing=rules.PublicationState.RETURNED.value) | ~Q(returned_because=""),
                name="initiative_returned_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-registered_at", "-id"],
                condition=Q(standing=rules.PublicationState.PUBLISHED.value, withdrawn_at=None),
                name="initiative_in_public",
            ),
            GinIndex(fields=["also_in"], name="initiative_also_in"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()

    @property
    def is_public(self) -> bool:
        return self.standing == rules.PublicationState.PUBLISHED and self.withdrawn_at is None

    @property
    def countries(self) -> list[str]:
        """All countries of the initiative, the main one first."""
        return [code for code in (self.country, *self.also_in) if code]

    @property
    def standing_name(self) -> str:
        return str(rules.STANDING_NAMES[rules.PublicationState(self.standing)])

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def activity_name(self) -> str:
        return str(rules.ACTIVITY_NAMES[rules.Activity(self.activity)])

    @property
    def scope_name(self) -> str:
        return str(rules.SCOPE_NAMES[rules.InitiativeScope(self.scope)])

    @property
    def status_name(self) -> str:
        return str(rules.PROGRESS_NAMES[rules.InitiativeProgress(self.status)])


class InitiativeFigure(models.Model):
    """A result of an initiative as a number, with unit and source."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="figures")
    position = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=200)
    value = models.DecimalField(max_digits=20, decimal_places=4)
    unit = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint("initiative", "position", name="initiative_figure_at_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.value} {self.unit}"


class InitiativeVersion(models.Model):
    """A former version of an entry."""

    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    said = models.JSONField()
    until = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("initiative", "number", name="initiative_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} ({self.number})"


class InitiativeTable(models.Model):
    """A previewed table. Its rows are the content of its upload and are deleted with it.

    `done` is the number of imported rows.
    """

    forum = models.ForeignKey("forums.Forum", models.CASCADE, related_name="+")
    name = models.CharField(max_length=FILE_NAME_LENGTH)
    job = models.OneToOneField(Upload, models.CASCADE, related_name="+")
    count = models.PositiveIntegerField()
    same = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    publishes = models.BooleanField(default=False)
    looked_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done__lte=models.F("count")), name="initiative_table_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows to import; empty after the import."""
        return list(json.loads(bytes(self.job.content))) if self.job.content else []

    def first_refused(self, count: int) -> list[rules.RefusedRow]:
        """Return the first refused rows; a long table has thousands."""
        return [read_stored(rules.RefusedRow, one) for one in self.refused[:count]]

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/evidence/initiatives/tables/{self.pk}"


class LikePair(models.Model):
    """Two likely duplicates. A decision is kept, so that nobody is asked twice."""

    first = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    second = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    likeness = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    verdict = models.CharField(
        max_length=12, choices=codes(DuplicateVerdict), default=DuplicateVerdict.OPEN.value
    )
    kept = models.ForeignKey(Initiative, models.PROTECT, null=True, blank=True, related_name="+")
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-likeness", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="like_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="like_pair_in_order"),
            models.CheckConstraint(
                condition=(
                    Q(verdict=DuplicateVerdict.SAME.value, kept__isnull=False)
                    & (Q(kept=F("first")) | Q(kept=F("second")))
                )
                | (~Q(verdict=DuplicateVerdict.SAME.value) & Q(kept=None)),
                name="like_pair_same_keeps_one",
            ),
            models.CheckConstraint(
                condition=Q(verdict=DuplicateVerdict.OPEN.value, decided_at=None)
                | (~Q(verdict=DuplicateVerdict.OPEN.value) & Q(decided_at__isnull=False)),
                name="like_pair_decided_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} = {self.second}?"

    @property
    def likeness_reasons(self) -> tuple[rules.LikenessReason, ...]:
        """Why the two look the same."""
        return tuple(read_stored(rules.LikenessReason, one) for one in self.reasons)

    @property
    def given_up(self) -> Initiative | None:
        """The entry that was withdrawn as a duplicate."""
        if self.kept_id is None:
            return None
        return self.second if self.kept_id == self.first_id else self.first


class DuplicateLook(models.Model):
    """The time of the last search for duplicates in a forum."""

    forum = models.OneToOneField("forums.Forum", models.CASCADE, related_name="+")
    ordered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    entries = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.forum)
