from django.conf import settings
from django.db import models
from django.db.models import F, Q

from muntada.evidence.areas.models import Area
from muntada.evidence.indicators.rules import observations as rules
from muntada.evidence.indicators.rules import targets
from muntada.evidence.indicators.rules.imports import (
    FORM_NAMES,
    LOOK,
    STATE_MARKS,
    STATE_NAMES,
    ImportState,
    Reached,
    import_state,
)
from muntada.forums.models import Forum, SourceStatus
from muntada.foundations.fields import codes
from muntada.foundations.jobs.models import Upload
from muntada.foundations.jobs.rules import JobState
from muntada.foundations.languages import in_language
from muntada.record.models import Symbol

FIRST_YEAR, LAST_YEAR = 1800, 2100


class Source(models.Model):
    """A publisher of figures, and its licence."""

    name = models.CharField(max_length=200, unique=True)
    publisher = models.CharField(max_length=200)
    licence = models.CharField(max_length=120)
    address = models.URLField(max_length=400, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """What is measured, and its unit. Values are in editions (vintages)."""

    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="indicator")
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="indicators")
    code = models.CharField(max_length=64)
    titles = models.JSONField()
    units = models.JSONField(default=dict, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="indicators")
    # The indicator that weights countries in computed group values.
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


class Import(models.Model):
    """An import from a file or address: previewed, then stored as editions or deleted.

    `preview` has its effects, `says` the column roles. `job` is the latest work, or what waits for a
    person: column roles or confirmation. An import that is not confirmed is deleted with its job.
    """

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="imports")
    name = models.CharField(max_length=120)
    address = models.URLField(max_length=1000, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="imports")
    form = models.CharField(max_length=24, blank=True)
    header = models.JSONField(default=list, blank=True)
    says = models.JSONField(default=dict, blank=True)
    series = models.CharField(max_length=64, blank=True)
    edition = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    reached = models.CharField(max_length=12, choices=codes(Reached), default=Reached.BEGUN.value)
    job = models.OneToOneField(Upload, models.CASCADE, null=True, blank=True, related_name="+")
    preview = models.JSONField(default=dict, blank=True)
    leaves_out = models.BooleanField(default=False)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    begun_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reached="withdrawn", withdrawn_at__isnull=False)
                | ~Q(reached="withdrawn") & Q(withdrawn_at=None),
                name="a_withdrawn_import_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/evidence/imports/{self.pk}"

    @property
    def state(self) -> ImportState:
        job_state = None if self.job is None else JobState(self.job.state)
        is_look = self.job is not None and self.job.kind == LOOK
        return import_state(Reached(self.reached), job_state, is_look=is_look)

    @property
    def is_under_way(self) -> bool:
        return self.job is not None and self.job.is_active

    @property
    def form_name(self) -> str:
        return str(FORM_NAMES.get(self.form, self.form))

    @property
    def state_name(self) -> str:
        return str(STATE_NAMES[self.state])

    @property
    def state_mark(self) -> str:
        """What the sign of its state looks like."""
        return STATE_MARKS.get(self.state, "proposed")


class Vintage(models.Model):
    """An edition of a source for an indicator. Later editions never overwrite earlier ones."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="vintages")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="vintages")
    label = models.CharField(max_length=80)
    # The dimension of its breakdown; an edition may consist of several files.
    dimension = models.CharField(max_length=64, blank=True)
    edition_year = models.PositiveSmallIntegerField()
    retrieved_date = models.DateField()
    file_name = models.CharField(max_length=200, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    # The unit as written in this edition.
    unit = models.CharField(max_length=120, blank=True)
    brought_by = models.ForeignKey(
        Import, models.PROTECT, null=True, blank=True, related_name="vintages", verbose_name="import"
    )
    # A withdrawn edition keeps its values, for those who cited it, but is not shown elsewhere.
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
    """A published value. A trigger refuses changes: a correction is a new edition."""

    vintage = models.ForeignKey(Vintage, models.PROTECT, related_name="observations")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    breakdown = models.CharField(max_length=200, default=rules.Breakdown.TOTAL)
    value = models.FloatField()
    nature = models.CharField(
        max_length=12, choices=codes(rules.ValueNature), default=rules.ValueNature.NOT_STATED
    )
    status = models.CharField(max_length=12, choices=SourceStatus.choices, default=SourceStatus.SOURCED)
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
                # PostgreSQL orders NaN above infinity, so this excludes it, too.
                condition=Q(value__gt=float("-inf"), value__lt=float("inf")),
                name="observation_is_a_finite_number",
            ),
        ]

    @property
    def breakdown_name(self) -> str:
        return rules.breakdown_name(self.breakdown)


class ImportPart(models.Model):
    """A file or a page of an answer, kept until the import is stored."""

    of_import = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["of_import", "number"], name="one_part_per_number")]


class IndicatorTarget(models.Model):
    """The target of an indicator for all areas: value, year and base year."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    value = models.FloatField()
    year = models.PositiveSmallIntegerField()
    base_year = models.PositiveSmallIntegerField()
    direction = models.CharField(
        max_length=8, choices=codes(targets.BetterWhen), default=targets.BetterWhen.UP.value
    )
    # The natural limit of the scale, such as 100 for a percentage; and the scale of SDSN.
    limit = models.FloatField(null=True, blank=True)
    lower = models.FloatField(null=True, blank=True)
    optimum = models.FloatField(null=True, blank=True)
    agreed_in = models.CharField(max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField()
    vintage = models.ForeignKey(Vintage, models.PROTECT, null=True, blank=True, related_name="+")
    assessed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year"], name="one_target_per_indicator_and_year"),
            models.CheckConstraint(condition=Q(year__gt=F("base_year")), name="target_after_its_base_year"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value:g} ({self.year})"

    def get_absolute_url(self) -> str:
        return f"{self.indicator.get_absolute_url()}/progress/{self.year}"

    @property
    def direction_name(self) -> str:
        return str(targets.DIRECTION_NAMES[targets.BetterWhen(self.direction)])
