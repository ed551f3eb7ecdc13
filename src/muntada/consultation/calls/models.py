from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from muntada.consultation.calls.rules.calls import (
    LONGEST_MEETING_RECORD,
    CallVotesOpenTo,
    ResultsVisible,
    StatementsOpenTo,
)
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.forums.models import Forum
from muntada.forums.rules import Window
from muntada.foundations.languages import in_language, language_of
from muntada.record.models import Symbol


class Call(models.Model):
    """A call for contributions: questions, period, voting rights.

    Without `opened_at` it is in preparation and private. `margins` has the target shares by scheme:
    `{"basis", "shares": {group: percent}, "source"}`; empty without re-weighting.
    """

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="calls")
    slug = models.SlugField(max_length=64)
    titles = models.JSONField()
    introductions = models.JSONField(default=dict, blank=True)
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    takes_contributions = models.BooleanField(default=True)
    takes_attachments = models.BooleanField(default=True)
    statements_open_to = models.CharField(
        max_length=16,
        choices=[(one.value, one.value) for one in StatementsOpenTo],
        default=StatementsOpenTo.NOBODY,
    )
    statements_wait = models.BooleanField(default=True)
    votes_open_to = models.CharField(
        max_length=16,
        choices=[(one.value, one.value) for one in CallVotesOpenTo],
        default=CallVotesOpenTo.SIGNED_IN,
    )
    results_visible = models.CharField(
        max_length=16,
        choices=[(one.value, one.value) for one in ResultsVisible],
        default=ResultsVisible.ALWAYS,
    )
    # Fixed before voting: breakdowns and rows of the same votes would together reveal declarations.
    gives_out = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in GivesOut], default=GivesOut.BREAKDOWN
    )
    margins = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=500, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    import_digest = models.CharField(max_length=64, blank=True)
    prepared_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opens_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "slug"], name="call_has_one_address"),
            models.UniqueConstraint(
                fields=["forum", "import_digest"],
                condition=~Q(import_digest=""),
                name="export_imported_once",
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="call_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(gives_out=GivesOut.BREAKDOWN) | Q(gives_out=GivesOut.ROWS, margins={}),
                name="rows_or_breakdowns_never_both",
            ),
        ]

    def __str__(self) -> str:
        return self.title_here

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/consultation/{self.slug}"

    @property
    def title_here(self) -> str:
        return in_language(self.titles)

    @property
    def introduction_here(self) -> str:
        return in_language(self.introductions)

    @property
    def introduction_language(self) -> str:
        return language_of(self.introductions)

    @property
    def window(self) -> Window:
        return Window(self.opens_at, self.closes_at)


class CallExtension(models.Model):
    """A decision to extend a call, kept as an event."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="extensions")
    closed_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("closed_at")), name="call_extension_gives_more_time"
            )
        ]


class QuestionSet(models.Model):
    """A version of the questions of a call; a contribution keeps the version it answered.

    `items` is a list of `{"code", "labels", "hints", "required", "words"}` (`words` is the word limit
    or null). The answer to the first is the text of a contribution; others are stored in `answers` by
    code.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="question_sets")
    version = models.PositiveSmallIntegerField()
    items = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["call", "version"]
        constraints = [
            models.UniqueConstraint(fields=["call", "version"], name="one_text_per_question_version")
        ]


class CallMeeting(models.Model):
    """A meeting of a call, in a room and online, with its record.

    `sequence` and `changed_at` tell calendars about changes (RFC 5545, 3.8.7.4).
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="meetings")
    number = models.PositiveSmallIntegerField()
    titles = models.JSONField()
    agenda = models.TextField(blank=True)
    language = models.CharField(max_length=12)
    place = models.CharField(max_length=200, blank=True)
    join_url = models.URLField(max_length=500, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sequence = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)
    record = models.TextField(blank=True, max_length=LONGEST_MEETING_RECORD)
    record_language = models.CharField(max_length=12, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="call_meeting_has_one_number"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="call_meeting_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(record="") | Q(recorded_at__isnull=False), name="a_record_says_when_it_was_made"
            ),
        ]

    def __str__(self) -> str:
        return self.title_here

    def get_absolute_url(self) -> str:
        return f"{self.call.get_absolute_url()}/meetings/{self.number}"

    @property
    def title_here(self) -> str:
        return in_language(self.titles)


class MeetingRecord(models.Model):
    """A filed version of the record of a meeting, immutable. `cites` lists its citations."""

    meeting = models.ForeignKey(CallMeeting, models.CASCADE, related_name="records")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=LONGEST_MEETING_RECORD)
    language = models.CharField(max_length=12)
    filed_at = models.DateTimeField()
    cites = models.ManyToManyField(Symbol, blank=True, related_name="cited_in_meetings")

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="meeting_record_has_one_number"),
            models.CheckConstraint(condition=~Q(text=""), name="a_meeting_record_says_something"),
        ]
