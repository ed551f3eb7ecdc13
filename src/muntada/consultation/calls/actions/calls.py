"""Open and extend calls."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.calls import task_types
from muntada.consultation.calls.models import Call, CallExtension, QuestionSet
from muntada.consultation.calls.queries import call_topic, plan_of
from muntada.consultation.calls.rules.calls import (
    CALLING_ROLES,
    RESERVED_SLUGS,
    CallVotesOpenTo,
    ResultsVisible,
)
from muntada.consultation.calls.rules.dry_run import stands_in_the_way, within_stage
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.forums.models import Forum
from muntada.forums.rules import may_extend
from muntada.forums.rules.reasons import require_reason
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.languages import Translations
from muntada.foundations.live import announce
from muntada.record import actions as record
from muntada.record.rules import Actor


@dataclass(frozen=True)
class CallQuestion:
    """A question in the languages of the forum."""

    code: str
    labels: Translations
    hints: Translations = field(default_factory=dict)
    required: bool = False
    words: int | None = None

    @property
    def item(self) -> dict[str, object]:
        """The question as stored in a question set."""
        return {
            "code": self.code,
            "labels": dict(self.labels),
            "hints": dict(self.hints),
            "required": self.required,
            "words": self.words,
        }


@dataclass(frozen=True)
class NewCall:
    """The data of a new call."""

    slug: str
    titles: Translations
    introductions: Translations
    questions: Sequence[CallQuestion]
    opens_at: datetime
    closes_at: datetime | None
    takes_contributions: bool = True
    votes_open_to: CallVotesOpenTo = CallVotesOpenTo.SIGNED_IN
    results_visible: ResultsVisible = ResultsVisible.ALWAYS
    gives_out: GivesOut = GivesOut.BREAKDOWN
    source: str = ""
    source_url: str = ""
    import_digest: str = ""


def open_call(*, forum: Forum, new: NewCall, actor: Actor, now: datetime) -> Call:
    """Open a call to everybody for a period."""
    require_role(actor, CALLING_ROLES, forum.pk)
    require_free_slug(forum, new.slug)
    with transaction.atomic():
        call = Call.objects.create(
            forum=forum,
            slug=new.slug,
            titles=dict(new.titles),
            introductions=dict(new.introductions),
            opens_at=new.opens_at,
            closes_at=new.closes_at,
            takes_contributions=new.takes_contributions,
            votes_open_to=new.votes_open_to,
            results_visible=new.results_visible,
            gives_out=new.gives_out,
            source=new.source,
            source_url=new.source_url,
            import_digest=new.import_digest,
            prepared_at=now,
            opened_at=now,
        )
        items = [one.item for one in new.questions]
        QuestionSet.objects.create(call=call, version=1, items=items, made_at=now)
        record.write(
            forum_id=forum.pk,
            actor=actor,
            verb="open_call",
            change={
                "slug": new.slug,
                "titles": dict(new.titles),
                "questions": items,
                "opens_at": new.opens_at,
                "closes_at": new.closes_at,
                "gives_out": new.gives_out,
            },
            now=now,
        )
    return call


def extend_call(
    *, call: Call, closes_at: datetime, reason: str, actor: Actor, now: datetime
) -> CallExtension:
    """Extend a call. The former date stays in the record as an event."""
    require_role(actor, CALLING_ROLES, call.forum_id)
    require_reason(reason)
    why = clean_text(reason)
    with transaction.atomic():
        kept = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        if kept.opened_at is None:
            sentence = gettext("This call is not public yet. Please change its end instead of extending it.")
            raise Refused(sentence, "call-prepared")
        if kept.closes_at is None or not may_extend(kept.window, closes_at):
            sentence = gettext(
                "An extension has to end later than the call does now. Please choose a later date."
            )
            raise Refused(sentence, "extension-not-later", "closes_at")
        if closes_at <= now:
            sentence = gettext("This moment is over. Please choose a later date.")
            raise Refused(sentence, "extension-in-the-past", "closes_at")
        _require_within_stage(kept, closes_at)
        extension = CallExtension.objects.create(
            call=kept,
            closed_at=kept.closes_at,
            closes_at=closes_at,
            reason=why,
            decided_at=now,
        )
        kept.closes_at = closes_at
        kept.save(update_fields=["closes_at"])
        record.write(
            forum_id=kept.forum_id,
            actor=actor,
            verb="extend_call",
            change={"call": kept.slug, "closes_at": closes_at, "reason": why},
            now=now,
        )
        task_types.announce_extension.order(extension_id=extension.pk)
        announce(call_topic(kept))
    return extension


def _require_within_stage(call: Call, closes_at: datetime) -> None:
    """Refuse an end after the stage closes, with the sentence of the dry run."""
    points = within_stage(replace(plan_of(call), closes_at=closes_at))
    if in_the_way := stands_in_the_way(list(points)):
        sentence = " ".join(point.sentence for point in in_the_way)
        raise Refused(sentence, "extension-beyond-stage", "closes_at")


def require_free_slug(forum: Forum, slug: str) -> None:
    """Refuse an address that is taken or reserved."""
    if slug in RESERVED_SLUGS or Call.objects.filter(forum=forum, slug=slug).exists():
        sentence = gettext("“%(slug)s” is taken as an address in this forum. Please choose another one.")
        raise Refused(sentence % {"slug": slug}, "call-address-taken", "slug")
