from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from muntada.consultation import rules
from muntada.forums.models import Forum, Goal, Line
from muntada.forums.rules import Window
from muntada.foundations.languages import CONTENT_LANGUAGES, in_language, language_of
from muntada.people.models import Organisation
from muntada.record.models import Receipt, Symbol


class Call(models.Model):
    """One invitation to say something: what is asked, from when until when, and who may vote."""

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="calls")
    slug = models.SlugField(max_length=64)
    titles = models.JSONField()
    introductions = models.JSONField(default=dict, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    takes_contributions = models.BooleanField(default=True)
    votes_open_to = models.CharField(
        max_length=16,
        choices=[(one.value, one.value) for one in rules.VotesOpenTo],
        default=rules.VotesOpenTo.SIGNED_IN,
    )
    results_visible = models.CharField(
        max_length=16,
        choices=[(one.value, one.value) for one in rules.ResultsVisible],
        default=rules.ResultsVisible.ALWAYS,
    )
    source = models.CharField(max_length=500, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    import_digest = models.CharField(max_length=64, blank=True)
    is_invented = models.BooleanField(default=False)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-opens_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "slug"], name="call_has_one_address"),
            models.UniqueConstraint(
                fields=["forum", "import_digest"],
                condition=~Q(import_digest=""),
                name="export_imported_once",
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="call_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.title_here

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/consultation/{self.slug}"

    @property
    def title_here(self) -> str:
        return in_language(self.titles)

    @property
    def introduction_here(self) -> str:
        return in_language(self.introductions)

    @property
    def introduction_language(self) -> str:
        return language_of(self.introductions)

    @property
    def window(self) -> Window:
        return Window(self.opens_at, self.closes_at)


class CallExtension(models.Model):
    """A decision to keep a call open longer, kept as an event."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="extensions")
    closed_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("closed_at")), name="call_extension_gives_more_time"
            )
        ]


class Questions(models.Model):
    """What a call asks, in one version; a contribution keeps the version it answered.

    `items` is a list of `{"code", "labels", "hints"}`; the first is the free text of a contribution.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="questions")
    version = models.PositiveSmallIntegerField()
    items = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["call", "version"]
        constraints = [
            models.UniqueConstraint(fields=["call", "version"], name="one_text_per_question_version")
        ]


class Said(models.Model):
    """What somebody writes, in whose name, in which language: the same for a draft and a contribution."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    shown_as = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in rules.ShownAs], default=rules.ShownAs.NAME
    )
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    title = models.CharField(max_length=rules.TITLE_LENGTH, blank=True)
    text = models.TextField(blank=True)
    consent_to_publish = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Contribution(Said):
    """What somebody said to a call. Its number stays, even if it is withdrawn."""

    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="contribution")
    call = models.ForeignKey(Call, models.PROTECT, related_name="contributions")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="contributions"
    )
    organisation_vouched = models.BooleanField(default=False)
    questions = models.ForeignKey(Questions, models.PROTECT, related_name="+")
    lines = models.ManyToManyField(Line, blank=True, related_name="contributions")
    goals = models.ManyToManyField(Goal, blank=True, related_name="contributions")
    submitted_at = models.DateTimeField()
    revised_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    is_invented = models.BooleanField(default=False)

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        indexes = [models.Index(fields=["call", "-submitted_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="contribution_says_something"),
            models.CheckConstraint(
                condition=Q(organisation_vouched=False) | Q(organisation__isnull=False),
                name="only_an_organisation_is_vouched_for",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()

    @property
    def is_public(self) -> bool:
        return self.consent_to_publish and self.withdrawn_at is None

    @property
    def name_shown(self) -> str:
        """The name the author chose to be shown with; empty if none."""
        if self.shown_as == rules.ShownAs.NAME and self.author is not None:
            return str(self.author)
        return ""

    @property
    def organisation_shown(self) -> Organisation | None:
        return None if self.shown_as == rules.ShownAs.NOBODY else self.organisation

    @property
    def last_reply(self) -> "Reply | None":
        return next(iter(reversed(self.replies.all())), None)


class ContributionVersion(models.Model):
    """The words of a contribution as they were submitted, each time; never changed."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=rules.TITLE_LENGTH)
    text = models.TextField()
    submitted_at = models.DateTimeField()
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["contribution", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="version_has_one_number")
        ]


