from django.db import models
from django.db.models import Q

from muntada.evidence.models.areas import Area
from muntada.evidence.models.choices import codes
from muntada.evidence.models.imports import Import, Source
from muntada.evidence.rules import observations as rules
from muntada.forums.models import Forum, Status
from muntada.foundations.languages import in_language
from muntada.record.models import Symbol

FIRST_YEAR, LAST_YEAR = 1800, 2100


class Indicator(models.Model):
    """What is measured, and in which unit. Its numbers stand in vintages."""

    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="indicator")
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="indicators")
    code = models.CharField(max_length=64)
    titles = models.JSONField()
    units = models.JSONField(default=dict, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="indicators")
    # The indicator by which countries are weighted where a group's number is computed from them.
    weighted_by = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["symbol__number"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "code"], name="one_indicator_per_code_and_forum")
        ]

    def __str__(self) -> str:
        return self.title_here

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()

    @property
    def title_here(self) -> str:
        return in_language(self.titles)

    @property
    def unit_here(self) -> str:
        return in_language(self.units)


class Vintage(models.Model):
    """One edition of a source for one indicator. A later edition stands beside it, never over it."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="vintages")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="vintages")
    label = models.CharField(max_length=80)
    # Which dimension the file divides the people by; one edition may come as several files.
    dimension = models.CharField(max_length=64, blank=True)
    edition_year = models.PositiveSmallIntegerField()
    retrieved_date = models.DateField()
    file_name = models.CharField(max_length=200, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    # The unit as this edition writes it.
    unit = models.CharField(max_length=120, blank=True)
    brought_by = models.ForeignKey(
        Import, models.PROTECT, null=True, blank=True, related_name="vintages", verbose_name="import"
    )
    # A withdrawn vintage stays with its numbers, for those who cited it; nothing else shows it.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["edition_year", "retrieved_date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "source", "label", "dimension"],
                nulls_distinct=False,
                condition=Q(withdrawn_at=None),
                name="one_vintage_per_edition",
            ),
            models.UniqueConstraint(
                fields=["indicator", "file_digest"],
                condition=~Q(file_digest="") & Q(withdrawn_at=None),
                name="a_file_is_imported_once",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Observation(models.Model):
    """One published number. A trigger refuses every change: a correction is a new vintage."""

    vintage = models.ForeignKey(Vintage, models.PROTECT, related_name="observations")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    breakdown = models.CharField(max_length=200, default=rules.Breakdown.TOTAL)
    value = models.FloatField()
    nature = models.CharField(max_length=12, choices=codes(rules.Nature), default=rules.Nature.NOT_STATED)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.SOURCED)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["area", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["vintage", "area", "year", "breakdown"], name="one_value_per_cell_and_vintage"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR), name="observation_year_is_a_year"
            ),
            models.CheckConstraint(
                # PostgreSQL orders NaN above infinity, so this keeps it out too.
                condition=Q(value__gt=float("-inf"), value__lt=float("inf")),
                name="observation_is_a_finite_number",
            ),
        ]

    @property
    def breakdown_name(self) -> str:
        return rules.breakdown_name(self.breakdown)
