from django.conf import settings
from django.db import models

from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.outcome.commitments import rules
from muntada.outcome.texts.models import Paragraph
from muntada.record.models import Symbol


class Commitment(models.Model):
    """A commitment on a paragraph, followed up at the next forum."""

    paragraph = models.ForeignKey(Paragraph, models.PROTECT, related_name="commitments")
    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="commitment")
    verb = models.CharField(max_length=60)
    action = models.TextField()
    addressees = models.CharField(max_length=300)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    due_date = models.DateField(null=True, blank=True)
    state = models.CharField(
        max_length=12,
        choices=[(state.value, state.value) for state in rules.CommitmentState],
        default=rules.CommitmentState.ANNOUNCED,
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="commitments"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["symbol__number"]

    @property
    def state_here(self) -> str:
        return str(rules.COMMITMENT_STATE_NAMES[rules.CommitmentState(self.state)])

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()


class CommitmentReport(models.Model):
    """A progress report on a commitment."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="reports")
    state = models.CharField(
        max_length=12, choices=[(state.value, state.value) for state in rules.CommitmentState]
    )
    text = models.TextField()
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    reported_at = models.DateTimeField()

    class Meta:
        ordering = ["-reported_at", "-pk"]

    @property
    def state_here(self) -> str:
        return str(rules.COMMITMENT_STATE_NAMES[rules.CommitmentState(self.state)])
