from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse

from muntada.evidence.initiatives import rules as initiatives
from muntada.evidence.prizes.rules import rounds as rules
from muntada.forums.models import Forum, Line
from muntada.foundations.fields import codes
from muntada.foundations.languages import in_language
from muntada.foundations.stored import read_stored
from muntada.people.rules import OrganisationKind


class Showcase(models.Model):
    """An edition of a showcase, with its rules as data."""

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="showcases")
    edition = models.SlugField(max_length=32)
    titles = models.JSONField()
    abouts = models.JSONField(default=dict, blank=True)
    kinds = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    states = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    is_one_per_organisation = models.BooleanField(default=True)
    lets_winners_again = models.BooleanField(default=False)
    judged_by = models.CharField(max_length=8, choices=codes(rules.JudgedBy))
    criteria = models.JSONField(default=list, blank=True)
    lowest = models.PositiveSmallIntegerField(default=1)
    highest = models.PositiveSmallIntegerField(default=5)
    fewest_judgements = models.PositiveSmallIntegerField(default=2)
    nominees = models.PositiveSmallIntegerField(default=10)
    votes_open_to = models.CharField(max_length=12, choices=codes(rules.PrizeVotesOpenTo))
    champions = models.PositiveSmallIntegerField(default=5)
    winner_by = models.CharField(max_length=8, choices=codes(rules.WinnerBy))
    opened_at = models.DateTimeField(null=True, blank=True)
    nominees_at = models.DateTimeField(null=True, blank=True)
    champions_at = models.DateTimeField(null=True, blank=True)
    winners_at = models.DateTimeField(null=True, blank=True)
    voters = models.PositiveIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint("forum", "edition", name="one_showcase_per_edition"),
            models.CheckConstraint(
                condition=Q(champions__gte=1, nominees__gte=F("champions")), name="showcase_has_places"
            ),
            models.CheckConstraint(
                condition=(
                    (Q(nominees_at=None) | Q(opened_at__isnull=False))
                    & (Q(champions_at=None) | Q(nominees_at__isnull=False))
                    & (Q(winners_at=None) | Q(champions_at__isnull=False))
                ),
                name="showcase_announces_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title_here

    @property
    def title_here(self) -> str:
        return in_language(self.titles)

    def get_absolute_url(self) -> str:
        return reverse("evidence:showcase", args=[self.forum.slug, self.edition])

    @property
    def terms(self) -> rules.PrizeTerms:
        return rules.PrizeTerms(
            kinds=tuple(OrganisationKind(one) for one in self.kinds),
            states=tuple(initiatives.InitiativeProgress(one) for one in self.states),
            is_one_per_organisation=self.is_one_per_organisation,
            lets_winners_again=self.lets_winners_again,
            judged_by=rules.JudgedBy(self.judged_by),
            criteria=tuple(read_stored(rules.Mark, one) for one in self.criteria),
            lowest=self.lowest,
            highest=self.highest,
            fewest_judgements=self.fewest_judgements,
            nominees=self.nominees,
            votes_open_to=rules.PrizeVotesOpenTo(self.votes_open_to),
            champions=self.champions,
            winner_by=rules.WinnerBy(self.winner_by),
        )

    @property
    def announced(self) -> rules.Announced:
        return rules.Announced(self.opened_at, self.nominees_at, self.champions_at, self.winners_at)


class ShowcasePhase(models.Model):
    """The period of a phase: inclusive start, exclusive end. Phases never overlap."""

    showcase = models.ForeignKey(Showcase, models.CASCADE, related_name="phases")
    phase = models.CharField(max_length=12, choices=codes(rules.Phase))
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        ordering = ["opens_at"]
        constraints = [
            models.UniqueConstraint("showcase", "phase", name="one_period_per_phase"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="phase_closes_after_it_opens"
            ),
            ExclusionConstraint(
                name="one_phase_at_a_time",
                expressions=[
                    ("showcase", RangeOperators.EQUAL),
                    (
                        Func(
                            F("opens_at"),
                            F("closes_at"),
                            RangeBoundary(),
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return str(rules.PHASE_NAMES[rules.Phase(self.phase)])

    @property
    def period(self) -> rules.PhasePeriod:
        return rules.PhasePeriod(self.opens_at, self.closes_at)


class PhaseChange(models.Model):
    """A change of a phase after opening, with the reason."""

    phase = models.ForeignKey(ShowcasePhase, models.CASCADE, related_name="changes")
    opens_at_before = models.DateTimeField()
    closes_at_before = models.DateTimeField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reason = models.TextField()
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="phase_is_moved_for_a_reason")]


class ShowcaseCategory(models.Model):
    """A category: entries of one line compared under its own name."""

    showcase = models.ForeignKey(Showcase, models.CASCADE, related_name="categories")
    line = models.ForeignKey(Line, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    titles = models.JSONField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint("showcase", "line", name="one_category_per_line")]

    def __str__(self) -> str:
        return self.title_here

    @property
    def title_here(self) -> str:
        return in_language(self.titles)


class ShowcaseExpert(models.Model):
    """An expert appointed by the secretariat, for all categories unless some are named."""

    showcase = models.ForeignKey(Showcase, models.CASCADE, related_name="experts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    categories = models.ManyToManyField(ShowcaseCategory, related_name="experts", blank=True)
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["named_at", "pk"]
        constraints = [models.UniqueConstraint("showcase", "person", name="expert_is_named_once")]

    def __str__(self) -> str:
        return str(self.person)


class ShowcaseEntry(models.Model):
    """An initiative entered by its owner, and its awards.

    `sole_of` is the organization if the rules allow it one entry per category.
    """

    category = models.ForeignKey(ShowcaseCategory, models.PROTECT, related_name="entries")
    showcase = models.ForeignKey(Showcase, models.PROTECT, related_name="entries")
    initiative = models.ForeignKey("evidence_initiatives.Initiative", models.PROTECT, related_name="entries")
    sole_of = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    case = models.TextField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField()
    consented_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    award = models.CharField(max_length=8, choices=codes(rules.Award), blank=True)
    score = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    judgements_counted = models.PositiveSmallIntegerField(null=True, blank=True)
    votes = models.PositiveIntegerField(null=True, blank=True)
    picks = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["category", "entered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["showcase", "initiative"],
                condition=Q(withdrawn_at=None),
                name="initiative_is_entered_once",
            ),
            models.UniqueConstraint(
                fields=["category", "sole_of"],
                condition=Q(withdrawn_at=None),
                name="one_entry_per_organisation",
            ),
            models.UniqueConstraint(
                fields=["category"],
                condition=Q(award=rules.Award.WINNER.value),
                name="one_winner_per_category",
            ),
            models.CheckConstraint(
                condition=~Q(award__in=[rules.Award.CHAMPION.value, rules.Award.WINNER.value])
                | Q(votes__gt=0),
                name="champion_has_votes",
            ),
            models.CheckConstraint(condition=~Q(case=""), name="entry_makes_its_case"),
        ]

    def __str__(self) -> str:
        return str(self.initiative)

    @property
    def award_name(self) -> str:
        return str(rules.AWARD_NAMES[rules.Award(self.award)]) if self.award else ""

    @property
    def is_champion(self) -> bool:
        return self.award in {rules.Award.CHAMPION, rules.Award.WINNER}


class ShowcaseJudgement(models.Model):
    """The judgement of an expert on an entry, or a conflict of interest."""

    entry = models.ForeignKey(ShowcaseEntry, models.CASCADE, related_name="judgements")
    expert = models.ForeignKey(ShowcaseExpert, models.CASCADE, related_name="judgements")
    marks = models.JSONField(default=dict, blank=True)
    conflict = models.CharField(max_length=300, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["given_at"]
        constraints = [
            models.UniqueConstraint("entry", "expert", name="one_judgement_per_expert"),
            models.CheckConstraint(
                condition=Q(conflict="") | Q(marks={}), name="no_marks_where_interests_conflict"
            ),
        ]


class ShowcaseVote(models.Model):
    """A voter's vote in a category. The voter is a person, or a browser identified by a secret."""

    category = models.ForeignKey(ShowcaseCategory, models.CASCADE, related_name="ballots")
    entry = models.ForeignKey(ShowcaseEntry, models.PROTECT, related_name="ballots")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    browser = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - null is outside unique
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["category", "person"], name="one_vote_per_category_and_person"),
            models.UniqueConstraint(fields=["category", "browser"], name="one_vote_per_category_and_browser"),
            models.CheckConstraint(
                condition=Q(person=None, browser__isnull=False) | Q(person__isnull=False, browser=None),
                name="vote_is_of_a_person_or_a_browser",
            ),
        ]


class WinnerPick(models.Model):
    """The champion an expert chose as winner."""

    category = models.ForeignKey(ShowcaseCategory, models.CASCADE, related_name="picks")
    expert = models.ForeignKey(ShowcaseExpert, models.CASCADE, related_name="picks")
    entry = models.ForeignKey(ShowcaseEntry, models.PROTECT, related_name="picked")
    picked_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("category", "expert", name="one_pick_per_category")]


class TieSettled(models.Model):
    """The settlement of a tie, valid for these entries and places only."""

    category = models.ForeignKey(ShowcaseCategory, models.CASCADE, related_name="ties")
    award = models.CharField(max_length=8, choices=codes(rules.Award))
    tied = ArrayField(models.BigIntegerField())
    places = models.PositiveSmallIntegerField()
    chosen = ArrayField(models.BigIntegerField())
    reason = models.TextField()
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("category", "award", name="tie_is_settled_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="tie_is_settled_for_a_reason"),
        ]
