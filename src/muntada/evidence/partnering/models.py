"""Needs and offers of organizations, and introductions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.partnering.rules import SIDE_NAMES, SUPPORT_NAMES, PartnerSupport, SoughtOrOffered
from muntada.forums.models import Line
from muntada.foundations.fields import codes
from muntada.foundations.languages import CONTENT_LANGUAGES, direction
from muntada.people.models import Organisation


class Partnering(models.Model):
    """A need or offer of an organization, with an end."""

    forum = models.ForeignKey("forums.Forum", models.CASCADE, related_name="+")
    side = models.CharField(max_length=8, choices=codes(SoughtOrOffered))
    kinds = ArrayField(models.CharField(max_length=16, choices=codes(PartnerSupport)))
    title = models.CharField(max_length=160)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    initiative = models.ForeignKey(
        Initiative, models.PROTECT, null=True, blank=True, related_name="partnering"
    )
    lines = models.ManyToManyField(Line, related_name="+", blank=True)
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    regions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    until_date = models.DateField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["until_date", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kinds__len__gt=0), name="partnering_of_some_kind"),
            models.CheckConstraint(
                condition=Q(side__in=[side.value for side in SoughtOrOffered]), name="partnering_has_a_side"
            ),
        ]
        indexes = [
            models.Index(
                fields=["forum", "until_date"], condition=Q(closed_at=None), name="partnering_that_stands"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/evidence/partnering/{self.pk}"

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def side_name(self) -> str:
        return str(SIDE_NAMES[SoughtOrOffered(self.side)])

    @property
    def kind_names(self) -> list[str]:
        return [str(SUPPORT_NAMES[PartnerSupport(kind)]) for kind in self.kinds]


class Introduction(models.Model):
    """An introduction sent through the platform, and its answer.

    Neither side learns the other's address unless they write it.
    """

    entry = models.ForeignKey(Partnering, models.CASCADE, related_name="introductions")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField()
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    sent_at = models.DateTimeField()
    is_accepted = models.BooleanField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "sender"], name="introduced_once"),
            models.CheckConstraint(
                condition=Q(is_accepted=None, answered_at=None)
                | Q(is_accepted__isnull=False, answered_at__isnull=False),
                name="introduction_answered_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["sender", "sent_at"], name="introductions_of_a_day")]

    def __str__(self) -> str:
        return f"{self.sender}: {self.entry}"

    def get_absolute_url(self) -> str:
        return f"/{self.entry.forum.slug}/evidence/partnering/letters/{self.pk}"
