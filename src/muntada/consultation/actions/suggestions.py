"""Having the engine read all texts, and deciding on each matter it suggests."""

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.actions import task_types
from muntada.consultation.actions.themes import add_to_theme, assign_passages, raise_theme
from muntada.consultation.engine.themes import SEED, Reading, find_matters
from muntada.consultation.models import Contribution, Theme, ThemeRun, ThemeSuggestion
from muntada.consultation.rules.calls import ANSWERING_ROLES
from muntada.consultation.rules.contributions import require_author
from muntada.consultation.rules.themes import Matter, Part, RunState, SuggestionState, is_known, is_stale
from muntada.forums.models import Forum, Goal, Line
from muntada.forums.rules.roles import ANY_ROLE, require_role
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, Actor

log = logging.getLogger("muntada.consultation")

TELL_EVERY_SECONDS = 0.5

type Clock = Callable[[], datetime]


def run_topic(forum: Forum) -> str:
    """Return the topic on which the page of the suggestions listens."""
    return f"{forum.slug}-themes"


def order_run(*, forum: Forum, actor: Actor, now: datetime, seed: int = SEED) -> ThemeRun:
    """Have all public texts of a forum read in the queue. One reading at a time; asked twice is once."""
    require_role(actor, ANSWERING_ROLES, forum.pk)
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        under_way = ThemeRun.objects.filter(
            forum=forum, state__in=[RunState.WAITING, RunState.RUNNING]
        ).first()
        if under_way is not None:
            if not is_stale(under_way.told_at or under_way.ordered_at, now):
                return under_way
            # Broken off, as when the machine was switched off; the next one begins anew.
            under_way.state, under_way.ended_at = RunState.FAILED, now
            under_way.save(update_fields=["state", "ended_at"])
        run = ThemeRun.objects.create(forum=forum, seed=seed, ordered_at=now)
        record.write(forum_id=forum.pk, actor=actor, verb="order_theme_run", change={"seed": seed}, now=now)
        task_types.suggest_themes.order(run_id=run.pk)
        announce(run_topic(forum))
    return run


def carry_out_run(*, run: ThemeRun, clock: Clock) -> None:
    """Read the texts and keep what was found; a reading that fails says so and can be ordered anew.

    One whose worker was killed is begun anew by the next one. What was given up or begun anew meanwhile
    keeps nothing of what an earlier worker still finds.
    """
    if not _begin(run, clock()):
        return
    try:
        public = Contribution.objects.filter(
            call__forum=run.forum, withdrawn_at=None, consent_to_publish=True
        )
        contributions = list(public.select_related("question_set").order_by("pk"))
        reading = find_matters(contributions, tell=_Teller(run, clock), seed=run.seed)
        keep_reading(run=run, reading=reading, now=clock())
    except Overtaken:
        log.warning("reading %s of the texts was given up or begun anew; nothing of this one is kept", run.pk)
    except Exception:
        log.exception("reading %s of the texts broke off", run.pk)
        _tell(run, state=RunState.FAILED, ended_at=clock())
        raise


class Overtaken(Exception):
    """A reading goes on although it was given up, or is begun anew by another worker."""


def _begin(run: ThemeRun, now: datetime) -> bool:
    """Take a reading that waits, or that a killed worker left; its number tells the two apart from now on."""
    with transaction.atomic():
        kept = ThemeRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        if kept.state not in {RunState.WAITING, RunState.RUNNING}:
            return False
        kept.state, kept.beginnings, kept.told_at = RunState.RUNNING, kept.beginnings + 1, now
        kept.progress, kept.step = 0.0, ""
        kept.save(update_fields=["state", "beginnings", "told_at", "progress", "step"])
        announce(run_topic(run.forum))
    run.beginnings = kept.beginnings
    return True


class _Teller:
    """Writes down how far a reading is, not more often than somebody could see."""

    def __init__(self, run: ThemeRun, clock: Clock) -> None:
        self.run, self.clock = run, clock
        self.told = 0.0

    def __call__(self, share: float, step: str) -> None:
        if time.monotonic() - self.told >= TELL_EVERY_SECONDS:
            self.told = time.monotonic()
            if not _tell(self.run, progress=max(0.0, min(1.0, share)), step=step, told_at=self.clock()):
                raise Overtaken


