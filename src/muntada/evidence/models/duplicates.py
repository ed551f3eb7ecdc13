"""Entries of the stocktaking that look the same, and what the secretariat decided of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from muntada.evidence.models.choices import codes
from muntada.evidence.models.initiatives import Initiative
from muntada.evidence.rules.duplicates import Verdict


class LikePair(models.Model):
    """Two entries that look the same. What was decided stays, so that nobody is asked twice."""

    first = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    second = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    likeness = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    verdict = models.CharField(max_length=12, choices=codes(Verdict), default=Verdict.OPEN.value)
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
                    Q(verdict=Verdict.SAME.value, kept__isnull=False)
                    & (Q(kept=F("first")) | Q(kept=F("second")))
                )
                | (~Q(verdict=Verdict.SAME.value) & Q(kept=None)),
                name="like_pair_same_keeps_one",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.OPEN.value, decided_at=None)
                | (~Q(verdict=Verdict.OPEN.value) & Q(decided_at__isnull=False)),
                name="like_pair_decided_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} = {self.second}?"

    @property
    def given_up(self) -> Initiative | None:
        """The entry that was withdrawn because the other says the same."""
        if self.kept_id is None:
            return None
        return self.second if self.kept_id == self.first_id else self.first


class DuplicateLook(models.Model):
    """When the stocktaking of a forum was last looked through for entries that say the same."""

    forum = models.OneToOneField("forums.Forum", models.CASCADE, related_name="+")
    ordered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    entries = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.forum)
