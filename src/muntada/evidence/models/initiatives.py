from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from muntada.evidence.models.choices import codes
from muntada.evidence.rules import initiatives as rules
from muntada.forums.models import Goal, Line
from muntada.foundations.languages import CONTENT_LANGUAGES, direction
from muntada.people.models import Organisation
from muntada.record.models import Symbol


class Initiative(models.Model):
    """What somebody does, or did, for a line of the framework: one entry of the stocktaking."""

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
    scope = models.CharField(max_length=16, choices=codes(rules.Scope))
    starts_year = models.PositiveSmallIntegerField(null=True, blank=True)
    ends_year = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=codes(rules.Progress))
    website = models.URLField(max_length=400, blank=True)
    media = ArrayField(models.URLField(max_length=400), default=list, blank=True)
    standing = models.CharField(
        max_length=16, choices=codes(rules.Standing), default=rules.Standing.SUBMITTED.value
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
    is_invented = models.BooleanField(default=False)

    class Meta:
        ordering = ["-registered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_year=None) | Q(ends_year=None) | Q(ends_year__gte=F("starts_year")),
                name="initiative_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(standing=rules.Standing.PUBLISHED.value) | Q(published_at__isnull=False),
                name="initiative_published_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(standing=rules.Standing.RETURNED.value) | ~Q(returned_because=""),
                name="initiative_returned_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-registered_at", "-id"],
                condition=Q(standing=rules.Standing.PUBLISHED.value, withdrawn_at=None),
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
        return self.standing == rules.Standing.PUBLISHED and self.withdrawn_at is None

    @property
    def countries(self) -> list[str]:
        """Every country in which it is done, the main one first."""
        return [code for code in (self.country, *self.also_in) if code]

    @property
    def standing_name(self) -> str:
        return str(rules.STANDING_NAMES[rules.Standing(self.standing)])

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def activity_name(self) -> str:
        return str(rules.ACTIVITY_NAMES[rules.Activity(self.activity)])

    @property
    def scope_name(self) -> str:
        return str(rules.SCOPE_NAMES[rules.Scope(self.scope)])

    @property
    def status_name(self) -> str:
        return str(rules.PROGRESS_NAMES[rules.Progress(self.status)])


class InitiativeFigure(models.Model):
    """A result of an initiative as a number, with its unit and who says so."""

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
    """An entry as it stood until it was changed or confirmed."""

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
