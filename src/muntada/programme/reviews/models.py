"""How session requests are judged before they are decided on."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from muntada.foundations.fields import codes
from muntada.foundations.languages import CONTENT_LANGUAGES, direction
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.reviews.rules import (
    COMMENT_LENGTH,
    CONFLICT_NAMES,
    HIGHEST,
    LOWEST,
    ReviewerConflict,
    ReviewRules,
    criteria_from,
)


class ReviewTerms(models.Model):
    """By what the session requests of a forum are reviewed; `criteria` as `rules.reviews` reads them."""

    forum = models.OneToOneField("forums.Forum", models.CASCADE, related_name="review_terms")
    criteria = models.JSONField(default=list)
    lowest = models.PositiveSmallIntegerField(default=1)
    highest = models.PositiveSmallIntegerField(default=5)
    is_blind = models.BooleanField(default=True)
    reviewers = models.PositiveSmallIntegerField(default=3)
    due_date = models.DateField(null=True, blank=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lowest__lt=F("highest"), highest__lte=HIGHEST), name="review_scale_goes_up"
            )
        ]

    @property
    def terms(self) -> ReviewRules:
        criteria = criteria_from(self.criteria)
        return ReviewRules(criteria, self.lowest, self.highest, self.is_blind, self.reviewers)


class Review(models.Model):
    """One request in the hands of one reviewer, from the asking to the judgement or the stepping back."""

    request = models.ForeignKey(SessionRequest, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reviews")
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    conflict = models.CharField(max_length=16, choices=codes(ReviewerConflict), blank=True)
    conflict_reason = models.CharField(max_length=300, blank=True)
    comment = models.TextField(blank=True, max_length=COMMENT_LENGTH)
    comment_language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES, default="en")
    note = models.TextField(blank=True, max_length=COMMENT_LENGTH)
    saved_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["request__symbol__number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "reviewer"], name="reviewer_reads_a_request_once"),
            models.CheckConstraint(
                condition=Q(conflict="") | Q(given_at=None), name="who_has_a_conflict_gives_no_review"
            ),
        ]

    @property
    def conflict_name(self) -> str:
        return str(CONFLICT_NAMES[ReviewerConflict(self.conflict)]) if self.conflict else ""

    @property
    def marks_given(self) -> dict[str, int]:
        return {one.criterion: one.mark for one in self.marks.all()}

    @property
    def direction(self) -> str:
        return direction(self.comment_language)


class ReviewMark(models.Model):
    """What a reviewer gives a request by one criterion."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="marks")
    criterion = models.CharField(max_length=40)
    mark = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="one_mark_for_each_criterion"),
            models.CheckConstraint(condition=Q(mark__range=(LOWEST, HIGHEST)), name="mark_is_on_the_scale"),
        ]
