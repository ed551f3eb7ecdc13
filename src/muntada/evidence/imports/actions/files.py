"""Preview and import a file of any supported format in one step, for the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext, ngettext

from muntada.evidence.imports.actions import imports, runs
from muntada.evidence.imports.actions.imports import NewImport
from muntada.evidence.imports.queries import import_of
from muntada.evidence.indicators.models import Import
from muntada.evidence.indicators.rules.imports import ImportState
from muntada.evidence.indicators.rules.observations import IMPORTING_ROLES
from muntada.forums.models import Forum
from muntada.forums.rules.roles import require_role
from muntada.foundations.errors import Refused
from muntada.foundations.jobs.running import Run, carry_out
from muntada.record.rules import Actor

FAULTS_SAID = 5


@dataclass(frozen=True)
class TakenFile:
    """The result of importing a file."""

    brought: Import
    numbers: int
    series: int

    @property
    def sentence(self) -> str:
        said = ngettext("%(count)s number", "%(count)s numbers", self.numbers) % {"count": self.numbers}
        of = ngettext("%(count)s indicator", "%(count)s indicators", self.series) % {"count": self.series}
        edition = {"numbers": said, "series": of, "edition": self.brought.edition}
        return gettext("%(numbers)s of %(series)s, edition %(edition)s.") % edition


def take_file(
    *,
    path: Path,
    forum: Forum,
    actor: Actor,
    clock: Callable[[], datetime],
    edition: str = "",
    source: str = "",
) -> TakenFile:
    """Import long or wide tables, SDMX, API answers or data packages, completely or not at all."""
    require_role(actor, IMPORTING_ROLES, forum.pk)
    if not path.is_file():
        raise Refused(gettext("There is no file %(name)s.") % {"name": path.name}, "file-missing")
    new = NewImport(name=path.name, content=path.read_bytes(), edition=edition, source=source)
    # In one transaction: a refusal leaves nothing, and no worker interferes.
    with transaction.atomic():
        one = imports.begin_import(forum=forum, new=new, actor=actor, now=clock())
        _require_looked_at(_worked_off(one, runs.carry_out_look, clock))
        imports.order_taking(one=one, leaves_out=False, actor=actor, now=clock(), edition=edition)
        done = _worked_off(one, runs.carry_out_taking, clock)
        if done.state != ImportState.DONE:
            raise Refused(_why(done), "import-refused")
    return TakenFile(done, done.preview["numbers"], len(done.preview["series"]))


def _worked_off(one: Import, action: Callable[..., None], clock: Callable[[], datetime]) -> Import:
    """Run the job just ordered for an import; return its new state."""
    ordered = import_of(one.forum_id, one.pk)
    if ordered.job is not None:

        def work(run: Run, **_: object) -> None:
            action(run=run, one=ordered)

        carry_out(job_id=ordered.job.pk, work=work, clock=clock)
    return import_of(one.forum_id, one.pk)


def _why(one: Import) -> str:
    return one.job.sentence if one.job else ""


def _require_looked_at(one: Import) -> None:
    """Refuse an unreadable file, with reason and lines."""
    if one.state == ImportState.REFUSED:
        raise Refused(_why(one), "import-refused")
    if one.state == ImportState.COLUMNS:
        sentence = gettext(
            "It is not known which columns hold the area, the year and the value. Please name them so, or"
            " bring the file in on the page of imports, where they can be chosen."
        )
        raise Refused(sentence, "columns")
    if one.preview.get("refused"):
        said = (
            gettext("Line %(line)s: %(fault)s")
            % {"line": fault["line"], "fault": gettext(fault["sentence"]) % fault["params"]}
            for fault in one.preview["faults"][:FAULTS_SAID]
        )
        raise Refused("\n".join(said), "rows-refused")
