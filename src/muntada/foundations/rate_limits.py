"""Limits on how often something is tried, counted in the database: by all processes, and across restarts.

The count is one moment (the generic cell rate algorithm): so many attempts may come at once, and one more is
free after each equal part of the period. One statement reads and counts, so no two processes can both have
the last place.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.crypto import salted_hmac

_COUNT = """
INSERT INTO foundations_ratecount AS counted (key, free_at) VALUES (%(key)s, %(now)s + %(step)s)
ON CONFLICT (key) DO UPDATE SET free_at = GREATEST(counted.free_at, %(now)s) + %(step)s
    WHERE GREATEST(counted.free_at, %(now)s) + %(step)s <= %(now)s + %(period)s
RETURNING key
"""


@dataclass(frozen=True)
class RateLimit:
    """So many attempts of one person, browser or address within a period. `name` says at what."""

    name: str
    attempts: int
    period: timedelta


def count_attempt(limit: RateLimit, who: str, *, now: datetime) -> bool:
    """Count an attempt and return whether it is within the limit; one that is refused is not counted."""
    key = salted_hmac(limit.name, who, algorithm="sha256").hexdigest()
    step = limit.period // limit.attempts
    counted: dict[str, Any] = {"key": key, "now": now, "step": step, "period": limit.period}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, counted)
        return cursor.fetchone() is not None
