from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from muntada.foundations.languages import direction
from muntada.record import rules


class Counter(models.Model):
    """The last number assigned per kind and forum; numbers are never reused."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=1)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["forum", "kind"], name="one_counter_per_kind")]


class Symbol(models.Model):
    """The permanent name by which a thing is cited: forum, kind, number."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="symbols")
    kind = models.CharField(max_length=1, choices=[(kind.value, kind.value) for kind in rules.SymbolKind])
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=12)
    is_public = models.BooleanField(default=True)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "number"]
        constraints = [models.UniqueConstraint(fields=["forum", "kind", "number"], name="symbol_given_once")]

    def __str__(self) -> str:
        return f"{self.forum.prefix}/{self.kind}/{self.number}"

    @property
    def short(self) -> str:
        return f"{self.kind}/{self.number}"

    @property
    def direction(self) -> str:
        return direction(self.language)

    def get_absolute_url(self) -> str:
        return rules.address(self.forum.slug, self.kind, self.number)


class FoundBy(models.Model):
    """The index terms of a public thing in its language; `text` is for excerpts."""

    symbol = models.OneToOneField(Symbol, models.CASCADE, primary_key=True, related_name="found_by")
    vector = SearchVectorField()
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12)

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="found_by_words")]


class Edge(models.Model):
    """A step of the trace: the source is based on the target."""

    source = models.ForeignKey(Symbol, models.PROTECT, related_name="edges_down")
    target = models.ForeignKey(Symbol, models.PROTECT, related_name="edges_up")
    relation = models.CharField(max_length=16, choices=[(one.value, one.value) for one in rules.Relation])
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "relation"], name="edge_stands_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="nothing_rests_on_itself"),
        ]


class LogEntry(models.Model):
    """An action, chained to the one before.

    `person` and `salt` are not part of the digests and can be erased. A vote is logged with its day
    only (UTC).
    """

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="log")
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    role = models.CharField(max_length=24)
    verb = models.CharField(max_length=48)
    symbol = models.ForeignKey(Symbol, models.PROTECT, null=True, related_name="log")
    salt = models.CharField(max_length=64, blank=True)
    change_digest = models.CharField(max_length=64)
    digest_before = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["forum", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "sequence"], name="log_entry_has_one_place"),
            models.UniqueConstraint(fields=["forum", "digest_before"], name="log_does_not_fork"),
        ]

    @property
    def tells_the_day_alone(self) -> bool:
        return rules.is_day(self.at)


class Receipt(models.Model):
    """Proof for a person that their text was submitted."""

    code = models.CharField(max_length=32, unique=True)
    entry = models.OneToOneField(LogEntry, models.PROTECT, related_name="receipt")
    content_digest = models.CharField(max_length=64)
    given_at = models.DateTimeField()