def _tell(run: ThemeRun, **columns: object) -> bool:
    """Write down how a reading stands, if it is still this one that goes on."""
    with transaction.atomic():
        mine = ThemeRun.objects.filter(pk=run.pk, state=RunState.RUNNING, beginnings=run.beginnings)
        is_told = mine.update(**columns) > 0
        announce(run_topic(run.forum))
    return is_told


def keep_reading(*, run: ThemeRun, reading: Reading, now: datetime) -> list[ThemeSuggestion]:
    """Store what a reading found in place of the open suggestions before; what was decided on stays."""
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=run.forum_id)
        is_kept = _tell(
            run,
            state=RunState.DONE,
            progress=1.0,
            settings=reading.settings,
            ended_at=now,
        )
        if not is_kept:
            raise Overtaken
        ThemeSuggestion.objects.filter(forum=run.forum, state=SuggestionState.OPEN).delete()
        before = _known_matters(run.forum)
        kept = []
        for matter in reading.matters:
            if is_known(matter.contributions, before):
                continue
            suggestion = ThemeSuggestion.objects.create(
                forum=run.forum,
                run=run,
                keywords={language: list(words) for language, words in matter.keywords.items()},
                passages=[
                    {
                        "contribution": one.contribution,
                        "question": one.part.question,
                        "text": one.part.text,
                        "words": list(one.words),
                        "score": one.score,
                    }
                    for one in matter.parts
                ],
                made_at=now,
            )
            suggestion.contributions.set(matter.contributions)
            kept.append(suggestion)
        ThemeRun.objects.filter(pk=run.pk).update(counts=reading.counts | {"suggested": len(kept)})
        record.write(
            forum_id=run.forum_id,
            actor=SYSTEM,
            verb="suggest_themes",
            change={"run": run.pk, "seed": run.seed, "counts": reading.counts},
            now=now,
        )
    return kept


def _known_matters(forum: Forum) -> list[set[int]]:
    """Return the contributions that stand together already: in a theme, or in what somebody left."""
    themes = Theme.objects.filter(forum=forum).prefetch_related("contributions")
    left = ThemeSuggestion.objects.filter(forum=forum, state=SuggestionState.LEFT)
    together = [{one.pk for one in theme.contributions.all()} for theme in themes]
    left = left.prefetch_related("contributions")
    together += [{one.pk for one in suggestion.contributions.all()} for suggestion in left]
    return together


def take_as_theme(
    *,
    suggestion: ThemeSuggestion,
    matter: Matter,
    places: Sequence[int],
    actor: Actor,
    now: datetime,
    is_invented: bool = False,
) -> Theme:
    """Raise a theme from a suggestion, with the passages somebody chose from it."""
    require_role(actor, ANSWERING_ROLES, suggestion.forum_id)
    with transaction.atomic():
        kept = _open(suggestion)
        chosen = _chosen(kept, places)
        theme = raise_theme(
            forum=kept.forum,
            matter=matter,
            contributions=[contribution for contribution, _ in chosen],
            actor=actor,
            now=now,
            is_invented=is_invented,
        )
        _take(kept, theme, chosen, actor, now)
    return theme


def add_suggestion_to_theme(
    *, suggestion: ThemeSuggestion, theme: Theme, places: Sequence[int], actor: Actor, now: datetime
) -> None:
    """Bring what was suggested into a theme that stands already."""
    require_role(actor, ANSWERING_ROLES, suggestion.forum_id)
    with transaction.atomic():
        kept = _open(suggestion)
        chosen = _chosen(kept, places)
        add_to_theme(theme=theme, contributions=[one for one, _ in chosen], actor=actor, now=now)
        _take(kept, theme, chosen, actor, now)


def leave_suggestion(*, suggestion: ThemeSuggestion, actor: Actor, now: datetime) -> None:
    """Let a suggestion be; the same one is not made again."""
    require_role(actor, ANSWERING_ROLES, suggestion.forum_id)
    with transaction.atomic():
        kept = _open(suggestion)
        kept.state, kept.decided_at = SuggestionState.LEFT, now
        kept.save(update_fields=["state", "decided_at"])
        change = {"suggestion": kept.pk, "keywords": kept.keywords}
        record.write(
            forum_id=kept.forum_id, actor=actor, verb="leave_theme_suggestion", change=change, now=now
        )


