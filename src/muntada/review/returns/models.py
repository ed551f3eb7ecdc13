from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.forums.models import Forum, Line
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.foundations.stored import read_stored
from muntada.record.models import Symbol
from muntada.review.returns import rules


class Return(models.Model):
    """The final report of the facilitators of an action line.

    The draft is shared by all facilitators; published texts are versions. `revision` counts saves and
    `window` is the last saving window, so that nobody overwrites another's text.
    """

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="returns")
    line = models.ForeignKey(Line, models.PROTECT, related_name="returns")
    # Assigned when the first version is published.
    symbol = models.OneToOneField(
        Symbol, models.PROTECT, null=True, blank=True, related_name="review_returns_return"
    )
    achievements = models.TextField(blank=True)
    challenges = models.TextField(blank=True)
    recommendations = models.TextField(blank=True)
    steps = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    revision = models.PositiveIntegerField(default=1)
    window = models.CharField(max_length=rules.WINDOW_LENGTH, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["line__position"]
        constraints = [models.UniqueConstraint(fields=["forum", "line"], name="one_return_per_line")]

    def __str__(self) -> str:
        return f"{self.symbol}" if self.symbol else f"{self.line}"

    @property
    def road_map(self) -> tuple[rules.RoadMapStep, ...]:
        return tuple(read_stored(rules.RoadMapStep, step) for step in self.steps)

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url() if self.symbol else f"{self.forum.get_absolute_url()}/review"


class ReturnVersion(models.Model):
    """A published version of a return; later ones never overwrite it."""

    of = models.ForeignKey(Return, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    achievements = models.TextField()
    challenges = models.TextField()
    recommendations = models.TextField()
    steps = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="return_version_once"),
            models.CheckConstraint(
                condition=~Q(achievements="") & ~Q(challenges="") & ~Q(recommendations=""),
                name="published_return_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of} ({self.number})"

    def get_absolute_url(self) -> str:
        return f"{self.of.get_absolute_url()}?version={self.number}"

    @property
    def road_map(self) -> tuple[rules.RoadMapStep, ...]:
        return tuple(read_stored(rules.RoadMapStep, step) for step in self.steps)
