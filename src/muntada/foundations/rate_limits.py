"""Rate limits counted in the database: shared by all processes, and kept across restarts.

The state is one timestamp (generic cell rate algorithm): a burst up to the limit is allowed, and
attempts become free again evenly over the period. One statement reads and updates it, so two
processes cannot both take the last attempt.
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
    """A number of attempts per person, browser or address in a period; `name` identifies the action."""

    name: str
    attempts: int
    period: timedelta


def count_attempt(limit: RateLimit, who: str, *, now: datetime) -> bool:
    """Count an attempt and return whether it is within the limit; refused attempts do not count."""
    key = salted_hmac(limit.name, who, algorithm="sha256").hexdigest()
    step = limit.period // limit.attempts
    counted: dict[str, Any] = {"key": key, "now": now, "step": step, "period": limit.period}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, counted)
        return cursor.fetchone() is not None
