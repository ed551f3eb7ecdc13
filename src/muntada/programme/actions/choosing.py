"""Making a selection that was ordered and working it out further. Only a worker loads the solver."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from muntada.forums.models import Forum
from muntada.foundations import live
from muntada.foundations.errors import Refused
from muntada.programme.actions.alone import only_one
from muntada.programme.actions.selections import order_selection, require_material, topic_of
from muntada.programme.actions.watching import watched
from muntada.programme.engine.choosing import Halt, News, choose
from muntada.programme.engine.selection import Problem
from muntada.programme.models import Selection
from muntada.programme.queries.selections import (
    Material,
    another_waits,
    is_being_published,
    material_of,
    stop_is_asked,
)
from muntada.programme.rules.selections import FurtherState, SelectionState, Terms
from muntada.record.rules import Actor

# The most that costs and prices are worked out after the choice is made, in the engine's own seconds.
FURTHER_EFFORT = 600.0
LOCK = "programme.selection"


def choose_and_keep(
    selection: Selection, problem: Problem, inputs: Mapping[str, object], *, further: float
) -> None:
    """Make the selection and keep it as soon as it is made; then go on until all is exact or it is ended."""
    watch = Watch(selection, inputs)
    if stop_is_asked(selection):
        watch.halt.stop()

    def work() -> dict[str, Any]:
        return choose(
            problem,
            seed=selection.seed,
            report=watch.steps.append,
            halt=watch.halt,
            further=further,
            tell=watch.news.append,
        )

    watch.finish(watched(work, look=watch.look, halt=watch.halt))


class Watch:
    """What the engine has told, from its thread, and what of that is kept."""

    def __init__(self, selection: Selection, inputs: Mapping[str, object]) -> None:
        self.selection, self.inputs = selection, inputs
        self.steps: list[str] = []
        self.news: list[News] = []
        self.halt = Halt()
        self.told = self.kept = 0
        self.ended: FurtherState | None = None

    def look(self) -> bool:
        """Keep what is new; say whether an end is asked for."""
        if len(self.news) > self.kept:
            self.kept = len(self.news)
            self._keep(self.news[-1].result, self._further(FurtherState.GOING_ON))
        elif len(self.steps) > self.told:
            self.told = len(self.steps)
            rows = Selection.objects.filter(pk=self.selection.pk)
            rows.update(progress={"step": self.steps[-1]})
            live.announce(topic_of(self.selection))
        if self.ended is None:
            self.ended = self._asked_end()
        return self.ended is not None

    def _asked_end(self) -> FurtherState | None:
        if stop_is_asked(self.selection):
            return FurtherState.STOPPED
        if self.news and is_being_published(self.selection):
            return FurtherState.PUBLISHED
        if self.news and another_waits(self.selection):
            return FurtherState.MADE_ROOM
        return None

    def finish(self, result: dict[str, Any]) -> None:
        if not self.news:
            self._keep(result, {})
            return
        last = FurtherState.EXACT if self.news[-1].is_complete else FurtherState.ENOUGH
        state = last if last is FurtherState.EXACT or self.ended is None else self.ended
        self._keep(result, self._further(state))

    def _further(self, state: FurtherState) -> dict[str, object]:
        return {**self.news[-1].advance, "state": state.value}

    def _keep(self, result: dict[str, Any], further: Mapping[str, object]) -> None:
        """Store it, unless its decisions are being published: what is published rests on what was there."""
        with transaction.atomic():
            kept = Selection.objects.select_for_update(no_key=True).get(pk=self.selection.pk)
            if kept.state == SelectionState.READY and is_being_published(kept):
                kept.further = kept.further | {"state": FurtherState.PUBLISHED.value}
            else:
                kept.result, kept.inputs, kept.further = result, dict(self.inputs), dict(further)
                kept.state = SelectionState.READY
            kept.save(update_fields=["result", "inputs", "further", "state"])
            live.announce(topic_of(self.selection))


def make_selection(
    *,
    forum: Forum,
    actor: Actor,
    now: datetime,
    seed: int = 1,
    terms: Terms,
    further: float = FURTHER_EFFORT,
) -> Selection:
    """Make a selection and wait for it, and for what is worked out further."""
    ordered = order_selection(forum=forum, actor=actor, now=now, seed=seed, terms=terms)
    return run_selection(selection=ordered, further=further)


def run_selection(*, selection: Selection, further: float = FURTHER_EFFORT) -> Selection:
    """Make the selection that was ordered. Started twice it is made once; left half-way it can start anew.

    It is ready when the choice is made; what is said of costs and prices is worked out `further` then.
    """
    with only_one(LOCK, selection.pk) as is_mine:
        selection.refresh_from_db()
        if not is_mine or selection.state == SelectionState.READY:
            if is_mine and selection.further.get("state") == FurtherState.GOING_ON:
                _break_off(selection)
            return selection
        selection.state = SelectionState.MAKING
        selection.save(update_fields=["state"])
        try:
            material = material_of(selection.forum, selection.terms)
            problem = require_material(material, selection.terms)
            choose_and_keep(selection, problem, _inputs(material), further=further)
        except Refused as refusal:
            # What it was ordered from has changed meanwhile: who waits for it reads why.
            Selection.objects.filter(pk=selection.pk).update(
                state=SelectionState.FAILED, progress={"refused": str(refusal)}
            )
        except BaseException:
            unmade = Selection.objects.filter(pk=selection.pk).exclude(state=SelectionState.READY)
            if not unmade.update(state=SelectionState.FAILED):
                _break_off(selection)
            raise
        finally:
            live.announce(topic_of(selection))
        selection.refresh_from_db()
    return selection


def _break_off(selection: Selection) -> None:
    """Note that nobody works out costs and prices any more; what was kept of them holds."""
    selection.refresh_from_db()
    selection.further = selection.further | {"state": FurtherState.BROKEN_OFF.value}
    selection.save(update_fields=["further"])


def _inputs(material: Material) -> dict[str, object]:
    """Keep what was chosen from, so that anybody can see later what has changed since."""
    return {
        "requests": [
            [one.symbol, material.scores[one.symbol], material.stamps.get(one.symbol, "")]
            for one in material.requests
        ],
        "marked": material.marked,
        "places": material.supply.free,
        "minutes": material.supply.free_minutes,
        "demand": dict(material.demand),
        "pins": {pin.symbol: pin.is_in for pin in material.pins},
    }
