"""The jobs of an import: fetch, preview, import."""

import hashlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.imports import adapter
from muntada.evidence.imports.actions.imports import await_columns, await_taking, require_confirmable
from muntada.evidence.imports.actions.previews import look_through
from muntada.evidence.imports.actions.vintages import sort_out, take_in
from muntada.evidence.imports.adapter import SourcePart
from muntada.evidence.indicators.models import Import, ImportPart
from muntada.evidence.indicators.rules.imports import Reached
from muntada.evidence.indicators.rules.observations import IMPORTING_ROLES
from muntada.forums.queries import who_ordered
from muntada.forums.rules.roles import require_role
from muntada.foundations.contents import content_of
from muntada.foundations.errors import Refused
from muntada.foundations.fetching import Fetcher
from muntada.foundations.jobs.running import Run

MOST_PAGES = 500


def carry_out_look(*, run: Run, one: Import, fetcher: Fetcher | None = None) -> None:
    """Fetch the address if there is one, recognize the source, and store the preview."""
    actor = who_ordered(run.job)
    require_role(actor, IMPORTING_ROLES, one.forum_id)
    if one.address and not one.parts.exists():
        _fetch(run, one, fetcher or Fetcher())
    first = next(parts_of(one), None)
    if first is None:
        raise Refused(gettext("There is nothing in this import."), "import-empty", "file")
    _recognise(one, first)
    columns = adapter.columns_again(one.header, one.says, one.series)
    if not columns.is_complete:
        sample = adapter.sample_of(first, one.form)
        with transaction.atomic():
            _end(run, one, Reached.COLUMNS, preview={"sample": sample})
            await_columns(one=one, actor=actor, now=run.clock())
        return
    preview = look_through(one, parts_of(one), run.tell, _rows_about(one))
    with transaction.atomic():
        _end(run, one, Reached.LOOKED_AT, preview=preview)
        await_taking(one=one, actor=actor, now=run.clock())


def carry_out_taking(*, run: Run, one: Import) -> None:
    """Run a confirmed import, completely or not at all."""
    if one.job_id != run.job.pk:
        # Another preview was ordered after the confirmation.
        sentence = gettext("Only an import that was looked at can be taken in. Please reload the page.")
        raise Refused(sentence, "import-state")
    # A confirmation on the job page does not ask about rows left out.
    require_confirmable(one, leaves_out=one.leaves_out)
    found = sort_out(one, parts_of(one), run.tell)
    with transaction.atomic():
        take_in(one=one, found=found, actor=who_ordered(run.job), now=run.clock())
        one.parts.all().delete()
        _end(run, one, Reached.DONE)


def _end(run: Run, one: Import, reached: Reached, **columns: object) -> None:
    with transaction.atomic():
        Import.objects.filter(pk=one.pk).update(reached=reached, **columns)
        one.reached = reached
        run.end(result_at=one.get_absolute_url())


def _rows_about(one: Import) -> int:
    """Estimate the number of lines, for progress only."""
    return sum(max(part.content.count(b"\n"), part.content.count(b"}") // 3) for part in parts_of(one))


def parts_of(one: Import) -> Iterator[SourcePart]:
    """Yield the parts one by one, so that an answer of many pages needs the memory of one."""
    for number, name in one.parts.values_list("pk", "name"):
        yield SourcePart(name, content_of(ImportPart.objects.filter(pk=number)) or b"")


def _fetch(run: Run, one: Import, fetcher: Fetcher) -> None:
    address: str | None = adapter.first_page(one.address)
    pages: list[ImportPart] = []
    size = 0
    while address is not None:
        fetched = fetcher.fetch(address)
        name = PurePosixPath(urlsplit(one.address).path).name or one.name
        part = SourcePart(name[-200:], fetched.content)
        size += len(fetched.content)
        if len(pages) >= MOST_PAGES or size > fetcher.most_bytes:
            raise Refused(
                gettext("The answer has too many pages. Please ask for fewer areas or years."),
                "fetch-too-large",
                "address",
            )
        pages.append(ImportPart(of_import=one, number=len(pages) + 1, name=part.name, content=part.content))
        address = adapter.page_after(address, part, len(pages))
        run.tell(0)
    ImportPart.objects.bulk_create(pages)


def _recognise(one: Import, first: SourcePart) -> None:
    sight = adapter.read_for_preview(first)
    digest = hashlib.sha256()
    for part in parts_of(one):
        digest.update(part.content)
    one.form, one.header, one.digest = sight.form.value, list(sight.header), digest.hexdigest()
    if not one.says:
        one.says = adapter.columns_stored(sight.columns)
        if one.series:
            # The person named the indicator, so the name in the file is ignored.
            named = (adapter.Says.SERIES, adapter.Says.SERIES_NAME)
            one.says |= {name: "nothing" for name, word in one.says.items() if word in named}
    one.series = one.series or sight.columns.series
    one.edition = (one.edition or sight.edition)[:80]
    one.save(update_fields=["form", "header", "digest", "says", "series", "edition"])
