"""Check submitted initiatives: publish them, or send them back with the reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.initiatives import rules, task_types
from muntada.evidence.initiatives.actions.initiatives import held, log
from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.queries.initiatives import words_of
from muntada.evidence.initiatives.rules import READING_ROLES, PublicationState
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.models import Person
from muntada.people.queries import roles_of
from muntada.people.rules import has_role
from muntada.record import actions as record
from muntada.record.rules import Actor


def publish_initiative(*, initiative: Initiative, actor: Actor, now: datetime) -> Initiative:
    """Publish an entry: from now on it is listed, found and cited."""
    require_role(actor, READING_ROLES, initiative.symbol.forum_id)
    with transaction.atomic():
        kept = _to_be_read(initiative, actor)
        rules.require_step(PublicationState(kept.standing), PublicationState.PUBLISHED)
        kept.standing, kept.published_at, kept.read_by_id = PublicationState.PUBLISHED, now, actor.person_id
        kept.save(update_fields=["standing", "published_at", "read_by"])
        record.retitle(kept.symbol, title=kept.title, language=kept.language, text=words_of(kept))
        log(kept, actor=actor, verb="publish_initiative", change={"title": kept.title}, now=now)
        _tell_author(kept)
    return kept


def send_back_initiative(*, initiative: Initiative, reason: str, actor: Actor, now: datetime) -> Initiative:
    """Ask the author to complete an entry; it stays private and complete."""
    require_role(actor, READING_ROLES, initiative.symbol.forum_id)
    because = clean_text(reason)
    if not because:
        sentence = gettext("Please say what is missing, so that the author can mend it.")
        raise Refused(sentence, "reason-missing", "reason")
    with transaction.atomic():
        kept = _to_be_read(initiative, actor)
        rules.require_step(PublicationState(kept.standing), PublicationState.RETURNED)
        kept.standing, kept.returned_because, kept.read_by_id = (
            PublicationState.RETURNED,
            because,
            actor.person_id,
        )
        kept.save(update_fields=["standing", "returned_because", "read_by"])
        log(
            kept,
            actor=actor,
            verb="send_back_initiative",
            change={"title": kept.title, "reason": because},
            now=now,
        )
        _tell_author(kept)
    return kept


def _to_be_read(initiative: Initiative, actor: Actor) -> Initiative:
    kept = held(initiative)
    person = Person.objects.filter(pk=actor.person_id).first() if actor.person_id else None
    # The system acts only for people who set the platform up.
    if actor.person_id and not (person and has_role(roles_of(person, kept.symbol.forum_id), READING_ROLES)):
        sentence = gettext("Only the secretariat and the facilitators publish entries of the stocktaking.")
        raise NotAllowed(sentence, "read")
    if kept.withdrawn_at:
        raise Refused(gettext("This initiative was withdrawn before. Nothing was changed."), "withdrawn")
    return kept


def _tell_author(kept: Initiative) -> None:
    # Authors who publish their own entry need no notice.
    if kept.registered_by_id and kept.registered_by_id != kept.read_by_id:
        task_types.send_news.order(initiative_id=kept.pk)
