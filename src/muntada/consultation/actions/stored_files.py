"""Files in the store: kept once by their content, and deleted when nothing refers to them any more."""

from collections.abc import Iterator
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import connection, transaction

from muntada.consultation.models import Attachment, IntakeTable
from muntada.consultation.rules.intake import KEPT_FOR, SILENT_FOR, UNDER_WAY, TableState
from muntada.foundations.storage import store_under_digest

ATTACHMENTS = "consultation"
TABLES = "consultation/intake"
# The field of a form by which files of each folder come.
FIELDS = {ATTACHMENTS: "attachment", TABLES: "table"}


def store_file(folder: str, digest: str, content: bytes) -> str:
    """Store a file once under its digest; nobody deletes it until the transaction ends."""
    place = f"{folder}/{digest}"
    _hold(place)
    store_under_digest(place, content, digest=digest, field=FIELDS[folder])
    return place


def drop_file(place: str) -> bool:
    """Delete a file nothing refers to; say whether it was."""
    with transaction.atomic():
        _hold(place)
        if Attachment.objects.filter(file=place).exists() or IntakeTable.objects.filter(file=place).exists():
            return False
        default_storage.delete(place)
    return True


def drop_unneeded_files(*, now: datetime) -> int:
    """Throw away tables nobody took in within a day, then each file nothing refers to; return how many."""
    old = IntakeTable.objects.filter(looked_at__lte=now - KEPT_FOR).exclude(state=TableState.DONE)
    old.exclude(state__in=UNDER_WAY, told_at__gt=now - SILENT_FOR).delete()
    return sum(drop_file(place) for place in _places())


def _places() -> Iterator[str]:
    for folder in (ATTACHMENTS, TABLES):
        if default_storage.exists(folder):
            yield from (f"{folder}/{name}" for name in default_storage.listdir(folder)[1])


def _hold(place: str) -> None:
    """Be the only one who stores or deletes this file until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('consultation.file'), hashtext(%s))", [place])
