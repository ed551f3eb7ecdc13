"""Request forms in versions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from muntada.foundations.fields import codes
from muntada.foundations.languages import in_language, language_of
from muntada.programme.requests.rules.request_forms import FormTerms
from muntada.programme.requests.rules.requests import MOST_SPEAKERS
from muntada.programme.sessions.rules import SESSION_KIND_NAMES, SessionKind


class FormVersion(models.Model):
    """A version of a forum's form for a kind; a request keeps the version it answered.

    Without `published_at` it is in preparation. A published version is immutable, enforced by the
    database. `wishes` says by field whether it is off, asked or needed; `items` are additional
    questions in the shape of a question set.
    """

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="form_versions")
    kind = models.CharField(max_length=24, choices=codes(SessionKind))
    version = models.PositiveSmallIntegerField()
    texts = models.JSONField(default=dict, blank=True)
    wishes = models.JSONField(default=dict, blank=True)
    items = models.JSONField(default=list, blank=True)
    lengths = ArrayField(models.PositiveSmallIntegerField())
    fewest_speakers = models.PositiveSmallIntegerField(default=0)
    most_speakers = models.PositiveSmallIntegerField(default=MOST_SPEAKERS)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["forum", "kind", "version"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "kind", "version"], name="one_form_per_version"),
            models.UniqueConstraint(
                fields=["forum", "kind"], condition=Q(published_at=None), name="one_form_prepared_per_kind"
            ),
            models.CheckConstraint(
                condition=Q(fewest_speakers__lte=F("most_speakers"), most_speakers__lte=MOST_SPEAKERS),
                name="form_asks_for_fewer_than_the_most",
            ),
            models.CheckConstraint(condition=Q(lengths__len__gt=0), name="form_allows_a_length"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_name} {self.version}"

    @property
    def kind_name(self) -> str:
        return str(SESSION_KIND_NAMES[SessionKind(self.kind)])

    @property
    def text_here(self) -> str:
        return in_language(self.texts)

    @property
    def text_language(self) -> str:
        return language_of(self.texts)

    @property
    def terms(self) -> FormTerms:
        return FormTerms(
            wishes=self.wishes,
            items=self.items,
            lengths=tuple(self.lengths),
            fewest_speakers=self.fewest_speakers,
            most_speakers=self.most_speakers,
        )
