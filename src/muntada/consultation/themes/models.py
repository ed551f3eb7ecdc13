from django.db import models
from django.db.models import Q

from muntada.consultation.contributions.models import Contribution
from muntada.consultation.themes.rules import ReadingCounts, SuggestedPassage, SuggestionState, in_a_row
from muntada.forums.models import Forum
from muntada.foundations.jobs.models import Job
from muntada.foundations.languages import in_language
from muntada.foundations.stored import read_stored
from muntada.record.models import Symbol


class Theme(models.Model):
    """A theme raised by several contributions."""

    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="theme")
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="themes")
    titles = models.JSONField()
    description = models.TextField(blank=True)
    language = models.CharField(max_length=12)
    contributions = models.ManyToManyField(Contribution, related_name="themes")
    raised_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["symbol__number"]

    def __str__(self) -> str:
        return self.title_here

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()

    @property
    def title_here(self) -> str:
        return in_language(self.titles)


class Passage(models.Model):
    """A passage of a contribution that raises a theme; `question` is the code of its question."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="passages")
    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="passages")
    text = models.TextField()
    question = models.CharField(max_length=64, blank=True)
    assigned_at = models.DateTimeField()
    # Removed, but kept for restoring.
    unassigned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["contribution", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["theme", "contribution", "text"], name="passage_assigned_once"),
            models.CheckConstraint(condition=~Q(text=""), name="a_passage_has_words"),
        ]


class ThemeRun(models.Model):
    """An analysis of all public texts of a forum, with the settings of the engine."""

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="theme_runs")
    job = models.OneToOneField(Job, models.CASCADE, related_name="+")
    seed = models.PositiveIntegerField(default=0)
    settings = models.JSONField(default=dict, blank=True)
    counts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-pk"]

    @property
    def counted(self) -> ReadingCounts:
        return read_stored(ReadingCounts, self.counts)


class ThemeSuggestion(models.Model):
    """A suggestion of the engine, for a person to accept or dismiss.

    `keywords` are by language.
    """

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="theme_suggestions")
    run = models.ForeignKey(ThemeRun, models.CASCADE, related_name="suggestions")
    keywords = models.JSONField()
    passages = models.JSONField()
    contributions = models.ManyToManyField(Contribution, related_name="+")
    state = models.CharField(
        max_length=8,
        choices=[(one.value, one.value) for one in SuggestionState],
        default=SuggestionState.OPEN,
    )
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, blank=True, related_name="suggestions")
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    @property
    def suggested_passages(self) -> tuple[SuggestedPassage, ...]:
        """Its passages, best first; their places are those by which they are chosen."""
        return tuple(read_stored(SuggestedPassage, one) for one in self.passages)

    @property
    def name_here(self) -> str:
        """Its keywords, in the language of the page if available."""
        return in_language({language: in_a_row(words, language) for language, words in self.keywords.items()})
