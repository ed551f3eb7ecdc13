"""The stages of a forum, and when they are open. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused
from muntada.foundations.languages import day_of


class Stage(StrEnum):
    """The six stages in order."""

    EVIDENCE = "evidence"
    CONSULTATION = "consultation"
    PROGRAMME = "programme"
    MEETING = "meeting"
    REVIEW = "review"
    OUTCOME = "outcome"


STAGE_NAMES: Mapping[Stage, Promise] = {
    Stage.EVIDENCE: _("Evidence"),
    Stage.CONSULTATION: _("Consultation"),
    Stage.PROGRAMME: _("Programme"),
    Stage.MEETING: _("Meeting"),
    Stage.REVIEW: _("Review"),
    Stage.OUTCOME: _("Outcome"),
}


class StageState(StrEnum):
    """The state of a stage at a moment."""

    NONE = "none"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Window:
    """A period in which a stage is open: inclusive start, exclusive end (None: open-ended)."""

    opens_at: datetime
    closes_at: datetime | None

    @property
    def last_moment(self) -> datetime | None:
        """Return the last minute of the period, as shown to people."""
        return self.closes_at - timedelta(minutes=1) if self.closes_at else None

    def state(self, now: datetime) -> StageState:
        if now < self.opens_at:
            return StageState.UPCOMING
        return StageState.OPEN if self.closes_at is None or now < self.closes_at else StageState.CLOSED


def state_of(windows: Iterable[Window], now: datetime) -> StageState:
    """Return the state of a stage: open if any window is, else upcoming if any is, else closed."""
    states = {window.state(now) for window in windows}
    return next(
        (state for state in (StageState.OPEN, StageState.UPCOMING, StageState.CLOSED) if state in states),
        StageState.NONE,
    )


def open_window(windows: Iterable[Window], now: datetime) -> Window | None:
    """Return the open window that closes last."""
    opened = [window for window in windows if window.state(now) is StageState.OPEN]
    endless = next((window for window in opened if window.closes_at is None), None)
    return endless or max(opened, key=lambda window: window.closes_at or now, default=None)


def next_opening(windows: Iterable[Window], now: datetime) -> datetime | None:
    return min((window.opens_at for window in windows if window.opens_at > now), default=None)


def require_open(stage: Stage, windows: Sequence[Window], now: datetime) -> None:
    """Refuse an action outside the stage's windows, with the date it opens."""
    if open_window(windows, now):
        return
    opening = next_opening(windows, now)
    if opening:
        sentence = gettext("%(stage)s is not open yet. It opens on %(date)s; please come back then.")
        params = {"stage": STAGE_NAMES[stage], "date": day_of(opening)}
    else:
        sentence = gettext(
            "%(stage)s is closed. Everything said is kept and can be read; "
            "please write to the secretariat if something is missing."
        )
        params = {"stage": STAGE_NAMES[stage]}
    raise Refused(sentence % params, f"{stage}-not-open")


def may_extend(window: Window, closes_at: datetime) -> bool:
    """An extension must end later."""
    return window.closes_at is not None and closes_at > window.closes_at
