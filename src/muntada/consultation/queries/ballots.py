"""Which votes go into a drawing, so that exactly they can be found again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from muntada.consultation.models import OpinionMap

# A vote that is being cast has one of the newest numbers; nobody's takes longer than so many others.
NEWEST = 5_000
_STANDING = """
    WITH newest AS (SELECT coalesce(max(id), 0) AS id FROM consultation_vote)
    SELECT newest.id,
           ARRAY(SELECT number FROM generate_series(greatest(newest.id - %(window)s, 1), newest.id) AS number
                 EXCEPT SELECT id FROM consultation_vote WHERE id >= newest.id - %(window)s
                 ORDER BY 1)
    FROM newest
"""


@dataclass(frozen=True)
class Cut:
    """The votes up to `last_vote`, but for the numbers given to votes `not_yet` there at that moment."""

    last_vote: int
    not_yet: tuple[int, ...]
    at: datetime


def cut_now(now: datetime) -> Cut:
    """Return where the votes stand. Those cast by somebody at this very moment come with the next map."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"window": NEWEST})
        last_vote, not_yet = cursor.fetchone()
    return Cut(last_vote, tuple(not_yet), now)


def cut_of(kept: OpinionMap) -> Cut:
    return Cut(kept.last_vote, tuple(kept.settings.get("not_yet", ())), kept.made_at)
