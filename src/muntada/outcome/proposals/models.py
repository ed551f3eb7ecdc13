from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.outcome.proposals import rules
from muntada.outcome.texts.models import Paragraph
from muntada.record.models import Symbol


class TextProposal(models.Model):
    """A text proposal of a party for a paragraph, with its decision."""

    paragraph = models.ForeignKey(Paragraph, models.PROTECT, related_name="proposals")
    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="text_proposal")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in rules.ProposalKind])
    party = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    rationale = models.TextField(blank=True)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="text_proposals"
    )
    proposed_at = models.DateTimeField()
    state = models.CharField(
        max_length=8,
        choices=[(state.value, state.value) for state in rules.ProposalState],
        default=rules.ProposalState.OPEN,
    )
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["symbol__number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="decided_proposal_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(kind="delete") | ~Q(text=""), name="proposal_has_words_unless_it_deletes"
            ),
        ]

    @property
    def kind_here(self) -> str:
        return str(rules.PROPOSAL_KIND_NAMES[rules.ProposalKind(self.kind)])

    @property
    def state_here(self) -> str:
        return str(rules.PROPOSAL_STATE_NAMES[rules.ProposalState(self.state)])

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()
