import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.consultation.calls.models import Call
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.statements.rules.statements import VOTE_VALUES, StatementState
from muntada.people.rules import OrganisationKind
from muntada.record.models import Symbol


class Statement(models.Model):
    """One sentence put to the vote. `translations` holds, by language, a `text` and its `status`.

    One split from a longer one names it in `split_from`; one that says what another says names that in
    `merged_into` and takes no more votes.
    """

    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="statement")
    call = models.ForeignKey(Call, models.PROTECT, related_name="statements")
    text = models.TextField()
    language = models.CharField(max_length=12)
    translations = models.JSONField(default=dict, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    taken_from = models.ForeignKey(
        Contribution, models.PROTECT, null=True, blank=True, related_name="statements"
    )
    split_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="split_into")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    state = models.CharField(
        max_length=8,
        choices=[(one.value, one.value) for one in StatementState],
        default=StatementState.OPEN,
    )
    hidden_reason = models.TextField(blank=True)
    external_id = models.CharField(max_length=64, blank=True)
    put_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["symbol__number"]
        indexes = [models.Index(fields=["call", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "external_id"], condition=~Q(external_id=""), name="statement_imported_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["hidden", "refused"]) | ~Q(hidden_reason=""),
                name="hidden_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False),
                name="merged_into_another_statement",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()

    @property
    def is_readable(self) -> bool:
        """Whether everybody reads its words: it is put to the vote, or merged into one that is."""
        stands = self.merged_into if self.state == StatementState.MERGED else self
        return stands is not None and stands.state == StatementState.OPEN


class StatementVersion(models.Model):
    """A wording that was corrected, kept with the reason of the correction; never changed.

    That of a translation names its `language`, that of the statement itself none.
    """

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=12, blank=True, default="")
    text = models.TextField()
    reason = models.TextField()
    corrected_at = models.DateTimeField()

    class Meta:
        ordering = ["statement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "number"], name="wording_has_one_number"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_correction_gives_its_reason"),
        ]


def new_alias() -> str:
    """Return a name for open data, drawn at random: it says nothing of who somebody is or when they came."""
    return f"p{secrets.token_hex(8)}"


class Voter(models.Model):
    """Whoever votes in a call; nobody is ever shown by name, in open data they have an `alias`.

    Somebody signed in is a `person`; somebody without an account is known by the digest of a key their
    browser keeps; somebody imported by the number they had there. Whoever signs in after voting without an
    account stays one voter: theirs by key becomes that of the person, or is `joined_to` the one they had; the
    key alone votes no more then. `kind`, `country` and `is_headquarters` are what they declared, for the view
    by groups, or nothing.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="voters")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    key_digest = models.CharField(max_length=64, blank=True)
    joined_to = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="+")
    external_id = models.CharField(max_length=64, blank=True)
    alias = models.CharField(max_length=64, default=new_alias, editable=False)
    kind = models.CharField(
        max_length=24, choices=[(one.value, one.value) for one in OrganisationKind], blank=True
    )
    country = models.CharField(max_length=2, blank=True)
    is_headquarters = models.BooleanField(default=False)
    is_vouched = models.BooleanField(default=False)
    banned_at = models.DateTimeField(null=True, blank=True)
    banned_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "person"], condition=Q(person__isnull=False), name="person_votes_as_one"
            ),
            models.UniqueConstraint(
                fields=["call", "key_digest"], condition=~Q(key_digest=""), name="browser_votes_as_one"
            ),
            models.UniqueConstraint(
                fields=["call", "external_id"], condition=~Q(external_id=""), name="voter_imported_once"
            ),
            models.UniqueConstraint(fields=["call", "alias"], name="voter_has_an_alias_of_their_own"),
            models.CheckConstraint(
                condition=Q(banned_at=None) | ~Q(banned_reason=""), name="banned_with_a_reason"
            ),
        ]


class Vote(models.Model):
    """One vote as it was cast. The last one of a voter on a statement is current; those before are kept."""

    voter = models.ForeignKey(Voter, models.CASCADE, related_name="votes")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="votes")
    value = models.SmallIntegerField()
    important = models.BooleanField(default=False)
    is_current = models.BooleanField(default=True)
    cast_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(value__in=VOTE_VALUES), name="vote_is_agree_disagree_or_pass"),
            models.UniqueConstraint(
                fields=["statement", "voter"], condition=Q(is_current=True), name="one_current_vote"
            ),
        ]


class OpinionMap(models.Model):
    """A map of a call as it was drawn at a moment: the same votes and seed give the same again.

    The newest is the one shown; of the earlier ones those of each day's end are kept as the history.
    `voices` is the same seen by declared groups, raw and re-weighted.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="opinion_maps")
    seed = models.PositiveIntegerField()
    settings = models.JSONField()
    voters = models.PositiveIntegerField()
    votes = models.PositiveIntegerField()
    statements = models.PositiveIntegerField()
    # What pages ask for alone stands alone: the points are many, the priorities are asked for at each vote.
    points = models.JSONField()
    priorities = models.JSONField()
    result = models.JSONField()
    voices = models.JSONField(default=dict, blank=True)
    # Votes up to this row went into it, so that the drawing can be repeated after later votes.
    last_vote = models.PositiveBigIntegerField(default=0)
    # Whose votes did not count, and who had declared what, when it was drawn: both may change later. Null
    # where that was not kept yet; then what is known now stands in. `declared` holds kind, country, whether
    # at a headquarters, and the voters who said just that.
    left_out_voters = models.JSONField(null=True, blank=True)
    declared = models.JSONField(null=True, blank=True)
    # The archive of its votes, once somebody asked for it.
    open_data = models.FileField(upload_to="open-data", max_length=200, blank=True)
    is_latest = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(is_latest=True), name="one_latest_map_per_call"
            )
        ]
