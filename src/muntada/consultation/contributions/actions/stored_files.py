"""Files in the store: kept once by their content, and deleted when nothing refers to them any more."""

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db import connection, transaction

from muntada.consultation.contributions.models import Attachment
from muntada.foundations.storage import store_under_digest

ATTACHMENTS = "consultation"
# The field of a form by which files of each folder come.
FIELDS = {ATTACHMENTS: "attachment"}


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
        if Attachment.objects.filter(file=place).exists():
            return False
        default_storage.delete(place)
    return True


def drop_unneeded_files() -> int:
    """Delete each file nothing refers to; return how many were."""
    return sum(drop_file(place) for place in _places())


def _places() -> Iterator[str]:
    if default_storage.exists(ATTACHMENTS):
        yield from (f"{ATTACHMENTS}/{name}" for name in default_storage.listdir(ATTACHMENTS)[1])


def _hold(place: str) -> None:
    """Be the only one who stores or deletes this file until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('consultation.file'), hashtext(%s))", [place])
