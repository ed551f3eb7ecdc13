"""The archive of the votes of a map: made once, and again when a statement's text changes."""

from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from muntada.consultation.calls.models import Call
from muntada.consultation.opinion.exports.open_data import mark_of, write_open_data
from muntada.consultation.opinion.rules import require_rows
from muntada.consultation.statements.models import OpinionMap
from muntada.foundations.storage import refused_when_full, temporary_folder


def archive_of(kept: OpinionMap) -> "File[Any]":
    """Return the archive of a map, made on the first request."""
    require_rows(kept.call.gives_out, kept.voters)
    stem = f"open-data/{kept.call_id}/{kept.pk}-{mark_of(kept)}"
    before = kept.open_data.name or ""
    if before.startswith(stem) and default_storage.exists(before):
        return default_storage.open(before)
    with refused_when_full(), TemporaryFile(dir=temporary_folder()) as made:
        write_open_data(kept, made, settings.SITE_ADDRESS)
        made.seek(0)
        saved = default_storage.save(f"{stem}.zip", File(made))
    opened = default_storage.open(saved)
    # A concurrent request or a newer map may have been first; this archive is then used once.
    is_kept = OpinionMap.objects.filter(pk=kept.pk, open_data=before).update(open_data=saved)
    gone = before if is_kept else saved
    if gone:
        default_storage.delete(gone)
    return opened


def drop_archives(call: Call) -> None:
    """Delete the archives of earlier maps."""
    maps = OpinionMap.objects.filter(call=call).exclude(open_data="")
    names = list(maps.order_by("pk").values_list("open_data", flat=True))
    maps.update(open_data="")
    for name in names:
        transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]
