from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.forums.models import Forum, Goal, Line
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.record.models import Symbol
from muntada.review.findings import rules


class Finding(models.Model):
    """A finding under an action line, with the strength of its evidence."""

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="findings")
    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="finding")
    line = models.ForeignKey(Line, models.PROTECT, related_name="findings")
    goals = models.ManyToManyField(Goal, related_name="findings", blank=True)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in rules.FindingKind])
    text = models.TextField()
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    strength = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in rules.EvidenceStrength]
    )
    state = models.CharField(
        max_length=8,
        choices=[(state.value, state.value) for state in rules.FindingState],
        default=rules.FindingState.PROPOSED,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="findings"
    )
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["symbol__number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed", settled_at=None) | Q(state="settled", settled_at__isnull=False),
                name="settled_finding_has_its_moment",
            )
        ]

    @property
    def kind_here(self) -> str:
        return str(rules.KIND_NAMES[rules.FindingKind(self.kind)])

    @property
    def strength_here(self) -> str:
        return str(rules.STRENGTH_NAMES[rules.EvidenceStrength(self.strength)])

    @property
    def state_here(self) -> str:
        return str(rules.STATE_NAMES[rules.FindingState(self.state)])

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()
