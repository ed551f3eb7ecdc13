"""Rules of selection, pins, and selections."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.foundations.stored import read_stored
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.selection.rules.inputs import SelectionInputs
from muntada.programme.selection.rules.results import SelectionChoice, SelectionResult
from muntada.programme.selection.rules.selection_decisions import PLANNABLE
from muntada.programme.selection.rules.selections import SelectionTerms, terms_from


class SelectionRules(models.Model):
    """The rules of a forum. A selection keeps a copy of its rules."""

    forum = models.OneToOneField("forums.Forum", models.CASCADE, related_name="selection_rules")
    data = models.JSONField(default=dict)
    decided_at = models.DateTimeField()

    @property
    def terms(self) -> SelectionTerms:
        return terms_from(self.data)


class Pin(models.Model):
    """A decision before any selection: a request must be in or out, with the reason."""

    request = models.OneToOneField(SessionRequest, models.CASCADE, related_name="pin")
    is_in = models.BooleanField()
    reason = models.TextField()
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["request__symbol__number"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="pin_has_its_reason")]

    @property
    def symbol(self) -> str:
        """What is pinned, as the engine and people know it; asks for its symbol."""
        return self.request.symbol.short if self.request.symbol else ""


class Selection(models.Model):
    """A selection: its input and result. The choice never changes.

    Costs and prices are refined for some minutes, until its decisions are published.
    """

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="selections")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    # What makes it, and then works out costs and prices; one that was made at once has none.
    job = models.OneToOneField("jobs.Job", models.PROTECT, null=True, blank=True, related_name="selection")
    seed = models.PositiveIntegerField(default=1)
    rules = models.JSONField(default=dict)
    inputs = models.JSONField(default=dict)
    # Stored as soon as the choice is made; what it says of costs and prices gets more exact.
    result = models.JSONField(default=dict)
    # How far costs and prices are worked out after the choice is made: `FurtherState` and what is exact.
    further = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "number"], name="selection_has_its_number"),
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(result={}), name="only_a_made_selection_is_published"
            ),
        ]

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/programme/selections/{self.number}"

    @property
    def terms(self) -> SelectionTerms:
        return terms_from(self.rules)

    @property
    def made_from(self) -> SelectionInputs:
        """What it was made from; there is something as soon as it is made."""
        return read_stored(SelectionInputs, self.inputs)

    @property
    def choice(self) -> SelectionChoice:
        """What was chosen; there is something as soon as it is made."""
        return read_stored(SelectionChoice, self.result)

    @property
    def outcome(self) -> SelectionResult:
        """All that came of it; there is something as soon as it is made."""
        return read_stored(SelectionResult, self.result)

    @property
    def is_made(self) -> bool:
        """The choice is made; costs and prices may still be worked out."""
        return bool(self.result)

    @property
    def state_mark(self) -> str:
        """What the sign of its state looks like."""
        if self.published_at:
            return "published"
        return "open" if self.is_made or self.job is None else self.job.state_mark

    @property
    def is_worked_on(self) -> bool:
        return self.job is not None and self.job.is_active


class PlannedDecision(models.Model):
    """A planned decision that differs from the proposal."""

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="planned")
    request = models.ForeignKey(SessionRequest, models.CASCADE, related_name="+")
    decision = models.CharField(max_length=12, choices=[(one.value, one.value) for one in PLANNABLE])
    reason = models.TextField(blank=True)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["selection", "request"], name="one_planned_decision_each"),
            models.CheckConstraint(
                condition=Q(decision=RequestState.ACCEPTED) | ~Q(reason=""), name="planned_refusal_has_reason"
            ),
        ]
