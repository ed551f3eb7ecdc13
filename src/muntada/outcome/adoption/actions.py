"""Adopt a text."""

from datetime import datetime

from django.db import transaction

from muntada.forums.queries import require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import require_role
from muntada.foundations.live import announce
from muntada.outcome.adoption import queries, rules
from muntada.outcome.texts import queries as texts_queries
from muntada.outcome.texts import rules as texts
from muntada.outcome.texts.actions import log
from muntada.outcome.texts.models import Draft, Paragraph
from muntada.outcome.texts.queries import locked_draft
from muntada.outcome.texts.rules import DraftState, ParagraphState
from muntada.record.rules import Actor


def adopt(*, draft: Draft, actor: Actor, now: datetime) -> None:
    """Adopt the text if every paragraph is agreed; the database then prevents changes."""
    require_role(actor, texts.EDITING_ROLES, draft.forum_id)
    require_open(draft.forum, Stage.OUTCOME, now)
    with transaction.atomic():
        kept = locked_draft(draft)
        rules.require_adoptable(queries.standings_of(kept))
        Paragraph.objects.filter(draft=kept).exclude(state=ParagraphState.DELETED).update(
            state=ParagraphState.AGREED
        )
        kept.state, kept.adopted_at = DraftState.ADOPTED, now
        kept.save(update_fields=["state", "adopted_at"])
        text = [one.text for one in texts_queries.paragraphs_of(kept)]
        log(
            kept.forum,
            symbol=None,
            verb="adopt",
            change={"number": kept.number, "text": text},
            actor=actor,
            now=now,
        )
        announce(f"{kept.forum.slug}-outcome")
