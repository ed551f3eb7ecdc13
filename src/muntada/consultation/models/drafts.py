from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from muntada.consultation.models.calls import Call, QuestionSet
from muntada.consultation.models.contributions import Contribution, Said
from muntada.consultation.rules.contributions import GIVEN_OUT, TITLE_LENGTH, AttachmentText
from muntada.consultation.rules.drafts import WINDOW_LENGTH


class ContributionDraft(Said):
    """What an author is still writing, seen by nobody else; it becomes a contribution or its next version.

    `revision` grows with each save and `window` names the window that saved last, so that a second window
    that would save over it is noticed. `text` answers the first question of `question_set`, which may no
    longer be what the call asks; `left_out` names submitted files that the next version is without.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    contribution = models.ForeignKey(
        Contribution, models.CASCADE, null=True, blank=True, related_name="drafts"
    )
    question_set = models.ForeignKey(QuestionSet, models.RESTRICT, related_name="+")
    left_out = ArrayField(models.BigIntegerField(), default=list, blank=True)
    line_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    goal_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    revision = models.PositiveIntegerField(default=1)
    window = models.CharField(max_length=WINDOW_LENGTH, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "author"], condition=Q(contribution=None), name="one_new_draft_per_call"
            ),
            models.UniqueConstraint(
                fields=["contribution", "author"],
                condition=Q(contribution__isnull=False),
                name="one_draft_per_contribution",
            ),
        ]


class DraftCopy(models.Model):
    """What was typed in a second window while the draft had gone on in another; nothing typed is lost."""

    draft = models.ForeignKey(ContributionDraft, models.CASCADE, related_name="copies")
    window = models.CharField(max_length=WINDOW_LENGTH, blank=True)
    question_set = models.ForeignKey(QuestionSet, models.RESTRICT, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    text = models.TextField(blank=True)
    answers = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "window"], name="one_copy_per_draft_and_window")
        ]


class Attachment(models.Model):
    """A file sent with a contribution, or with the draft of one; its text is taken out for the search."""

    contribution = models.ForeignKey(
        Contribution, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    draft = models.ForeignKey(
        ContributionDraft, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    file = models.FileField(max_length=200)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    text_state = models.CharField(
        max_length=12,
        choices=[(one.value, one.value) for one in AttachmentText],
        default=AttachmentText.WAITING,
    )
    added_at = models.DateTimeField()
    # Taken out of what was submitted; the versions before keep it.
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contribution__isnull=False, draft=None)
                | Q(contribution=None, draft__isnull=False),
                name="attachment_belongs_to_one_text",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_given_out(self) -> bool:
        return self.text_state in GIVEN_OUT

    def stood_at(self, moment: datetime) -> bool:
        """Say whether a file of a contribution belonged to it at a moment."""
        return self.added_at <= moment and (self.removed_at is None or self.removed_at > moment)
