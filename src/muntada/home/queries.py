"""Questions across stages: what is open, what a person has to do, what holds these words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from muntada.forums.models import Forum, Milestone, StageWindow
from muntada.forums.rules import STAGE_NAMES, Stage, State
from muntada.people.models import NameWithdrawal
from muntada.programme.models import SessionPerson
from muntada.record.engine import Piece, condition_of, excerpt, wanted
from muntada.record.models import LogEntry, Symbol
from muntada.record.queries import found_by, symbols_of
from muntada.record.rules import KIND_NAMES, Kind


@dataclass(frozen=True)
class OpenWindow:
    """Something one can do now, until when, and where."""

    label: str
    stage: str
    stage_name: str
    url: str
    closes_at: datetime | None
    was_extended: bool
    is_invented: bool


@dataclass(frozen=True)
class KindCount:
    """How many things of a kind a forum has."""

    kind: str
    name: str
    count: int


def open_windows(forum: Forum, now: datetime) -> list[OpenWindow]:
    """Return what is open now, what closes first standing first."""
    rows = StageWindow.objects.filter(forum=forum).prefetch_related("extensions")
    opened = [row for row in rows if row.window.state(now) is State.OPEN]
    opened.sort(key=lambda row: (row.closes_at is None, row.closes_at or now))
    return [
        OpenWindow(
            label=row.label_here,
            stage=row.stage,
            stage_name=str(STAGE_NAMES[Stage(row.stage)]),
            url=f"/{forum.slug}/{row.stage}",
            closes_at=row.closes_at,
            was_extended=bool(row.extensions.all()),
            is_invented=row.is_invented,
        )
        for row in opened
    ]


def timeline_of(forum: Forum) -> list[StageWindow]:
    return list(StageWindow.objects.filter(forum=forum).prefetch_related("extensions"))


def milestones_of(forum: Forum) -> list[Milestone]:
    return list(Milestone.objects.filter(forum=forum))


def counts_of(forum: Forum) -> list[KindCount]:
    """Return how much of each kind the record of a forum holds."""
    standing = Symbol.objects.filter(forum=forum, withdrawn_at=None).order_by()
    counts = dict(standing.values_list("kind").annotate(Count("pk")))
    return [
        KindCount(kind.value, str(KIND_NAMES[kind]), counts[kind.value])
        for kind in Kind
        if kind.value in counts
    ]


@dataclass(frozen=True)
class Find:
    """A thing that was found, and where in its text."""

    symbol: Symbol
    kind_name: str
    excerpt: tuple[Piece, ...]


def found(forum: Forum, words: str, kind: str = "") -> QuerySet[Symbol]:
    """Find things by the words of their title and text, in any language."""
    if words:
        shown = found_by(forum.pk, words, condition_of(wanted(words)))
    else:
        listed = symbols_of(forum.pk).select_related("found_by")
        shown = listed.filter(is_public=True, withdrawn_at=None).order_by("kind", "number")
    return shown.filter(kind=kind) if kind in set(Kind) else shown


def finds(symbols: Iterable[Symbol], words: str) -> list[Find]:
    """Show for each thing found the place in its text."""
    looked_for = wanted(words)
    return [
        Find(
            symbol,
            str(KIND_NAMES[Kind(symbol.kind)]),
            tuple(excerpt(symbol.found_by.text, symbol.language, looked_for)),
        )
        for symbol in symbols
    ]


def names_asked(forum: Forum) -> list[NameWithdrawal]:
    """Return who asked that their name be withdrawn and did something, or stands, in this forum."""
    did = LogEntry.objects.filter(forum=forum, person__isnull=False).values("person")
    stands = SessionPerson.objects.filter(session__forum=forum, person__isnull=False).values("person")
    found = NameWithdrawal.objects.filter(done_at=None).filter(
        Q(person__in=did) | Q(person__in=stands) | Q(person__roles__forum=forum)
    )
    return list(found.select_related("person").distinct())
