"""Create, edit and retire reply templates."""

from datetime import datetime

from django.db import transaction

from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.replies.models import ReplyTemplate
from muntada.consultation.replies.rules import TemplateWords, require_template
from muntada.forums.models import Forum
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_text
from muntada.record import actions as record
from muntada.record.rules import Actor


def make_template(*, forum: Forum, words: TemplateWords, actor: Actor, now: datetime) -> ReplyTemplate:
    """Create a template; a repeated request creates no second one."""
    require_role(actor, ANSWERING_ROLES, forum.pk)
    require_template(words, forum.languages)
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        kept, is_new = ReplyTemplate.objects.get_or_create(
            forum=forum, retired_at=None, **_columns(words), defaults={"made_at": now}
        )
        if is_new:
            _write(kept, "make_reply_template", actor, now)
    return kept


def edit_template(*, template: ReplyTemplate, words: TemplateWords, actor: Actor, now: datetime) -> None:
    """Change a template. Replies given before stay."""
    require_role(actor, ANSWERING_ROLES, template.forum_id)
    require_template(words, template.forum.languages)
    with transaction.atomic():
        kept = ReplyTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)
        for name, value in _columns(words).items():
            setattr(kept, name, value)
        kept.save()
        _write(kept, "edit_reply_template", actor, now)


def retire_template(*, template: ReplyTemplate, actor: Actor, now: datetime) -> None:
    """Retire a template; it can be restored."""
    _set_retired(template, now, "retire_reply_template", actor, now)


def bring_back_template(*, template: ReplyTemplate, actor: Actor, now: datetime) -> None:
    """Restore a retired template."""
    _set_retired(template, None, "bring_back_reply_template", actor, now)


def _set_retired(
    template: ReplyTemplate, retired_at: datetime | None, verb: str, actor: Actor, now: datetime
) -> None:
    require_role(actor, ANSWERING_ROLES, template.forum_id)
    with transaction.atomic():
        kept = ReplyTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)
        if (kept.retired_at is None) == (retired_at is None):
            return
        kept.retired_at = retired_at
        kept.save(update_fields=["retired_at"])
        _write(kept, verb, actor, now)


def _columns(words: TemplateWords) -> dict[str, object]:
    titles = {language: title.strip() for language, title in words.titles.items() if title.strip()}
    reasons = {language: clean_text(text) for language, text in words.reasons.items() if clean_text(text)}
    return {"titles": titles, "disposition": words.disposition.value, "reasons": reasons}


def _write(template: ReplyTemplate, verb: str, actor: Actor, now: datetime) -> None:
    record.write(
        forum_id=template.forum_id,
        actor=actor,
        verb=verb,
        change={
            "titles": template.titles,
            "disposition": template.disposition,
            "reasons": template.reasons,
        },
        now=now,
    )
