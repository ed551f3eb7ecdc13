from django.conf import settings
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
    challenges = models.TextField(blank=True)
    partners = models.TextField(blank=True)
    country = models.CharField(max_length=2, blank=True)
    scope = models.CharField(max_length=16, choices=codes(rules.Scope))
    starts_year = models.PositiveSmallIntegerField(null=True, blank=True)
    ends_year = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=codes(rules.Progress))
    website = models.URLField(max_length=400, blank=True)
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
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()

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
