from collections.abc import Mapping
from functools import cache

from babel import Locale
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import translation

from muntada.evidence.areas import rules
from muntada.forums.models import SourceStatus
from muntada.foundations.fields import codes
from muntada.foundations.languages import in_language


@cache
def _territories(language: str) -> Mapping[str, str]:
    """Return CLDR names of countries and M49 regions, cached: a page needs hundreds."""
    return dict(Locale.parse(language, sep="-").territories)


class Area(models.Model):
    """A country (ISO 3166 alpha-3) or a group of countries, by the code of its source."""

    code = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=12, choices=codes(rules.AreaKind))
    grouping = models.CharField(max_length=16, choices=codes(rules.AreaGrouping), blank=True)
    alpha2 = models.CharField(max_length=2, blank=True)
    # The M49 code of the UN Statistics Division, with leading zeros.
    m49 = models.CharField(max_length=3, blank=True)
    titles = models.JSONField(default=dict, blank=True)
    region = models.CharField(max_length=16, blank=True)
    income = models.CharField(max_length=16, blank=True)
    # Main groups partition the world in their grouping; the others overlap them.
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
        return area_name(self.code, self.alpha2, self.m49, self.titles)


def area_name(code: str, alpha2: str, m49: str, titles: Mapping[str, str]) -> str:
    """Return the name of an area from these values alone."""
    territories = _territories(translation.get_language() or "en")
    return str(territories.get(alpha2) or in_language(titles) or territories.get(m49) or code)


class Membership(models.Model):
    """A country's membership in a group, from a year (inclusive) until a year (exclusive).

    An empty year means as far as the source reaches.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="memberships")
    group = models.ForeignKey(Area, models.PROTECT, related_name="members")
    since_year = models.PositiveSmallIntegerField(null=True, blank=True)
    until_year = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200)
    status = models.CharField(max_length=12, choices=SourceStatus.choices, default=SourceStatus.UNVERIFIED)

    class Meta:
        ordering = ["group", "area", "since_year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since_year=None) | Q(until_year=None) | Q(until_year__gt=F("since_year")),
                name="membership_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="one_membership_at_a_time",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    ("group", RangeOperators.EQUAL),
                    (
                        Func(
                            "since_year", "until_year", function="int4range", output_field=IntegerRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
