from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from muntada.evidence.indicators.models import Indicator
from muntada.evidence.stories.rules import MOST_PARTS, StoryShape, StorySlice
from muntada.forums.models import Forum, Milestone
from muntada.foundations.fields import codes
from muntada.foundations.languages import in_language, language_of
from muntada.record.models import Symbol


class Story(models.Model):
    """A data story in the languages of the forum. Its numbers come from the database."""

    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="story")
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="stories")
    titles = models.JSONField()
    leads = models.JSONField(default=dict, blank=True)
    # Shown in charts as notes: dates, not causes.
    milestones = models.ManyToManyField(Milestone, related_name="+", blank=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["symbol__number"]

    def __str__(self) -> str:
        return self.title_here

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def title_here(self) -> str:
        return in_language(self.titles)

    @property
    def lead_here(self) -> str:
        return in_language(self.leads)


class StoryPart(models.Model):
    """A section of a story: text, and a slice of an indicator as chart and table."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    titles = models.JSONField()
    texts = models.JSONField(default=dict, blank=True)
    shape = models.CharField(max_length=12, choices=codes(StoryShape), default=StoryShape.TEXT.value)
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="+")
    areas = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    breakdowns = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    first_year = models.PositiveSmallIntegerField(null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "position"],
                name="one_story_part_at_a_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(position__lt=MOST_PARTS), name="story_has_an_end"),
            models.CheckConstraint(
                condition=Q(shape=StoryShape.TEXT.value) | Q(indicator__isnull=False),
                name="story_part_shows_an_indicator",
            ),
            models.CheckConstraint(
                condition=Q(first_year=None) | Q(last_year=None) | Q(last_year__gte=F("first_year")),
                name="story_part_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.title_here

    @property
    def title_here(self) -> str:
        return in_language(self.titles)

    @property
    def text_here(self) -> str:
        return in_language(self.texts)

    @property
    def text_language(self) -> str:
        return language_of(self.texts)

    @property
    def slice(self) -> StorySlice:
        return StorySlice(tuple(self.areas), tuple(self.breakdowns), self.first_year, self.last_year)
