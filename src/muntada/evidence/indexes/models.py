from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.evidence.indexes.rules import COMPARED, AggregateBy, IndexResult, Normalise
from muntada.evidence.indicators.models import FIRST_YEAR, LAST_YEAR, Indicator, Vintage
from muntada.forums.models import Forum
from muntada.foundations.fields import codes
from muntada.foundations.languages import CONTENT_LANGUAGES, direction
from muntada.foundations.stored import read_stored


class CompositeIndex(models.Model):
    """A composite index with all its choices.

    The result is stored with the digest of its input, and recomputed only on request: a cited ranking
    does not change by itself.
    """

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="composite_indexes")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    about = models.TextField()
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    compares = models.CharField(max_length=16, choices=[(one, one) for one in COMPARED])
    year = models.PositiveSmallIntegerField()
    oldest = models.PositiveSmallIntegerField()
    normalise = models.CharField(max_length=12, choices=codes(Normalise), default=Normalise.MINMAX.value)
    aggregate = models.CharField(
        max_length=12, choices=codes(AggregateBy), default=AggregateBy.ARITHMETIC.value
    )
    treats_outliers = models.BooleanField(default=True)
    fills_gaps = models.BooleanField(default=True)
    seed = models.PositiveIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    result = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "number"], name="one_index_per_number_and_forum"),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="index_year_is_a_year"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/evidence/indexes/{self.number}"

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def outcome(self) -> IndexResult:
        return read_stored(IndexResult, self.result)


class IndexPillar(models.Model):
    """A pillar: a top-level part of an index."""

    index = models.ForeignKey(CompositeIndex, models.CASCADE, related_name="pillars")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    weight = models.FloatField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["index", "position"], name="one_pillar_at_a_place"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="pillar_has_a_weight"),
        ]

    def __str__(self) -> str:
        return self.title


class IndexPart(models.Model):
    """An indicator in a pillar; `vintage` is the edition whose values were used."""

    pillar = models.ForeignKey(IndexPillar, models.CASCADE, related_name="parts")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    weight = models.FloatField()
    more_is_better = models.BooleanField(default=True)
    vintage = models.ForeignKey(Vintage, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pillar", "indicator__symbol__number"]
        constraints = [
            models.UniqueConstraint(fields=["pillar", "indicator"], name="one_indicator_per_pillar"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="index_part_has_a_weight"),
        ]

    def __str__(self) -> str:
        return str(self.indicator)
