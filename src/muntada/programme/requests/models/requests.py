"""Session requests and whom they name."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from muntada.consultation.contributions.rules.drafts import WINDOW_LENGTH
from muntada.foundations.fields import codes
from muntada.foundations.languages import CONTENT_LANGUAGES, direction
from muntada.programme.requests.models.request_forms import FormVersion
from muntada.programme.requests.rules.requests import (
    ABSORBED,
    REASONED,
    REQUEST_STATE_NAMES,
    SOURCE_ID_LENGTH,
    RequestState,
)
from muntada.programme.sessions.models import Session
from muntada.programme.sessions.rules import SESSION_KIND_NAMES, TITLE_LENGTH, TRACK_LENGTH, SessionKind


class SessionRequest(models.Model):
    """A session request. A draft has no symbol; a decision has a public reason."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="session_requests")
    symbol = models.OneToOneField(
        "record.Symbol", models.PROTECT, null=True, blank=True, related_name="session_request"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="session_requests"
    )
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, blank=True, related_name="session_requests"
    )
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    kind = models.CharField(max_length=24, choices=codes(SessionKind), default=SessionKind.WORKSHOP.value)
    minutes = models.PositiveSmallIntegerField(default=60)
    needs = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    audience = models.PositiveIntegerField(default=0)
    is_online_only = models.BooleanField(default=False)
    track = models.CharField(max_length=TRACK_LENGTH, blank=True)
    lines = models.ManyToManyField("forums.Line", blank=True, related_name="session_requests")
    goals = models.ManyToManyField("forums.Goal", blank=True, related_name="session_requests")
    answers = models.CharField(max_length=300, blank=True)
    # The form it answers: the latest for a draft, then the one of its submission. Answers to its own
    # questions are in `said` by code.
    form = models.ForeignKey(FormVersion, models.PROTECT, null=True, blank=True, related_name="requests")
    said = models.JSONField(default=dict, blank=True)
    spoken = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    # `revision` counts the saves of a draft; `window` is the last saving window.
    revision = models.PositiveIntegerField(default=1)
    window = models.CharField(max_length=WINDOW_LENGTH, blank=True)
    state = models.CharField(
        max_length=12, choices=codes(RequestState), default=RequestState.DRAFT.value, db_index=True
    )
    reason = models.TextField(blank=True)
    reason_language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES, default="en")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="requests")
    source = models.CharField(max_length=120, blank=True)
    source_id = models.CharField(max_length=SOURCE_ID_LENGTH, blank=True)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["symbol__number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RequestState.DRAFT, symbol=None, submitted_at=None)
                | (~Q(state=RequestState.DRAFT) & Q(symbol__isnull=False, submitted_at__isnull=False)),
                name="request_has_its_symbol_when_submitted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(RequestState.DRAFT, RequestState.SUBMITTED), decided_at=None)
                | (~Q(state__in=(RequestState.DRAFT, RequestState.SUBMITTED)) & Q(decided_at__isnull=False)),
                name="decision_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=REASONED) | ~Q(reason=""), name="refusal_has_its_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ABSORBED, session__isnull=False)
                | (~Q(state__in=ABSORBED) & Q(session=None)),
                name="accepted_request_has_its_session",
            ),
            models.UniqueConstraint(
                fields=["forum", "source_id"],
                condition=~Q(source_id=""),
                name="request_is_imported_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def state_name(self) -> str:
        return str(REQUEST_STATE_NAMES[RequestState(self.state)])

    @property
    def can_be_changed(self) -> bool:
        """Whether its author may still name people."""
        return self.state in (RequestState.DRAFT, RequestState.SUBMITTED, RequestState.JOINED)

    @property
    def kind_name(self) -> str:
        return str(SESSION_KIND_NAMES[SessionKind(self.kind)])
