"""Naming a matter that several contributions raise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.models import Contribution, Theme
from muntada.consultation.rules.calls import ANSWERING_ROLES, require_role
from muntada.consultation.rules.contributions import clean_text
from muntada.forums.models import Forum
from muntada.foundations.errors import Refused
from muntada.foundations.languages import in_language
from muntada.record import actions as record
from muntada.record.rules import Actor, Kind, Relation


@dataclass(frozen=True)
class Matter:
    """What a theme is called in the languages of the forum, and what it is about, in one of them."""

    titles: Mapping[str, str]
    description: str
    language: str


def raise_theme(
    *,
    forum: Forum,
    matter: Matter,
    contributions: Sequence[Contribution],
    actor: Actor,
    now: datetime,
    is_invented: bool = False,
) -> Theme:
    """Bring contributions together under one heading. The same theme raised twice is one."""
    require_role(actor, ANSWERING_ROLES)
    title = in_language(matter.titles, matter.language).strip()
    if not title:
        raise Refused(gettext("Please give the theme a title."), "title-missing", "title")
    if not contributions:
        sentence = gettext("Please choose the contributions that raise this theme.")
        raise Refused(sentence, "contributions-missing", "contributions")
    description = clean_text(matter.description)
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        before = Theme.objects.filter(
            forum=forum, titles=dict(matter.titles), description=description
        ).first()
        if before is not None:
            add_to_theme(theme=before, contributions=contributions, actor=actor, now=now)
            return before
        symbol = record.give_symbol(
            forum_id=forum.pk, kind=Kind.THEME, title=title, language=matter.language, now=now
        )
        theme = Theme.objects.create(
            symbol=symbol,
            forum=forum,
            titles=dict(matter.titles),
            description=description,
            language=matter.language,
            raised_at=now,
            is_invented=is_invented,
        )
        record.cite(source=symbol, text=theme.description, now=now, field="description")
        add_to_theme(theme=theme, contributions=contributions, actor=actor, now=now, verb="raise_theme")
    return theme


def add_to_theme(
    *,
    theme: Theme,
    contributions: Sequence[Contribution],
    actor: Actor,
    now: datetime,
    verb: str = "add_to_theme",
) -> None:
    """Say that contributions raise this theme, too; saying it twice changes nothing."""
    require_role(actor, ANSWERING_ROLES)
    for contribution in contributions:
        if contribution.symbol.forum_id != theme.forum_id or contribution.withdrawn_at is not None:
            sentence = gettext("%(symbol)s cannot be part of this theme: it was withdrawn or is elsewhere.")
            params = {"symbol": contribution.symbol.short}
            raise Refused(sentence % params, "contribution-unfit", "contributions")
    with transaction.atomic():
        theme.contributions.add(*contributions)
        for contribution in contributions:
            record.link(source=theme.symbol, target=contribution.symbol, relation=Relation.RAISED_IN, now=now)
        record.write(
            forum_id=theme.forum_id,
            actor=actor,
            verb=verb,
            symbol=theme.symbol,
            change={
                "titles": theme.titles,
                "description": theme.description,
                "contributions": [one.symbol.short for one in contributions],
            },
            now=now,
        )
