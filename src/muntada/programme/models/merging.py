"""Two session requests to be asked for as one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from muntada.consultation.rules.merges import MergeState
from muntada.foundations.languages import CONTENT_LANGUAGES, direction
from muntada.programme.models.choices import choices
from muntada.programme.models.requests import SessionRequest
from muntada.programme.rules.merging import Leads
from muntada.programme.rules.sessions import TITLE_LENGTH, Part


class RequestMerge(models.Model):
    """Two session requests to be asked for as one: done when both authors consent, undone until a decision.

    The joint request is one of its own; both originals stay as they are. `leads` says whose author leads the
    joint session.
    """

    first = models.ForeignKey(SessionRequest, models.CASCADE, related_name="merges_as_first")
    second = models.ForeignKey(SessionRequest, models.CASCADE, related_name="merges_as_second")
    title = models.CharField(max_length=TITLE_LENGTH)
    text = models.TextField()
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    leads = models.CharField(max_length=8, choices=choices(Leads), default=Leads.FIRST.value)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    first_consented_at = models.DateTimeField(null=True, blank=True)
    second_consented_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.TextField(blank=True)
    joint = models.OneToOneField(
        SessionRequest, models.PROTECT, null=True, blank=True, related_name="merge_made"
    )
    merged_at = models.DateTimeField(null=True, blank=True)
    unmerged_at = models.DateTimeField(null=True, blank=True)
    unmerged_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(first=F("second")), name="no_request_joins_itself"),
            models.CheckConstraint(
                condition=Q(merged_at=None)
                | Q(first_consented_at__isnull=False, second_consented_at__isnull=False, joint__isnull=False),
                name="joined_with_the_consent_of_both",
            ),
            models.CheckConstraint(
                condition=Q(unmerged_at=None) | Q(merged_at__isnull=False), name="only_the_joined_is_parted"
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(declined_at=None, unmerged_at=None),
                name="one_joining_of_two_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        symbol = self.first.symbol
        return f"{symbol.get_absolute_url()}/merges/{self.pk}" if symbol else ""

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def state(self) -> MergeState:
        if self.unmerged_at is not None:
            return MergeState.UNMERGED
        if self.merged_at is not None:
            return MergeState.MERGED
        return MergeState.DECLINED if self.declined_at is not None else MergeState.ASKED

    @property
    def leading(self) -> SessionRequest:
        return self.first if self.leads == Leads.FIRST else self.second


class MergeRole(models.Model):
    """Who does what in the session two ask for together, where that is not what their own request said."""

    merge = models.ForeignKey(RequestMerge, models.CASCADE, related_name="roles")
    speaker = models.ForeignKey("programme.RequestSpeaker", models.CASCADE, related_name="+")
    part = models.CharField(max_length=16, choices=choices(Part))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merge", "speaker"], name="one_role_in_a_merge")]
