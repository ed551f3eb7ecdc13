"""What the queue does with an import: fetch it, look at it, take it in."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from muntada.evidence.actions.import_looks import look_through
from muntada.evidence.actions.import_takes import sort_out, take_in
from muntada.evidence.actions.imports import topic_of
from muntada.evidence.engine import sources
from muntada.evidence.engine.sources import Part
from muntada.evidence.models import Import, ImportPart
from muntada.evidence.rules.imports import ImportState
from muntada.foundations.errors import Refused
from muntada.foundations.fetching import Fetcher
from muntada.foundations.live import announce

log = logging.getLogger("muntada.evidence")

TELL_EVERY_SECONDS = 0.5
MOST_PAGES = 500

type Clock = Callable[[], datetime]


def carry_out_look(*, one: Import, clock: Clock, fetcher: Fetcher | None = None) -> None:
    """Fetch where there is an address, recognise the source, and say what taking it in would change."""
    with _told(one, clock):
        if one.address and not one.parts.exists():
            _fetch(one, fetcher or Fetcher(), clock)
        first = one.parts.first()
        if first is None:
            raise Refused(gettext("There is nothing in this import."), "import-empty", "file")
        _recognise(one, Part(first.name, bytes(first.content)))
        columns = sources.columns_again(one.header, one.says, one.series)
        if not columns.is_complete:
            sample = sources.sample_of(Part(first.name, bytes(first.content)), one.form)
            tell(one, state=ImportState.COLUMNS, preview={"sample": sample}, ended_at=clock())
            return
        preview = look_through(one, parts_of(one), Teller(one, clock), _rows_about(one))
        tell(one, state=ImportState.LOOKED_AT, preview=preview, progress=1, ended_at=clock())


def carry_out_taking(*, one: Import, clock: Clock) -> None:
    """Take in an import that was confirmed: all of it or nothing."""
    with _told(one, clock):
        found = sort_out(one, parts_of(one), Teller(one, clock))
        now = clock()
        with transaction.atomic():
            take_in(one=one, found=found, now=now)
            one.parts.all().delete()
            tell(one, state=ImportState.DONE, progress=1, ended_at=now)


@contextmanager
def _told(one: Import, clock: Clock) -> Iterator[None]:
    """Say on the page of an import what went wrong, in the language of whoever began it."""
    language = one.begun_by.language if one.begun_by else "en"
    try:
        with translation.override(language):
            yield
    except Refused as refusal:
        tell(one, state=ImportState.REFUSED, sentence=str(refusal), ended_at=clock())
    except Exception:
        log.exception("import %s broke off", one.pk)
        tell(one, state=ImportState.FAILED, ended_at=clock())
        raise


def tell(one: Import, **columns: object) -> None:
    with transaction.atomic():
        Import.objects.filter(pk=one.pk).update(**columns)
        announce(topic_of(one))


def _rows_about(one: Import) -> int:
    """Return about how many lines there are, for the progress alone."""
    return sum(max(part.content.count(b"\n"), part.content.count(b"}") // 3) for part in parts_of(one))


def parts_of(one: Import) -> Iterator[Part]:
    """Give the parts one after the other, so that an answer of many pages takes the memory of one."""
    for part in one.parts.iterator(chunk_size=1):
        yield Part(part.name, bytes(part.content))


def _fetch(one: Import, fetcher: Fetcher, clock: Clock) -> None:
    address: str | None = sources.first_page(one.address)
    pages: list[ImportPart] = []
    size = 0
    while address is not None:
        fetched = fetcher.fetch(address)
        name = PurePosixPath(urlsplit(one.address).path).name or one.name
        part = Part(name[-200:], fetched.content)
        size += len(fetched.content)
        if len(pages) >= MOST_PAGES or size > fetcher.most_bytes:
            raise Refused(
                gettext("The answer has too many pages. Please ask for fewer areas or years."),
                "fetch-too-large",
                "address",
            )
        pages.append(ImportPart(of_import=one, number=len(pages) + 1, name=part.name, content=part.content))
        address = sources.page_after(address, part, len(pages))
        tell(one, told_at=clock())
    ImportPart.objects.bulk_create(pages)


def _recognise(one: Import, first: Part) -> None:
    sight = sources.look(first)
    digest = hashlib.sha256()
    for part in parts_of(one):
        digest.update(part.content)
    one.form, one.header, one.digest = sight.form.value, list(sight.header), digest.hexdigest()
    if not one.says:
        one.says = sources.columns_stored(sight.columns)
        if one.series:
            # Somebody said which indicator this is: what the file says of it is passed over, not mixed in.
            named = (sources.Says.SERIES, sources.Says.SERIES_NAME)
            one.says |= {name: "nothing" for name, word in one.says.items() if word in named}
    one.series = one.series or sight.columns.series
    one.edition = (one.edition or sight.edition)[:80]
    one.save(update_fields=["form", "header", "digest", "says", "series", "edition"])


class Teller:
    """Writes down how far an import is, not more often than somebody could see."""

    def __init__(self, one: Import, clock: Clock) -> None:
        self.one, self.clock = one, clock
        self.told = 0.0

    def __call__(self, share: float) -> None:
        if time.monotonic() - self.told >= TELL_EVERY_SECONDS:
            self.told = time.monotonic()
            tell(self.one, progress=min(share, 1.0), told_at=self.clock())