def _open(suggestion: ThemeSuggestion) -> ThemeSuggestion:
    """Take a suggestion alone, whoever else looks at it; refuse one that was decided on or replaced."""
    kept = (
        ThemeSuggestion.objects.select_for_update(of=("self",), no_key=True).filter(pk=suggestion.pk).first()
    )
    if kept is None or kept.state != SuggestionState.OPEN:
        sentence = gettext("Somebody has decided on this suggestion already. Please look at the list again.")
        raise Refused(sentence, "suggestion-decided")
    return kept


def _chosen(suggestion: ThemeSuggestion, places: Sequence[int]) -> list[tuple[Contribution, list[Part]]]:
    """Return the chosen passages by contribution; those withdrawn meanwhile are left out."""
    by_contribution: dict[int, list[Part]] = {}
    for place, one in enumerate(suggestion.passages):
        if place in places:
            by_contribution.setdefault(one["contribution"], []).append(Part(one["question"], one["text"]))
    standing = Contribution.objects.filter(pk__in=by_contribution, withdrawn_at=None, consent_to_publish=True)
    found = [
        (contribution, by_contribution[contribution.pk])
        for contribution in standing.select_related("symbol").order_by("symbol__number")
    ]
    if not found:
        sentence = gettext("Please choose the passages that raise this theme.")
        raise Refused(sentence, "passages-missing", "places")
    return found


def _take(
    suggestion: ThemeSuggestion,
    theme: Theme,
    chosen: Sequence[tuple[Contribution, list[Part]]],
    actor: Actor,
    now: datetime,
) -> None:
    for contribution, parts in chosen:
        assign_passages(theme=theme, contribution=contribution, parts=parts, actor=actor, now=now)
    suggestion.state, suggestion.theme, suggestion.decided_at = SuggestionState.TAKEN, theme, now
    suggestion.save(update_fields=["state", "theme", "decided_at"])


def take_lines(
    *,
    contribution: Contribution,
    line_ids: Sequence[int],
    goal_ids: Sequence[int],
    actor: Actor,
    now: datetime,
    words: str | None = None,
) -> None:
    """Add lines and goals to a contribution, by its author or somebody who answers; none is taken away.

    `words` says for which words they were suggested, as `words_of` does.
    """
    require_role(actor, ANY_ROLE, contribution.symbol.forum_id)
    is_author = actor.person_id is not None and actor.person_id == contribution.author_id
    if not is_author and actor != SYSTEM and actor.role not in ANSWERING_ROLES:
        require_author(is_author=False)
    framework = contribution.call.forum.framework_id
    lines = list(Line.objects.filter(pk__in=line_ids, framework=framework))
    goals = list(Goal.objects.filter(pk__in=goal_ids, framework=framework))
    if not lines and not goals:
        sentence = gettext("Please choose the lines and goals that fit.")
        raise Refused(sentence, "lines-missing", "lines")
    with transaction.atomic():
        kept = Contribution.objects.select_for_update(of=("self",), no_key=True).get(pk=contribution.pk)
        if kept.withdrawn_at is not None:
            raise Refused(gettext("This contribution was withdrawn."), "contribution-withdrawn")
        if words is not None and words != words_of(kept):
            sentence = gettext(
                "The text was changed since these lines and goals were suggested. "
                "Please look at the suggestions for the new text."
            )
            raise Refused(sentence, "words-changed", "words")
        kept.lines.add(*lines)
        kept.goals.add(*goals)
        record.write(
            forum_id=contribution.call.forum_id,
            actor=actor,
            verb="take_lines",
            symbol=kept.symbol,
            change={"lines": [one.code for one in lines], "goals": [one.code for one in goals]},
            now=now,
        )


def words_of(contribution: Contribution) -> str:
    """Return by what the words of a contribution can be told from any others."""
    words = (contribution.language, contribution.title, contribution.whole_text)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]
