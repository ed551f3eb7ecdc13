from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format

from muntada.forums import rules
from muntada.forums.rules.facilitators import LineFacilitator
from muntada.foundations.languages import in_language
from muntada.foundations.stored import read_stored


class Framework(models.Model):
    """The framework a forum reviews against: lines, goals, targets and their links."""

    code = models.SlugField(max_length=32)
    version = models.CharField(max_length=16)
    titles = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_framework_per_version")]

    def __str__(self) -> str:
        return in_language(self.titles)


class Line(models.Model):
    """An action line (in a national forum: a topic)."""

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="lines")
    code = models.CharField(max_length=16)
    position = models.PositiveSmallIntegerField()
    titles = models.JSONField()
    facilitators = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["framework", "position"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="one_line_per_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.title_here}"

    @property
    def title_here(self) -> str:
        return in_language(self.titles)

    @property
    def facilitated_by(self) -> tuple[LineFacilitator, ...]:
        return tuple(read_stored(LineFacilitator, one) for one in self.facilitators)


class Goal(models.Model):
    framework = models.ForeignKey(Framework, models.CASCADE, related_name="goals")
    code = models.CharField(max_length=16)
    position = models.PositiveSmallIntegerField()
    titles = models.JSONField()

    class Meta:
        ordering = ["framework", "position"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="one_goal_per_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.title_here}"

    @property
    def title_here(self) -> str:
        return in_language(self.titles)


class Target(models.Model):
    framework = models.ForeignKey(Framework, models.CASCADE, related_name="targets")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["framework", "number"]
        constraints = [models.UniqueConstraint(fields=["framework", "number"], name="one_target_per_number")]


class SourceStatus(models.TextChoices):
    """Whether a fact was confirmed in a source."""

    SOURCED = "sourced"
    UNVERIFIED = "unverified"


class TargetStatement(models.Model):
    """The wording of a target from a year on."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="statements")
    valid_from = models.PositiveSmallIntegerField()
    texts = models.JSONField()
    status = models.CharField(max_length=12, choices=SourceStatus.choices)
    source = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["target", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["target", "valid_from"], name="one_statement_per_year")
        ]

    @property
    def text_here(self) -> str:
        return in_language(self.texts)


class LineGoal(models.Model):
    """A cell of the matrix: a line serves a goal through these targets."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="goal_links")
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="line_links")
    goal_targets = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    unverified_targets = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    status = models.CharField(max_length=12, choices=SourceStatus.choices)
    source = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "goal"], name="one_link_per_line_and_goal")]


class Forum(models.Model):
    """One edition."""

    slug = models.SlugField(unique=True, max_length=32)
    prefix = models.CharField(unique=True, max_length=16)
    names = models.JSONField()
    abouts = models.JSONField(default=dict, blank=True)
    places = models.JSONField(default=dict, blank=True)
    starts_date = models.DateField()
    ends_date = models.DateField()
    zone = models.CharField(max_length=48)
    languages = ArrayField(models.CharField(max_length=12))
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="forums")
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="next")
    source = models.CharField(max_length=500, blank=True)
    invented = models.CharField(
        max_length=8,
        choices=[(one.value, one.value) for one in rules.Invented],
        default=rules.Invented.NOTHING.value,
    )

    class Meta:
        ordering = ["-starts_date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_date__gte=F("starts_date")), name="forum_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.name_here

    @property
    def name_here(self) -> str:
        return in_language(self.names)

    @property
    def is_invented(self) -> bool:
        """Whether the forum itself is invented, not only what is said in it."""
        return self.invented == rules.Invented.ALL

    @property
    def has_invented_content(self) -> bool:
        """Whether what people enter in it is invented."""
        return self.invented != rules.Invented.NOTHING

    @property
    def dates_here(self) -> str:
        first, last = (date_format(day, "DATE_FORMAT") for day in (self.starts_date, self.ends_date))
        return first if first == last else f"{first} – {last}"

    @property
    def language_for_all(self) -> str:
        """The language of texts stored once for all readers: English if the forum has it."""
        return "en" if "en" in self.languages else str(self.languages[0])

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def day_at(self, moment: datetime) -> date:
        """Return the day it is at the forum, not where the server or the reader is."""
        return moment.astimezone(self.timezone).date()

    def get_absolute_url(self) -> str:
        return f"/{self.slug}"


class Organiser(models.Model):
    forum = models.ForeignKey(Forum, models.CASCADE, related_name="organisers")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=24)
    position = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=SourceStatus.choices)
    source = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["position"]


class StageWindow(models.Model):
    """A period in which a stage is open: inclusive start, exclusive end."""

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="windows")
    stage = models.CharField(max_length=16, choices=[(stage.value, stage.value) for stage in rules.Stage])
    labels = models.JSONField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=12, choices=SourceStatus.choices, default=SourceStatus.SOURCED)
    is_invented = models.BooleanField(default=False)

    class Meta:
        ordering = ["opens_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="window_closes_after_it_opens",
            )
        ]

    @property
    def label_here(self) -> str:
        return in_language(self.labels)

    @property
    def stage_here(self) -> str:
        return str(rules.STAGE_NAMES[rules.Stage(self.stage)])

    @property
    def window(self) -> rules.Window:
        return rules.Window(self.opens_at, self.closes_at)


class Extension(models.Model):
    """A decision to extend a window, kept as an event."""

    stage_window = models.ForeignKey(StageWindow, models.CASCADE, related_name="extensions")
    closed_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    source = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["decided_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("closed_at")), name="extension_gives_more_time"
            )
        ]


class Milestone(models.Model):
    """A date in the process around the forum; if sources disagree, both dates are stored."""

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="milestones")
    on_date = models.DateField()
    other_date = models.DateField(null=True, blank=True)
    texts = models.JSONField()
    source = models.CharField(max_length=500, blank=True)
    # Shown beside indicators over the years; most milestones are not.
    is_beside_data = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=SourceStatus.choices)

    class Meta:
        ordering = ["on_date", "pk"]

    @property
    def text_here(self) -> str:
        return in_language(self.texts)
