"""Keep the fields of a multipart form separate from its files."""

import io
import re

_BOUNDARY = re.compile(r'multipart/form-data;.*?boundary="?([^";]+)', re.IGNORECASE)
_FILE = re.compile(rb";\s*filename\*?=", re.IGNORECASE)
_END_OF_HEADERS = b"\r\n\r\n"


class FieldsOnly:
    """Parses a `multipart/form-data` body piece by piece and keeps everything but the files.

    For another content type, or if the fields exceed `most_bytes`, it keeps nothing.
    """

    def __init__(self, content_type: str, most_bytes: int) -> None:
        found = _BOUNDARY.match(content_type)
        self._delimiter = b"\r\n--" + found[1].strip().encode() if found else b""
        self._left = most_bytes if found else -1
        self._parts: list[bytes] = []
        # The first delimiter has no line before it; anything before it belongs to no field.
        self._rest = b"\r\n"
        self._is_dropped = True

    def feed(self, piece: bytes) -> None:
        if self._left < 0:
            return
        self._rest += piece
        while (end := self._rest.find(self._delimiter)) >= 0:
            self._end_part(self._rest[:end])
            self._rest = self._rest[end + len(self._delimiter) :]
        headers, ended, _ = self._rest.partition(_END_OF_HEADERS)
        self._is_dropped = self._is_dropped or bool(ended and _FILE.search(headers))
        if self._is_dropped:
            # A delimiter may continue in the next piece.
            self._rest = self._rest[1 - len(self._delimiter) :]
        elif len(self._rest) > self._left:
            self._give_up()

    def form(self) -> bytes:
        """Return the form without its files, or nothing."""
        if self._left < 0:
            return b""
        lines = [self._delimiter + part for part in self._parts]
        return b"".join([*lines, self._delimiter, b"--\r\n"])[2:]

    def _end_part(self, part: bytes) -> None:
        if not self._is_dropped and not _FILE.search(part.partition(_END_OF_HEADERS)[0]):
            self._parts.append(part)
            self._left -= len(part)
        self._is_dropped = False

    def _give_up(self) -> None:
        self._left, self._rest = -1, b""
        self._parts.clear()


class WithoutFiles(io.BytesIO):
    """The body of a form whose files could not be stored, and the reason."""

    def __init__(self, form: bytes, fault: OSError) -> None:
        super().__init__(form)
        self.fault = fault
