"""People named in session requests, and their answers."""

from django.conf import settings
from django.db import models

from muntada.foundations.fields import codes
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.people.rules import OrganisationKind
from muntada.programme.requests.models.hours import HOURS_ARE_WHOLE, SPAN_IS_FORWARD, HoursSaid, HoursSpan
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.speakers import (
    ANSWER_NAMES,
    NO_FACTS,
    NOTE_LENGTH,
    FactsBy,
    Gender,
    GivenFacts,
    SpeakerAnswer,
    outweighing,
)
from muntada.programme.sessions.rules import NAME_LENGTH, PART_NAMES, SessionRole, person_key


class AskedToTakePart(models.Model):
    """A person asked by an e-mailed link, who answers without an account.

    `email` is visible to the author only, and deleted when no longer needed. `round` is part of the
    link: asking again invalidates earlier links.
    """

    name = models.CharField(max_length=NAME_LENGTH)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES, default="en")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(
        max_length=12, choices=codes(SpeakerAnswer), default=SpeakerAnswer.NOT_ASKED.value
    )
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    letters = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def is_confirmed(self) -> bool:
        return self.answer == SpeakerAnswer.YES

    @property
    def may_be_asked(self) -> bool:
        """There is an address to write to, and they have not said yes."""
        return not self.is_confirmed and bool(self.email)

    @property
    def answer_name(self) -> str:
        return str(ANSWER_NAMES[SpeakerAnswer(self.answer)])

    @property
    def key(self) -> str:
        """The key of the person across sessions."""
        return person_key(self.person_id, self.name)


class RequestSpeaker(AskedToTakePart, HoursSaid):
    """A speaker named in a request: part, hours, answer."""

    request = models.ForeignKey(SessionRequest, models.CASCADE, related_name="speakers")
    part = models.CharField(max_length=16, choices=codes(SessionRole), default=SessionRole.SPEAKER.value)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=HOURS_ARE_WHOLE, name="hours_have_both_ends"),
        ]

    @property
    def part_name(self) -> str:
        return str(PART_NAMES[SessionRole(self.part)])

    @property
    def holds(self) -> GivenFacts:
        """Facts about the speaker: their own before those given by the organizer."""
        by = {one.by: one.as_facts for one in self.facts.all()}
        return outweighing(by.get(FactsBy.SELF), by.get(FactsBy.ORGANISER))

    @property
    def own_facts(self) -> GivenFacts:
        return next((one.as_facts for one in self.facts.all() if one.by == FactsBy.SELF), NO_FACTS)


class SpeakerSpan(HoursSpan):
    """Hours of a speaker on a single day."""

    speaker = models.ForeignKey(RequestSpeaker, models.CASCADE, related_name="spans")

    class Meta:
        ordering = ["day", "starts", "pk"]
        constraints = [models.CheckConstraint(condition=SPAN_IS_FORWARD, name="span_ends_after_it_starts")]


class SpeakerFacts(models.Model):
    """Facts about a speaker by source; counted, never shown with a name."""

    speaker = models.ForeignKey(RequestSpeaker, models.CASCADE, related_name="facts")
    by = models.CharField(max_length=12, choices=codes(FactsBy))
    kind = models.CharField(max_length=24, choices=codes(OrganisationKind), blank=True)
    country = models.CharField(max_length=2, blank=True)
    is_headquarters = models.BooleanField(default=False)
    gender = models.CharField(max_length=8, choices=codes(Gender), blank=True)
    is_first_time = models.BooleanField(null=True, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["speaker", "by"], name="facts_once_by_each")]

    @property
    def as_facts(self) -> GivenFacts:
        return GivenFacts(self.kind, self.country, self.is_headquarters, self.gender, self.is_first_time)


class CoOrganiser(AskedToTakePart):
    """An organization or person asked to co-organize; counted after accepting.

    `name` is the recipient; `body` is empty for a person organizing for themselves.
    """

    request = models.ForeignKey(SessionRequest, models.CASCADE, related_name="co_organisers")
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    body = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=24, choices=codes(OrganisationKind), blank=True)
    country = models.CharField(max_length=2, blank=True)
    is_headquarters = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "pk"]

    @property
    def shown(self) -> str:
        return self.body or self.name
