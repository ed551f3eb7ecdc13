from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.consultation.contributions.models import Contribution
from muntada.consultation.replies.rules import STANDING_WORDS, Disposition
from muntada.consultation.statements.models import Statement
from muntada.forums.models import Forum
from muntada.foundations.languages import CONTENT_LANGUAGES, in_language
from muntada.record.models import Edge, Symbol


class Reply(models.Model):
    """A reply to a contribution or statement. Earlier replies stay.

    `together` is the number of texts with the same reply, which is shown publicly.
    """

    contribution = models.ForeignKey(
        Contribution, models.CASCADE, null=True, blank=True, related_name="replies"
    )
    statement = models.ForeignKey(Statement, models.CASCADE, null=True, blank=True, related_name="replies")
    disposition = models.CharField(max_length=12, choices=[(one, one) for one in STANDING_WORDS])
    reason = models.TextField()
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    leads_to = models.ForeignKey(Symbol, models.PROTECT, null=True, blank=True, related_name="+")
    together = models.PositiveIntegerField(default=1)
    role = models.CharField(max_length=24)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    replied_at = models.DateTimeField()

    class Meta:
        ordering = ["replied_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="reply_gives_its_reason"),
            models.CheckConstraint(
                condition=Q(contribution__isnull=False, statement=None)
                | Q(contribution=None, statement__isnull=False),
                name="reply_answers_one_thing",
            ),
        ]

    @property
    def said(self) -> Contribution | Statement:
        """The text it replies to."""
        said = self.contribution or self.statement
        if said is None:
            raise ValueError("the database keeps what each reply answers")
        return said


class ReplyLetter(models.Model):
    """A reply waiting to be told to an account, or to the address of a letter.

    Several are combined in one e-mail.
    """

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="letters")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    contribution = models.ForeignKey(
        Contribution, models.CASCADE, null=True, blank=True, related_name="reply_letters"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["id"], condition=Q(sent_at=None), name="reply_letters_that_wait")]
        constraints = [
            models.UniqueConstraint(fields=["reply", "person"], name="person_told_once_of_a_reply"),
            models.UniqueConstraint(fields=["reply", "contribution"], name="address_told_once_of_a_reply"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, contribution=None)
                | Q(person=None, contribution__isnull=False),
                name="reply_letter_has_one_addressee",
            ),
        ]


class ReplyTemplate(models.Model):
    """A text for recurring replies, by language."""

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="reply_templates")
    titles = models.JSONField()
    disposition = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Disposition])
    reasons = models.JSONField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["disposition", "pk"]

    def __str__(self) -> str:
        return self.title_here

    @property
    def title_here(self) -> str:
        return in_language(self.titles)


class Notice(models.Model):
    """A notice to an author about something based on their text."""

    edge = models.ForeignKey(Edge, models.CASCADE, related_name="+")
    contribution = models.ForeignKey(
        Contribution, models.CASCADE, null=True, blank=True, related_name="notices"
    )
    statement = models.ForeignKey(Statement, models.CASCADE, null=True, blank=True, related_name="notices")
    noted_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["noted_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edge", "contribution"], name="contribution_noticed_once"),
            models.UniqueConstraint(fields=["edge", "statement"], name="statement_noticed_once"),
            models.CheckConstraint(
                condition=Q(contribution__isnull=False, statement=None)
                | Q(contribution=None, statement__isnull=False),
                name="notice_is_about_one_thing",
            ),
        ]


class NoticeRound(models.Model):
    """A run that records notices; the next starts from its last edge.

    The first run sets the starting point.
    """

    last_edge = models.PositiveBigIntegerField()
    notices = models.PositiveIntegerField()
    looked_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]


class LettersStopped(models.Model):
    """An address without an account that has unsubscribed."""

    email = models.EmailField(unique=True)
    stopped_at = models.DateTimeField()
