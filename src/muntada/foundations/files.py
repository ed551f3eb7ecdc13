"""Uploaded files: limited in size and type; the type is determined from the content."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

from muntada.foundations.bounded import UPLOAD, read_file
from muntada.foundations.errors import Refused
from muntada.foundations.extracts import DOCX, ODT, PDF, ExtractState, read_words

MEGABYTE = 1_000_000
LIMIT_BYTES = 10 * MEGABYTE

PNG = "image/png"
JPEG = "image/jpeg"
# The format of Word documents before 2007, also used for password-protected ones.
LOCKED_OR_OLD = b"\xd0\xcf\x11\xe0"
MEDIA_TYPES = {PDF: "PDF", DOCX: "DOCX", ODT: "ODT", PNG: "PNG", JPEG: "JPEG"}


@dataclass(frozen=True)
class CheckedFile:
    """A file that passed: cleaned name, type by content, and digest."""

    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes


def check_upload(upload: UploadedFile, limit: int = LIMIT_BYTES) -> CheckedFile:  # type: ignore[type-arg]
    """Read an upload; refuse a file that is too large, empty or of a type that is not allowed."""
    size = upload.size or 0
    if size > limit:
        sentence = gettext("This file is larger than %(limit)s MB. Please send a smaller one.")
        raise Refused(sentence % {"limit": limit // MEGABYTE}, "file-too-large", "attachment")
    if size == 0:
        raise Refused(gettext("This file is empty. Please choose another one."), "file-empty", "attachment")
    content = upload.read()
    media_type = media_type_of(content)
    if content.startswith(LOCKED_OR_OLD):
        sentence = gettext(
            "This document is protected by a password or was made by an old program. "
            "Please save it without a password as DOCX or PDF and send it again."
        )
        raise Refused(sentence, "file-locked", "attachment")
    if media_type is None:
        sentence = gettext("This kind of file is not accepted. Please send %(kinds)s.")
        raise Refused(sentence % {"kinds": ", ".join(MEDIA_TYPES.values())}, "file-kind", "attachment")
    _require_readable(content, media_type)
    return CheckedFile(
        name=clean_name(upload.name or "file", MEDIA_TYPES[media_type].lower()),
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )


def _require_readable(content: bytes, media_type: str) -> None:
    """Refuse a document that does not open. Only the first page is read; a worker reads the rest."""
    found = read_words(content, media_type, pages=1, bounds=UPLOAD, field="attachment").found
    if found is ExtractState.LOCKED:
        sentence = gettext(
            "This file is protected by a password, so nobody could read it. "
            "Please save it without one and send it again."
        )
        raise Refused(sentence, "file-locked", "attachment")
    if found is ExtractState.FAILED:
        sentence = gettext("This file is damaged and cannot be read. Please save it anew and send it again.")
        raise Refused(sentence, "file-broken", "attachment")


def media_type_of(content: bytes) -> str | None:
    """Return the media type by content, if accepted; refuse a damaged file."""
    for mark, media_type in ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG)):
        if content.startswith(mark):
            return media_type
    if not content.startswith(b"PK\x03\x04"):
        return None
    (kind,) = read_file("muntada.parsers.documents:kind", content, bounds=UPLOAD, field="attachment")
    return str(kind) if kind else None


def clean_name(name: str, extension: str) -> str:
    """Return a name safe to store and offer, with the extension of its true type."""
    stem = re.sub(r"[^\w\- ]+", "_", PurePath(name.replace("\\", "/")).stem).strip(" _")[:80]
    return f"{stem or 'file'}.{'jpg' if extension == 'jpeg' else extension}"
