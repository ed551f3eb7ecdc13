"""Database sessions read with a prepared statement, since every request needs one.

Building the query each time took a tenth of the processor time of a vote.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

_READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        """Return the session data; unknown keys sent by a client are not adopted."""
        key, row = self.session_key or "", None
        if key.isalnum():
            with connection.cursor() as cursor:
                cursor.execute(_READ, [key, timezone.now()])
                row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        kept: dict[str, Any] = self.decode(row[0])
        return kept
