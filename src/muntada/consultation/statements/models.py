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
    """A statement. `translations` holds, by language, a `text` and its `status`.

    `split_from` is the longer statement it comes from; `merged_into` the equivalent one that takes its
    votes.
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
        """Whether its text is public: it is open, or merged into an open one."""
        stands = self.merged_into if self.state == StatementState.MERGED else self
        return stands is not None and stands.state == StatementState.OPEN


class StatementVersion(models.Model):
    """A corrected wording with the reason, immutable.

    `language` is that of a translation, empty for the statement itself.
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
    """Return a random name for open data."""
    return f"p{secrets.token_hex(8)}"


class Voter(models.Model):
    """A voter in a call, never shown by name; open data use the `alias`.

    A signed-in voter is a `person`; an anonymous one is identified by the digest of a browser key; an
    imported one by their former number. A person who signs in after voting stays one voter: the
    browser's voter becomes the person's, or is `joined_to` their earlier one and no longer votes.
    `kind`, `country` and `is_headquarters` are declarations for results by group.
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
    """A vote. The last of a voter on a statement is current; earlier ones are kept."""

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
    """A stored map of a call: the same votes and seed reproduce it.

    The newest is shown; the last of each earlier day is kept. `voices` has the results by declared
    group.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="opinion_maps")
    seed = models.PositiveIntegerField()
    settings = models.JSONField()
    voters = models.PositiveIntegerField()
    votes = models.PositiveIntegerField()
    statements = models.PositiveIntegerField()
    # Separate columns, because points are large and priorities are needed at each vote.
    points = models.JSONField()
    priorities = models.JSONField()
    result = models.JSONField()
    voices = models.JSONField(default=dict, blank=True)
    # The last vote included, so that the map can be reproduced later.
    last_vote = models.PositiveBigIntegerField(default=0)
    # Voters excluded, and declarations, at that time; both may change. Null for older maps, where the
    # current ones are used. `declared` lists kind, country, headquarters and the voters who declared
    # them.
    left_out_voters = models.JSONField(null=True, blank=True)
    declared = models.JSONField(null=True, blank=True)
    # The archive of its votes, made on request.
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
