"""Run the theme analysis, and decide on its suggestions."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.contributions.rules.contributions import require_author
from muntada.consultation.themes.actions.themes import add_to_theme, assign_passages, raise_theme
from muntada.consultation.themes.adapter import SEED, ThemeReading, find_matters
from muntada.consultation.themes.models import Theme, ThemeRun, ThemeSuggestion
from muntada.consultation.themes.rules import (
    STEP_WORDS,
    ContributionPart,
    FoundMatter,
    SuggestedPassage,
    SuggestionState,
    ThemeText,
    is_known,
)
from muntada.consultation.themes.task_types import suggest_themes
from muntada.forums.models import Forum, Goal, Line
from muntada.forums.rules.roles import ANY_ROLE, require_role
from muntada.foundations.errors import Refused
from muntada.foundations.jobs.actions import JobOrder, order
from muntada.foundations.jobs.queries import active_job
from muntada.foundations.jobs.running import Run
from muntada.foundations.stored import as_stored
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, Actor


def order_run(*, forum: Forum, actor: Actor, now: datetime, seed: int = SEED) -> ThemeRun:
    """Order an analysis of all public texts; only one runs at a time."""
    require_role(actor, ANSWERING_ROLES, forum.pk)
    key = f"consultation.themes:{forum.pk}"
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        under_way = active_job(key)
        if under_way is not None:
            return ThemeRun.objects.get(job=under_way)
        new = JobOrder(
            forum_id=forum.pk,
            key=key,
            about=gettext("All texts"),
            back=f"/{forum.slug}/consultation/themes/suggestions",
            actor=actor,
            now=now,
        )
        run = ThemeRun.objects.create(forum=forum, seed=seed, job=order(suggest_themes, new))
        record.write(forum_id=forum.pk, actor=actor, verb="order_theme_run", change={"seed": seed}, now=now)
    return run


def read_texts(run: Run) -> None:
    """Analyse the texts and store the result."""
    ordered = ThemeRun.objects.select_related("forum").get(job=run.job)
    public = Contribution.objects.filter(
        call__forum=ordered.forum, withdrawn_at=None, consent_to_publish=True
    )
    contributions = list(public.select_related("question_set").order_by("pk"))

    def tell(share: float, step: str) -> None:
        run.tell(share, str(STEP_WORDS.get(step, "")))

    store_reading(run=run, ordered=ordered, reading=find_matters(contributions, tell=tell, seed=ordered.seed))


def store_reading(*, run: Run, ordered: ThemeRun, reading: ThemeReading) -> list[ThemeSuggestion]:
    """Store new suggestions in place of open ones; decisions are kept."""
    now = run.clock()
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=ordered.forum_id)
        run.end(result_at=run.job.back)
        ThemeSuggestion.objects.filter(forum=ordered.forum, state=SuggestionState.OPEN).delete()
        before = _known_matters(ordered.forum)
        kept = [
            _stored(ordered, matter, now)
            for matter in reading.matters
            if not is_known(matter.contributions, before)
        ]
        counts = as_stored(replace(reading.counts, suggested=len(kept)))
        ThemeRun.objects.filter(pk=ordered.pk).update(settings=reading.settings, counts=counts)
        record.write(
            forum_id=ordered.forum_id,
            actor=SYSTEM,
            verb="suggest_themes",
            change={"run": ordered.pk, "seed": ordered.seed, "counts": counts},
            now=now,
        )
    return kept


def _stored(ordered: ThemeRun, matter: FoundMatter, now: datetime) -> ThemeSuggestion:
    suggestion = ThemeSuggestion.objects.create(
        forum=ordered.forum,
        run=ordered,
        keywords={language: list(words) for language, words in matter.keywords.items()},
        passages=[
            as_stored(
                SuggestedPassage(one.contribution, one.part.text, one.part.question, one.words, one.score)
            )
            for one in matter.parts
        ],
        made_at=now,
    )
    suggestion.contributions.set(matter.contributions)
    return suggestion


def _known_matters(forum: Forum) -> list[set[int]]:
    """Return contributions already grouped, in a theme or a dismissed suggestion."""
    themes = Theme.objects.filter(forum=forum).prefetch_related("contributions")
    left = ThemeSuggestion.objects.filter(forum=forum, state=SuggestionState.LEFT)
    together = [{one.pk for one in theme.contributions.all()} for theme in themes]
    left = left.prefetch_related("contributions")
    together += [{one.pk for one in suggestion.contributions.all()} for suggestion in left]
    return together


def take_as_theme(
    *,
    suggestion: ThemeSuggestion,
    matter: ThemeText,
    places: Sequence[int],
    actor: Actor,
    now: datetime,
) -> Theme:
    """Create a theme from a suggestion with the chosen passages."""
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
        )
        _take(kept, theme, chosen, actor, now)
    return theme


def add_suggestion_to_theme(
    *, suggestion: ThemeSuggestion, theme: Theme, places: Sequence[int], actor: Actor, now: datetime
) -> None:
    """Add a suggestion to an existing theme."""
    require_role(actor, ANSWERING_ROLES, suggestion.forum_id)
    with transaction.atomic():
        kept = _open(suggestion)
        chosen = _chosen(kept, places)
        add_to_theme(theme=theme, contributions=[one for one, _ in chosen], actor=actor, now=now)
        _take(kept, theme, chosen, actor, now)


def leave_suggestion(*, suggestion: ThemeSuggestion, actor: Actor, now: datetime) -> None:
    """Dismiss a suggestion; it is not made again."""
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
    """Lock a suggestion; refuse one already decided or replaced."""
    kept = (
        ThemeSuggestion.objects.select_for_update(of=("self",), no_key=True).filter(pk=suggestion.pk).first()
    )
    if kept is None or kept.state != SuggestionState.OPEN:
        sentence = gettext("Somebody has decided on this suggestion already. Please look at the list again.")
        raise Refused(sentence, "suggestion-decided")
    return kept


def _chosen(
    suggestion: ThemeSuggestion, places: Sequence[int]
) -> list[tuple[Contribution, list[ContributionPart]]]:
    """Return the chosen passages by contribution, without withdrawn ones."""
    by_contribution: dict[int, list[ContributionPart]] = {}
    for place, one in enumerate(suggestion.suggested_passages):
        if place in places:
            by_contribution.setdefault(one.contribution, []).append(one.part)
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
    chosen: Sequence[tuple[Contribution, list[ContributionPart]]],
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
    """Add lines and goals to a contribution, as its author or replier; none is removed.

    `words` says for which text they were suggested, as `words_of` does.
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
    """Return a digest of the text of a contribution."""
    words = (contribution.language, contribution.title, contribution.whole_text)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]
