"""Stored files: one per content, deleted when unreferenced."""

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db import connection, transaction

from muntada.consultation.contributions.models import Attachment
from muntada.foundations.storage import store_under_digest

ATTACHMENTS = "consultation"
# The form field of each folder.
FIELDS = {ATTACHMENTS: "attachment"}


def store_file(folder: str, digest: str, content: bytes) -> str:
    """Store a file under its digest, protected from deletion until the transaction ends."""
    place = f"{folder}/{digest}"
    _hold(place)
    store_under_digest(place, content, digest=digest, field=FIELDS[folder])
    return place


def drop_file(place: str) -> bool:
    """Delete an unreferenced file; return whether it was deleted."""
    with transaction.atomic():
        _hold(place)
        if Attachment.objects.filter(file=place).exists():
            return False
        default_storage.delete(place)
    return True


def drop_unneeded_files() -> int:
    """Delete all unreferenced files; return their number."""
    return sum(drop_file(place) for place in _places())


def _places() -> Iterator[str]:
    if default_storage.exists(ATTACHMENTS):
        yield from (f"{ATTACHMENTS}/{name}" for name in default_storage.listdir(ATTACHMENTS)[1])


def _hold(place: str) -> None:
    """Lock a file path until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('consultation.file'), hashtext(%s))", [place])
