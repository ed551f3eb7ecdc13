from babel import Locale
from django.db import models
from django.db.models import Q
from django.utils import translation

from muntada.evidence.models.choices import codes
from muntada.evidence.rules import areas as rules
from muntada.foundations.languages import in_language


class Area(models.Model):
    """A country (ISO 3166 alpha-3) or an aggregate of countries, by the code its sources use."""

    code = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=12, choices=codes(rules.AreaKind))
    grouping = models.CharField(max_length=16, choices=codes(rules.Grouping), blank=True)
    alpha2 = models.CharField(max_length=2, blank=True)
    titles = models.JSONField(default=dict, blank=True)
    region = models.CharField(max_length=16, blank=True)
    income = models.CharField(max_length=16, blank=True)
    # The aggregates that together make up their grouping; the others overlap them.
    is_main = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="country", grouping="") | Q(kind="aggregate") & ~Q(grouping=""),
                name="only_an_aggregate_has_a_grouping",
            )
        ]

    def __str__(self) -> str:
        return self.name_here

    @property
    def name_here(self) -> str:
        """Return the name in the language of the page: a country's from CLDR, a group's from its titles."""
        locale = Locale.parse(translation.get_language() or "en", sep="-")
        return str(locale.territories.get(self.alpha2) or in_language(self.titles) or self.code)
