"""Make a selection, at once or in a job that refines it. Only a worker loads the solver."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, ngettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.jobs.running import Run, Stopped
from muntada.foundations.jobs.threads import in_thread
from muntada.foundations.stored import as_stored
from muntada.programme.selection.actions.selections import require_material, write_selection
from muntada.programme.selection.adapter.solver import HaltSelection, News, choose
from muntada.programme.selection.models import Selection
from muntada.programme.selection.queries import (
    SelectionMaterial,
    another_waits,
    is_being_published,
    material_of,
)
from muntada.programme.selection.rules.inputs import ConsideredRequest, SelectionInputs
from muntada.programme.selection.rules.results import SelectionStatus
from muntada.programme.selection.rules.selections import (
    FURTHER_WORDS,
    STEPS,
    FurtherState,
    SelectionProgress,
    SelectionTerms,
    require_terms,
    share_at,
    share_exact,
)
from muntada.record.rules import Actor

# The maximum effort for refining costs and prices, in deterministic seconds.
FURTHER_EFFORT = 600.0


def make_selection(
    *,
    forum: Forum,
    actor: Actor,
    now: datetime,
    seed: int = 1,
    terms: SelectionTerms,
    further: float = FURTHER_EFFORT,
) -> Selection:
    """Make a selection and wait for it, including the refinement."""
    require_role(actor, SECRETARIAT, forum.pk)
    require_terms(terms)
    material = material_of(forum, terms)
    problem = require_material(material, terms)
    news: list[News] = []
    result = choose(problem, seed=seed, further=further, tell=news.append)
    with transaction.atomic():
        selection = write_selection(forum=forum, actor=actor, now=now, seed=seed, terms=terms)
        selection.result, selection.inputs = result, _inputs(material)
        selection.further = _further(news, _used_up(news)) if news else {}
        selection.save(update_fields=["result", "inputs", "further"])
    # As it is stored: lists, where the engine gives tuples.
    selection.refresh_from_db()
    return selection


def run_selection(*, run: Run, selection: Selection, further: float = FURTHER_EFFORT) -> None:
    """Run an ordered selection: it is available when the choice is made.

    Costs and prices are refined `further` afterwards. If the process dies after the choice was stored,
    it is not repeated.
    """
    if selection.is_made:
        _end(run, selection)
        return
    material = material_of(selection.forum, selection.terms)
    problem = require_material(material, selection.terms)
    watch = SelectionWatch(run, selection, _inputs(material))
    if run.is_stop_wanted:
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

    watch.finish(in_thread(work, look=watch.look, halt=watch.halt))


class SelectionWatch:
    """The reports of the engine's thread, and what is stored of them."""

    def __init__(self, run: Run, selection: Selection, inputs: Mapping[str, object]) -> None:
        self.run, self.selection, self.inputs = run, selection, inputs
        self.steps: list[str] = []
        self.news: list[News] = []
        self.halt = HaltSelection()
        self.told = self.stored = 0
        self.ended: FurtherState | None = None

    def look(self) -> bool:
        """Store new reports; return whether to stop."""
        if self.run.has_ended:
            raise Stopped
        if len(self.news) > self.stored:
            self.stored = len(self.news)
            last = self.news[-1]
            self._store(last.result, _further(self.news, FurtherState.GOING_ON))
            words = str(FURTHER_WORDS[FurtherState.GOING_ON])
            self.run.begin_step(share_exact(last.advance), words)
        elif len(self.steps) > self.told:
            self.told = len(self.steps)
            step = self.steps[-1]
            self.run.begin_step(share_at(step), str(STEPS[step]), as_stored(SelectionProgress(step)))
        if self.ended is None:
            self.ended = self._asked_end()
        return self.ended is not None

    def _asked_end(self) -> FurtherState | None:
        if self.run.is_stop_wanted:
            return FurtherState.STOPPED
        if self.news and is_being_published(self.selection):
            return FurtherState.PUBLISHED
        if self.news and another_waits(self.selection):
            return FurtherState.MADE_ROOM
        return None

    def finish(self, result: dict[str, Any]) -> None:
        """Store what came of it, and end the job with it."""
        further: Mapping[str, object] = {}
        if self.news:
            used_up = _used_up(self.news)
            is_exact = used_up is FurtherState.EXACT
            further = _further(self.news, used_up if is_exact else self.ended or used_up)
        with transaction.atomic():
            _end(self.run, self._store(result, further))

    def _store(self, result: dict[str, Any], further: Mapping[str, object]) -> Selection:
        """Store a result unless its decisions are being published."""
        with transaction.atomic():
            self.run.require_wanted()
            rows = Selection.objects.select_for_update(of=("self",), no_key=True).select_related("forum")
            kept = rows.get(pk=self.selection.pk)
            if kept.is_made and is_being_published(kept):
                kept.further = kept.further | {"state": FurtherState.PUBLISHED.value}
            else:
                kept.result, kept.inputs, kept.further = result, dict(self.inputs), dict(further)
            kept.save(update_fields=["result", "inputs", "further"])
        return kept


def _used_up(news: list[News]) -> FurtherState:
    return FurtherState.EXACT if news[-1].is_complete else FurtherState.ENOUGH


def _further(news: list[News], state: FurtherState) -> dict[str, object]:
    return {**news[-1].advance, "state": state.value}


def _end(run: Run, selection: Selection) -> None:
    """Say in a sentence what came of it."""
    choice = selection.choice
    chosen, score = len(choice.chosen), choice.score
    sentence = ngettext("%(count)s chosen", "%(count)s chosen", chosen) % {"count": chosen}
    if score is None:
        is_open = choice.status is SelectionStatus.UNKNOWN
        sentence = gettext("No choice was found") if is_open else gettext("No choice keeps all rules")
    run.end(sentence=sentence, result_at=selection.get_absolute_url())


def _inputs(material: SelectionMaterial) -> dict[str, Any]:
    """Return the input, so that later changes can be detected."""
    return as_stored(
        SelectionInputs(
            requests=tuple(
                ConsideredRequest(
                    one.symbol, material.scores[one.symbol], material.stamps.get(one.symbol, "")
                )
                for one in material.requests
            ),
            marked=material.marked,
            places=material.supply.free,
            minutes=material.supply.free_minutes,
            demand=dict(material.demand),
            pins={pin.symbol: pin.is_in for pin in material.pins},
        )
    )
