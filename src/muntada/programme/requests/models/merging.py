"""Two session requests to be asked for as one."""

from django.db import models

from muntada.forums.merging.models import MergeOfTwo, merge_constraints
from muntada.foundations.fields import codes
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.merging import Leads
from muntada.programme.sessions.rules import SessionRole


class RequestMerge(MergeOfTwo):
    """A merge of two requests: made by consent of both authors, undone until a decision.

    The joint request is a request of its own; the originals stay. `leads` says whose author leads.
    """

    first = models.ForeignKey(SessionRequest, models.CASCADE, related_name="merges_as_first")
    second = models.ForeignKey(SessionRequest, models.CASCADE, related_name="merges_as_second")
    leads = models.CharField(max_length=8, choices=codes(Leads), default=Leads.FIRST.value)
    joint = models.OneToOneField(
        SessionRequest, models.PROTECT, null=True, blank=True, related_name="merge_made"
    )

    class Meta(MergeOfTwo.Meta):
        constraints = merge_constraints(
            not_itself="no_request_joins_itself",
            by_both="joined_with_the_consent_of_both",
            undone_if_made="only_the_joined_is_parted",
            once_at_a_time="one_joining_of_two_at_a_time",
        )

    def get_absolute_url(self) -> str:
        symbol = self.first.symbol
        return f"{symbol.get_absolute_url()}/merges/{self.pk}" if symbol else ""

    @property
    def leading(self) -> SessionRequest:
        return self.first if self.leads == Leads.FIRST else self.second

    @property
    def following(self) -> SessionRequest:
        return self.second if self.leads == Leads.FIRST else self.first


class MergeRole(models.Model):
    """Agreed parts that differ from the original requests."""

    merge = models.ForeignKey(RequestMerge, models.CASCADE, related_name="roles")
    speaker = models.ForeignKey("programme_requests.RequestSpeaker", models.CASCADE, related_name="+")
    part = models.CharField(max_length=16, choices=codes(SessionRole))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merge", "speaker"], name="one_role_in_a_merge")]
