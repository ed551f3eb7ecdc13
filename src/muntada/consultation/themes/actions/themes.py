"""Create and edit themes and their passages."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.themes.models import Passage, Theme
from muntada.consultation.themes.rules import (
    ContributionPart,
    ThemeText,
    parts_of,
    require_matter,
    require_named,
)
from muntada.forums.models import Forum
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.languages import in_language
from muntada.record import actions as record
from muntada.record.rules import Actor, Relation, SymbolKind


def raise_theme(
    *,
    forum: Forum,
    matter: ThemeText,
    contributions: Sequence[Contribution],
    actor: Actor,
    now: datetime,
) -> Theme:
    """Create a theme with contributions; a repeated request creates no second one."""
    require_role(actor, ANSWERING_ROLES, forum.pk)
    require_matter(matter)
    require_named(len(contributions))
    description = clean_text(matter.description)
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        before = Theme.objects.filter(
            forum=forum, titles=matter.clean_titles, description=description
        ).first()
        if before is not None:
            add_to_theme(theme=before, contributions=contributions, actor=actor, now=now)
            return before
        symbol = record.give_symbol(
            forum_id=forum.pk,
            kind=SymbolKind.THEME,
            title=in_language(matter.clean_titles, matter.language),
            language=matter.language,
            now=now,
        )
        theme = Theme.objects.create(
            symbol=symbol,
            forum=forum,
            titles=matter.clean_titles,
            description=description,
            language=matter.language,
            raised_at=now,
        )
        record.cite(source=symbol, text=theme.description, now=now, field="description")
        add_to_theme(theme=theme, contributions=contributions, actor=actor, now=now, verb="raise_theme")
    return theme


def edit_theme(*, theme: Theme, matter: ThemeText, actor: Actor, now: datetime) -> None:
    """Edit a theme; its number stays."""
    require_role(actor, ANSWERING_ROLES, theme.forum_id)
    require_matter(matter)
    with transaction.atomic():
        kept = Theme.objects.select_for_update(of=("self",), no_key=True).get(pk=theme.pk)
        kept.titles, kept.language = matter.clean_titles, matter.language
        kept.description, kept.edited_at = clean_text(matter.description), now
        kept.save(update_fields=["titles", "description", "language", "edited_at"])
        title = in_language(kept.titles, kept.language)
        record.retitle(kept.symbol, title=title, language=kept.language)
        record.cite(source=kept.symbol, text=kept.description, now=now, field="description")
        change = {"titles": kept.titles, "description": kept.description}
        _write(kept, "edit_theme", change, actor, now)


def add_to_theme(
    *,
    theme: Theme,
    contributions: Sequence[Contribution],
    actor: Actor,
    now: datetime,
    verb: str = "add_to_theme",
) -> None:
    """Add contributions to a theme; repeated calls change nothing."""
    require_role(actor, ANSWERING_ROLES, theme.forum_id)
    require_named(len(contributions))
    for contribution in contributions:
        _require_fit(theme, contribution)
    with transaction.atomic():
        theme.contributions.add(*contributions)
        said = [one.symbol for one in contributions]
        record.link_all(source=theme.symbol, targets=said, relation=Relation.RAISED_IN, now=now)
        change = {
            "titles": theme.titles,
            "description": theme.description,
            "contributions": [one.symbol.short for one in contributions],
        }
        _write(theme, verb, change, actor, now)


def take_from_theme(*, theme: Theme, contribution: Contribution, actor: Actor, now: datetime) -> None:
    """Remove a contribution from a theme; adding it again undoes that."""
    require_role(actor, ANSWERING_ROLES, theme.forum_id)
    with transaction.atomic():
        if not theme.contributions.filter(pk=contribution.pk).exists():
            return
        theme.contributions.remove(contribution)
        Passage.objects.filter(theme=theme, contribution=contribution, unassigned_at=None).update(
            unassigned_at=now
        )
        record.unlink(source=theme.symbol, target=contribution.symbol, relation=Relation.RAISED_IN)
        _write(theme, "take_from_theme", {"contribution": contribution.symbol.short}, actor, now)


def assign_parts(
    *, theme: Theme, contribution: Contribution, keys: Sequence[str], actor: Actor, now: datetime
) -> list[Passage]:
    """Assign paragraphs of a contribution to a theme; repeated calls change nothing."""
    require_role(actor, ANSWERING_ROLES, theme.forum_id)
    _require_fit(theme, contribution)
    known = {part.key: part for part in said_in_parts(contribution)}
    if not keys:
        raise Refused(
            gettext("Please choose the paragraphs that raise this theme."), "parts-missing", "parts"
        )
    if not known.keys() >= set(keys):
        sentence = gettext("The contribution was changed meanwhile. Please look at its paragraphs again.")
        raise Refused(sentence, "parts-changed", "parts")
    return assign_passages(
        theme=theme,
        contribution=contribution,
        parts=[known[key] for key in dict.fromkeys(keys)],
        actor=actor,
        now=now,
    )


def said_in_parts(contribution: Contribution) -> list[ContributionPart]:
    return parts_of(contribution.text, contribution.answers, contribution.question_set.items)


def assign_passages(
    *,
    theme: Theme,
    contribution: Contribution,
    parts: Sequence[ContributionPart],
    actor: Actor,
    now: datetime,
) -> list[Passage]:
    """Assign passages of a contribution to a theme."""
    require_role(actor, ANSWERING_ROLES, theme.forum_id)
    _require_fit(theme, contribution)
    with transaction.atomic():
        Theme.objects.select_for_update(of=("self",), no_key=True).get(pk=theme.pk)
        if not theme.contributions.filter(pk=contribution.pk).exists():
            add_to_theme(theme=theme, contributions=[contribution], actor=actor, now=now)
        assigned = []
        for part in parts:
            passage, is_new = Passage.objects.get_or_create(
                theme=theme,
                contribution=contribution,
                text=part.text,
                defaults={"question": part.question, "assigned_at": now},
            )
            if is_new or passage.unassigned_at is not None:
                passage.unassigned_at = None
                passage.save(update_fields=["unassigned_at"])
                assigned.append(passage)
        if assigned:
            change = {"contribution": contribution.symbol.short, "parts": [one.text for one in assigned]}
            _write(theme, "assign_passages", change, actor, now)
    return assigned


def unassign_passage(*, passage: Passage, actor: Actor, now: datetime) -> None:
    """Remove a passage from its theme; it can be restored."""
    _set_unassigned(passage, now, "unassign_passage", actor, now)


def reassign_passage(*, passage: Passage, actor: Actor, now: datetime) -> None:
    """Restore a removed passage."""
    _require_fit(passage.theme, passage.contribution)
    with transaction.atomic():
        _set_unassigned(passage, None, "reassign_passage", actor, now)
        if not passage.theme.contributions.filter(pk=passage.contribution_id).exists():
            add_to_theme(theme=passage.theme, contributions=[passage.contribution], actor=actor, now=now)


def _set_unassigned(
    passage: Passage, unassigned_at: datetime | None, verb: str, actor: Actor, now: datetime
) -> None:
    require_role(actor, ANSWERING_ROLES, passage.theme.forum_id)
    with transaction.atomic():
        kept = Passage.objects.select_for_update(of=("self",), no_key=True).get(pk=passage.pk)
        if (kept.unassigned_at is None) == (unassigned_at is None):
            return
        kept.unassigned_at = unassigned_at
        kept.save(update_fields=["unassigned_at"])
        change = {"contribution": kept.contribution.symbol.short, "part": kept.text}
        _write(kept.theme, verb, change, actor, now)


def _require_fit(theme: Theme, contribution: Contribution) -> None:
    if contribution.symbol.forum_id != theme.forum_id or contribution.withdrawn_at is not None:
        sentence = gettext("%(symbol)s cannot be part of this theme: it was withdrawn or is elsewhere.")
        params = {"symbol": contribution.symbol.short}
        raise Refused(sentence % params, "contribution-unfit", "contributions")


def _write(theme: Theme, verb: str, change: Mapping[str, object], actor: Actor, now: datetime) -> None:
    record.write(forum_id=theme.forum_id, actor=actor, verb=verb, symbol=theme.symbol, change=change, now=now)
