"""Prepare and publish request forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.foundations.languages import Translations
from muntada.programme.requests.models.request_forms import FormVersion
from muntada.programme.requests.rules.request_forms import (
    FormTerms,
    require_kind,
    require_prepared,
    require_terms,
)
from muntada.record import actions as record
from muntada.record.rules import Actor


@dataclass(frozen=True)
class FormPlan:
    """The content of a form."""

    texts: Translations
    wishes: Mapping[str, str]
    questions: Sequence[CallQuestion]
    lengths: Sequence[int]
    fewest_speakers: int
    most_speakers: int

    @property
    def terms(self) -> FormTerms:
        return FormTerms(
            self.wishes,
            [question.item for question in self.questions],
            self.lengths,
            self.fewest_speakers,
            self.most_speakers,
        )


def prepare_form(*, forum: Forum, kind: str, plan: FormPlan, actor: Actor, now: datetime) -> FormVersion:
    """Create the next version of a form, unused until published."""
    require_role(actor, SECRETARIAT, forum.pk)
    require_kind(kind)
    require_terms(plan.terms)
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        form = FormVersion.objects.filter(forum=forum, kind=kind, published_at=None).first()
        if form is None:
            last = FormVersion.objects.filter(forum=forum, kind=kind).order_by("-version").first()
            form = FormVersion(forum=forum, kind=kind, version=last.version + 1 if last else 1)
        form.texts, form.wishes = dict(plan.texts), dict(plan.wishes)
        form.items = list(plan.terms.items)
        form.lengths = sorted(set(plan.lengths))
        form.fewest_speakers, form.most_speakers = plan.fewest_speakers, plan.most_speakers
        form.made_at = now
        form.save()
        _write(form, "prepare_request_form", actor, now)
    return form


def publish_form(*, form: FormVersion, actor: Actor, now: datetime) -> FormVersion:
    """Publish a form. It is then immutable; requests keep the version they answered."""
    require_role(actor, SECRETARIAT, form.forum_id)
    with transaction.atomic():
        kept = FormVersion.objects.select_for_update(no_key=True).filter(pk=form.pk).first()
        if kept is None:
            raise Refused(gettext("This version was dropped. Please prepare a new one."), "form-dropped")
        require_prepared(is_published=kept.published_at is not None)
        kept.published_at = now
        kept.save(update_fields=["published_at"])
        _write(kept, "publish_request_form", actor, now)
    return kept


def drop_form(*, form: FormVersion, actor: Actor, now: datetime) -> None:
    """Delete an unpublished version."""
    require_role(actor, SECRETARIAT, form.forum_id)
    with transaction.atomic():
        kept = FormVersion.objects.select_for_update(no_key=True).filter(pk=form.pk).first()
        if kept is None:
            return
        require_prepared(is_published=kept.published_at is not None)
        _write(kept, "drop_request_form", actor, now)
        kept.delete()


def _write(form: FormVersion, verb: str, actor: Actor, now: datetime) -> None:
    change: dict[str, object] = {
        "kind": form.kind,
        "version": form.version,
        "wishes": form.wishes,
        "questions": form.items,
        "lengths": form.lengths,
        "speakers": [form.fewest_speakers, form.most_speakers],
        "texts": form.texts,
    }
    record.write(forum_id=form.forum_id, actor=actor, verb=verb, change=change, now=now)
