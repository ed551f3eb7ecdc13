from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call, CallMeeting, QuestionSet
from muntada.consultation.calls.rules.calls import TITLE_LENGTH
from muntada.consultation.contributions.rules.contributions import (
    GIVEN_OUT,
    AttachmentText,
    CameBy,
    CampaignKind,
    ShownAs,
    whole_text,
)
from muntada.consultation.contributions.rules.drafts import WINDOW_LENGTH
from muntada.forums.merging.models import MergeOfTwo, merge_constraints
from muntada.forums.models import Goal, Line
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.people.models import Organisation
from muntada.people.rules import OrganisationKind
from muntada.record.models import Receipt, Symbol


class AuthoredText(models.Model):
    """The common fields of drafts and contributions: texts, author, language.

    `kind`, `country` and `is_headquarters` are the facts from which groups are derived: of the
    organization if one is named, else as given by the person.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(
        max_length=24, choices=[(one.value, one.value) for one in OrganisationKind], blank=True
    )
    country = models.CharField(max_length=2, blank=True)
    is_headquarters = models.BooleanField(default=False)
    shown_as = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in ShownAs], default=ShownAs.NAME
    )
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    text = models.TextField(blank=True)
    answers = models.JSONField(default=dict, blank=True)
    consent_to_publish = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Campaign(models.Model):
    """Contributions with the same or nearly the same text."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="campaigns")
    kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in CampaignKind])
    name = models.CharField(max_length=TITLE_LENGTH, blank=True)
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name_here

    def get_absolute_url(self) -> str:
        return f"{self.call.get_absolute_url()}/campaigns/{self.pk}"

    @property
    def name_here(self) -> str:
        """Its name, else its number."""
        return self.name or gettext("Campaign %(number)s") % {"number": self.pk}


