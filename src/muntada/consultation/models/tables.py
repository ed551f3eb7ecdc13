from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.consultation.models.calls import Call
from muntada.consultation.rules.intake import TableState


class IntakeTable(models.Model):
    """A table of contributions somebody looked at: taken in whole in the queue, or thrown away after a day.

    `sentence` says why it was refused, to whoever looked at it and in their language.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="tables")
    name = models.CharField(max_length=120)
    file = models.FileField(max_length=200, blank=True)
    rows = models.PositiveIntegerField()
    state = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in TableState], default=TableState.LOOKED_AT
    )
    progress = models.FloatField(default=0)
    taken = models.PositiveIntegerField(default=0)
    sentence = models.TextField(blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    looked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call"], condition=Q(state__in=["waiting", "running"]), name="one_table_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0) & Q(progress__lte=1), name="share_of_a_table_is_a_share"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(file="") & Q(ended_at__isnull=False),
                name="a_table_taken_in_is_kept_no_longer",
            ),
        ]

    def get_absolute_url(self) -> str:
        return f"{self.call.get_absolute_url()}/intake/{self.pk}"

    @property
    def percent(self) -> int:
        return round(100 * self.progress)
