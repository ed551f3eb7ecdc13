"""The base model of merges, shared by all stages."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from muntada.forums.merging.rules import JOINT_TITLE_LENGTH, MERGE_STATE_MARKS, MergeState, Sides
from muntada.foundations.languages import CONTENT_LANGUAGES, direction
from muntada.people.models import Person


class MergeOfTwo(models.Model):
    """A merge of two things: made when both authors consent, undone by either. The originals stay.

    A stage adds `first` and `second`, each with an author and a symbol, and `joint`. They are stored in
    row order, whichever was named first.
    """

    first: Any
    second: Any
    joint: Any

    title = models.CharField(max_length=JOINT_TITLE_LENGTH)
    text = models.TextField()
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    first_consented_at = models.DateTimeField(null=True, blank=True)
    second_consented_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.TextField(blank=True)
    merged_at = models.DateTimeField(null=True, blank=True)
    unmerged_at = models.DateTimeField(null=True, blank=True)
    unmerged_reason = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["-proposed_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def state(self) -> MergeState:
        if self.unmerged_at is not None:
            return MergeState.UNMERGED
        if self.merged_at is not None:
            return MergeState.MERGED
        return MergeState.DECLINED if self.declined_at is not None else MergeState.ASKED

    @property
    def state_mark(self) -> str:
        return MERGE_STATE_MARKS[self.state]

    @property
    def is_agreed(self) -> bool:
        return self.first_consented_at is not None and self.second_consented_at is not None

    @property
    def concerned(self) -> set[int]:
        """The people to notify: both authors and the proposer."""
        people = (self.first.author_id, self.second.author_id, self.proposed_by_id)
        return {one for one in people if one is not None}

    @property
    def still_asked(self) -> set[int]:
        """The authors whose consent is missing."""
        asked = (
            None if self.first_consented_at else self.first.author_id,
            None if self.second_consented_at else self.second.author_id,
        )
        return {one for one in asked if one is not None}

    def sides_of(self, person: Person | None) -> Sides:
        who = person.pk if person else None
        return Sides(
            who is not None and self.first.author_id == who, who is not None and self.second.author_id == who
        )

    def consent(self, sides: Sides, at: datetime) -> None:
        """Record consent; an earlier consent keeps its time."""
        if sides.first:
            self.first_consented_at = self.first_consented_at or at
        if sides.second:
            self.second_consented_at = self.second_consented_at or at


def merge_constraints(
    *, not_itself: str, by_both: str, undone_if_made: str, once_at_a_time: str
) -> list[models.BaseConstraint]:
    """Return the constraints of every merge, under the stage's names."""
    return [
        models.CheckConstraint(condition=~Q(first=F("second")), name=not_itself),
        models.CheckConstraint(
            condition=Q(merged_at=None)
            | Q(first_consented_at__isnull=False, second_consented_at__isnull=False, joint__isnull=False),
            name=by_both,
        ),
        models.CheckConstraint(
            condition=Q(unmerged_at=None) | Q(merged_at__isnull=False), name=undone_if_made
        ),
        models.UniqueConstraint(
            fields=["first", "second"],
            condition=Q(declined_at=None, unmerged_at=None),
            name=once_at_a_time,
        ),
    ]
