"""Watching a selection being made and worked out further: what is found is kept, and it ends when asked."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from muntada.foundations import live
from muntada.programme.actions.watching import watched
from muntada.programme.engine.selection import Halt, News, Problem, choose
from muntada.programme.models import Selection
from muntada.programme.queries.selections import another_waits, is_being_published, stop_is_asked
from muntada.programme.rules.selections import FurtherState, SelectionState

# The most that costs and prices are worked out after the choice is made, in the engine's own seconds.
FURTHER_EFFORT = 600.0


def topic_of(selection: Selection) -> str:
    """Return the live topic on which the making of a selection is announced."""
    return f"{selection.forum.slug}-selection-{selection.number}"


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