class Contribution(AuthoredText):
    """A contribution to a call. Its number stays, even if withdrawn."""

    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="contribution")
    call = models.ForeignKey(Call, models.PROTECT, related_name="contributions")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="contributions"
    )
    # Authors of entered contributions have no account: name and address from the letter.
    author_name = models.CharField(max_length=200, blank=True)
    author_email = models.EmailField(blank=True)
    organisation_vouched = models.BooleanField(default=False)
    question_set = models.ForeignKey(QuestionSet, models.PROTECT, related_name="+")
    lines = models.ManyToManyField(Line, blank=True, related_name="contributions")
    goals = models.ManyToManyField(Goal, blank=True, related_name="contributions")
    came_by = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in CameBy], default=CameBy.FORM
    )
    provenance = models.CharField(max_length=500, blank=True)
    # The meeting in which it was made, if any.
    meeting = models.ForeignKey(CallMeeting, models.PROTECT, null=True, blank=True, related_name="said")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    external_id = models.CharField(max_length=100, blank=True)
    campaign = models.ForeignKey(
        Campaign, models.SET_NULL, null=True, blank=True, related_name="contributions"
    )
    # It was split from this campaign, permanently.
    stands_alone = models.BooleanField(default=False)
    left_campaign = models.ForeignKey(
        Campaign, models.SET_NULL, null=True, blank=True, related_name="left_by"
    )
    submitted_at = models.DateTimeField()
    revised_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        indexes = [models.Index(fields=["call", "-submitted_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="contribution_says_something"),
            models.CheckConstraint(
                condition=Q(organisation_vouched=False) | Q(organisation__isnull=False),
                name="only_an_organisation_is_vouched_for",
            ),
            models.CheckConstraint(
                condition=Q(came_by=CameBy.FORM) | ~Q(provenance=""), name="taken_in_with_its_provenance"
            ),
            models.CheckConstraint(
                condition=Q(stands_alone=False) | Q(campaign=None), name="what_stands_alone_is_in_no_campaign"
            ),
            models.CheckConstraint(
                condition=Q(stands_alone=True) | Q(left_campaign=None),
                name="what_left_a_campaign_stands_alone",
            ),
            models.UniqueConstraint(
                fields=["call", "external_id"],
                condition=~Q(external_id=""),
                name="contribution_taken_in_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()

    @property
    def voices(self) -> "tuple[Contribution, ...]":
        """The originals of a joint contribution; empty otherwise."""
        if self.came_by != CameBy.MERGE:
            return ()
        return (self.merge_made.first, self.merge_made.second)

    @property
    def is_public(self) -> bool:
        return self.consent_to_publish and self.withdrawn_at is None

    @property
    def sender(self) -> str:
        """A key of the sender: the address, else the name in the letter."""
        address = self.author.email if self.author is not None else self.author_email
        return (address or self.author_name).strip().casefold() or f"contribution {self.pk}"

    @property
    def name_shown(self) -> str:
        """The name shown, as the author chose; both names for a joint text."""
        if self.voices:
            return " · ".join(filter(None, (voice.who_shown for voice in self.voices)))
        if self.shown_as != ShownAs.NAME:
            return ""
        return str(self.author) if self.author is not None else self.author_name

    @property
    def who_shown(self) -> str:
        """Name and organization in one line, as the author chose."""
        organisation = self.organisation_shown
        return ", ".join(filter(None, (self.name_shown, organisation.name if organisation else "")))

    @property
    def organisation_shown(self) -> Organisation | None:
        return None if self.shown_as == ShownAs.NOBODY else self.organisation

    @property
    def files(self) -> "list[Attachment]":
        """Its current files."""
        return [one for one in self.attachments.all() if one.removed_at is None]

    @property
    def whole_text(self) -> str:
        """All answers, without the questions."""
        return whole_text(self.text, self.answers, self.question_set.items)


class ContributionVersion(models.Model):
    """A submitted version of a contribution, immutable."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=TITLE_LENGTH)
    text = models.TextField()
    answers = models.JSONField(default=dict, blank=True)
    submitted_at = models.DateTimeField()
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["contribution", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="version_has_one_number")
        ]

    @property
    def files(self) -> "list[Attachment]":
        """The files at that time."""
        return [one for one in self.contribution.attachments.all() if one.stood_at(self.submitted_at)]

    @property
    def whole_text(self) -> str:
        """All answers at that time; the text of its receipt."""
        return whole_text(self.text, self.answers, self.contribution.question_set.items)


class Merge(MergeOfTwo):
    """A merge of two contributions: made when both authors consent, undone by either.

    The joint text is a contribution of its own; the originals stay.
    """

    first = models.ForeignKey(Contribution, models.CASCADE, related_name="merges_as_first")
    second = models.ForeignKey(Contribution, models.CASCADE, related_name="merges_as_second")
    joint = models.OneToOneField(
        Contribution, models.PROTECT, null=True, blank=True, related_name="merge_made"
    )

    class Meta(MergeOfTwo.Meta):
        constraints = merge_constraints(
            not_itself="nothing_merges_with_itself",
            by_both="merged_with_the_consent_of_both",
            undone_if_made="only_the_merged_is_unmerged",
            once_at_a_time="one_merge_of_two_at_a_time",
        )

    def get_absolute_url(self) -> str:
        return f"{self.first.get_absolute_url()}/merges/{self.pk}"


class ContributionDraft(AuthoredText):
    """A draft, visible to its author only; it becomes a contribution or its next version.

    `revision` counts saves and `window` identifies the last saving window, so that another window does
    not overwrite it. `text` answers the first question of `question_set`, which may be outdated;
    `left_out` lists submitted files removed from the next version.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    contribution = models.ForeignKey(
        Contribution, models.CASCADE, null=True, blank=True, related_name="drafts"
    )
    question_set = models.ForeignKey(QuestionSet, models.RESTRICT, related_name="+")
    left_out = ArrayField(models.BigIntegerField(), default=list, blank=True)
    line_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    goal_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    revision = models.PositiveIntegerField(default=1)
    window = models.CharField(max_length=WINDOW_LENGTH, blank=True)
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


class DraftCopy(models.Model):
    """Input of a second window while another saved the draft."""

    draft = models.ForeignKey(ContributionDraft, models.CASCADE, related_name="copies")
    window = models.CharField(max_length=WINDOW_LENGTH, blank=True)
    question_set = models.ForeignKey(QuestionSet, models.RESTRICT, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    text = models.TextField(blank=True)
    answers = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "window"], name="one_copy_per_draft_and_window")
        ]


class Attachment(models.Model):
    """A file of a contribution or draft; its text is extracted for the search."""

    contribution = models.ForeignKey(
        Contribution, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    draft = models.ForeignKey(
        ContributionDraft, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    file = models.FileField(max_length=200)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    text_state = models.CharField(
        max_length=12,
        choices=[(one.value, one.value) for one in AttachmentText],
        default=AttachmentText.WAITING,
    )
    added_at = models.DateTimeField()
    # Removed from the submission; earlier versions keep it.
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contribution__isnull=False, draft=None)
                | Q(contribution=None, draft__isnull=False),
                name="attachment_belongs_to_one_text",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_given_out(self) -> bool:
        return self.text_state in GIVEN_OUT

    def stood_at(self, moment: datetime) -> bool:
        """Return whether a file belonged to the contribution at a moment."""
        return self.added_at <= moment and (self.removed_at is None or self.removed_at > moment)