class Draft(Said):
    """What an author is still writing, seen by nobody else; it becomes a contribution or its next version."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    contribution = models.ForeignKey(
        Contribution, models.CASCADE, null=True, blank=True, related_name="drafts"
    )
    line_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    goal_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "author"], condition=Q(contribution=None), name="one_new_draft_per_call"
            ),
            models.UniqueConstraint(
                fields=["contribution", "author"],
                condition=Q(contribution__isnull=False),
                name="one_draft_per_contribution",
            ),
        ]


class Attachment(models.Model):
    """A file sent with a contribution, or with the draft of one."""

    contribution = models.ForeignKey(
        Contribution, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    draft = models.ForeignKey(Draft, models.CASCADE, null=True, blank=True, related_name="attachments")
    file = models.FileField(max_length=200)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contribution__isnull=False, draft=None)
                | Q(contribution=None, draft__isnull=False),
                name="attachment_belongs_to_one_text",
            )
        ]


class Statement(models.Model):
    """One sentence put to the vote. `translations` holds, by language, a `text` and its `status`."""

    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="statement")
    call = models.ForeignKey(Call, models.PROTECT, related_name="statements")
    text = models.TextField()
    language = models.CharField(max_length=12)
    translations = models.JSONField(default=dict, blank=True)
    taken_from = models.ForeignKey(
        Contribution, models.PROTECT, null=True, blank=True, related_name="statements"
    )
    state = models.CharField(
        max_length=8,
        choices=[(one.value, one.value) for one in rules.StatementState],
        default=rules.StatementState.OPEN,
    )
    hidden_reason = models.TextField(blank=True)
    external_id = models.CharField(max_length=64, blank=True)
    put_at = models.DateTimeField()
    is_invented = models.BooleanField(default=False)

    class Meta:
        ordering = ["symbol__number"]
        indexes = [models.Index(fields=["call", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "external_id"], condition=~Q(external_id=""), name="statement_imported_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(hidden_reason=""), name="hidden_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()


class Voter(models.Model):
    """Whoever votes in a call. Those imported have no account; nobody is ever shown by name."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="voters")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    external_id = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "person"], condition=Q(person__isnull=False), name="person_votes_as_one"
            ),
            models.UniqueConstraint(
                fields=["call", "external_id"], condition=~Q(external_id=""), name="voter_imported_once"
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
            models.CheckConstraint(
                condition=Q(value__in=rules.VOTE_VALUES), name="vote_is_agree_disagree_or_pass"
            ),
            models.UniqueConstraint(
                fields=["statement", "voter"], condition=Q(is_current=True), name="one_current_vote"
            ),
        ]


class Theme(models.Model):
    """A matter that several contributions raise."""

    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="theme")
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="themes")
    titles = models.JSONField()
    description = models.TextField(blank=True)
    language = models.CharField(max_length=12)
    contributions = models.ManyToManyField(Contribution, related_name="themes")
    raised_at = models.DateTimeField()
    is_invented = models.BooleanField(default=False)

    class Meta:
        ordering = ["symbol__number"]

    def __str__(self) -> str:
        return self.title_here

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()

    @property
    def title_here(self) -> str:
        return in_language(self.titles)


class Reply(models.Model):
    """What became of a contribution and why. A later reply stands beside the earlier ones."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="replies")
    disposition = models.CharField(
        max_length=12, choices=[(one.value, one.value) for one in rules.Disposition]
    )
    reason = models.TextField()
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    leads_to = models.ForeignKey(Symbol, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=24)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    replied_at = models.DateTimeField()

    class Meta:
        ordering = ["replied_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="reply_gives_its_reason")]


class OpinionMap(models.Model):
    """The last computed map of a call: from these votes and this seed it comes out the same again."""

    call = models.OneToOneField(Call, models.CASCADE, related_name="opinion_map")
    seed = models.PositiveIntegerField()
    settings = models.JSONField()
    voters = models.PositiveIntegerField()
    votes = models.PositiveIntegerField()
    statements = models.PositiveIntegerField()
    # What pages ask for alone stands alone: the points are many, the priorities are asked for at each vote.
    points = models.JSONField()
    priorities = models.JSONField()
    result = models.JSONField()
    made_at = models.DateTimeField()
