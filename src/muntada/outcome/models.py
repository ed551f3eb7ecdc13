from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.forums.models import Forum
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.outcome import rules
from muntada.record.models import Symbol


class Draft(models.Model):
    """The text of the outcome on its way to adoption."""

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="drafts")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    state = models.CharField(
        max_length=8,
        choices=[(state.value, state.value) for state in rules.DraftState],
        default=rules.DraftState.OPEN,
    )
    opened_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True, blank=True)
    is_invented = models.BooleanField(default=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "number"], name="one_draft_per_number"),
            models.CheckConstraint(
                condition=Q(state="open", adopted_at=None) | Q(state="adopted", adopted_at__isnull=False),
                name="adopted_draft_has_its_moment",
            ),
        ]

    @property
    def is_adopted(self) -> bool:
        return self.state == rules.DraftState.ADOPTED


class Paragraph(models.Model):
    """A line of the text; its label stays when others are inserted."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="paragraphs")
    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="paragraph")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in rules.ParagraphKind])
    label = models.CharField(max_length=16)
    position = models.PositiveIntegerField()
    text = models.TextField()
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    state = models.CharField(
        max_length=12,
        choices=[(state.value, state.value) for state in rules.ParagraphState],
        default=rules.ParagraphState.OPEN,
    )

    class Meta:
        ordering = ["draft", "position"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "kind", "label"], name="one_paragraph_per_label"),
            models.UniqueConstraint(fields=["draft", "position"], name="one_paragraph_per_place"),
        ]

    @property
    def state_here(self) -> str:
        return str(rules.PARAGRAPH_STATE_NAMES[rules.ParagraphState(self.state)])

    @property
    def kind_here(self) -> str:
        return str(rules.PARAGRAPH_KIND_NAMES[rules.ParagraphKind(self.kind)])

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()


class ParagraphVersion(models.Model):
    """How a paragraph read before; nothing of a negotiation is lost."""

    paragraph = models.ForeignKey(Paragraph, models.PROTECT, related_name="versions")
    text = models.TextField()
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(
        "outcome.TextProposal", models.PROTECT, null=True, blank=True, related_name="replaced"
    )

    class Meta:
        ordering = ["-replaced_at", "-pk"]


class TextProposal(models.Model):
    """Words a party proposes for a paragraph, and what became of them."""

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
    is_invented = models.BooleanField(default=False)

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


class Commitment(models.Model):
    """What somebody undertakes to do about a paragraph, followed to the next forum."""

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
    is_invented = models.BooleanField(default=False)

    class Meta:
        ordering = ["symbol__number"]

    @property
    def state_here(self) -> str:
        return str(rules.COMMITMENT_STATE_NAMES[rules.CommitmentState(self.state)])

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()


class CommitmentReport(models.Model):
    """How a commitment stood at a moment, in the words of whoever reports."""

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
