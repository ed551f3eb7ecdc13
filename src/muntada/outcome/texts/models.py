from django.db import models
from django.db.models import Q

from muntada.forums.models import Forum
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.outcome.texts import rules
from muntada.record.models import Symbol


class Draft(models.Model):
    """A draft of the outcome."""

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
    """A paragraph; its label stays when others are inserted."""

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
    """A former version of a paragraph."""

    paragraph = models.ForeignKey(Paragraph, models.PROTECT, related_name="versions")
    text = models.TextField()
    replaced_at = models.DateTimeField()
    # The proposal that replaced it, by symbol.
    replaced_by = models.ForeignKey(Symbol, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-replaced_at", "-pk"]
