"""Giving the place of a session that was taken out to the first on the waiting list that fits."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.queries import Here
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.languages import LANGUAGE_CODES
from muntada.people.rules import Role
from muntada.programme.actions.decisions import Reason, accept_request, take_out
from muntada.programme.models import FreePlace, Session, SessionRequest
from muntada.programme.queries.free_places import authors_of, shown_places
from muntada.programme.rules.free_places import require_first, require_free
from muntada.programme.rules.requests import ABSORBED, require_reason, require_state
from muntada.record import actions as record
from muntada.record.rules import Actor


def give_back(*, here: Here, request: SessionRequest, reason: str) -> None:
    """Give a place back, as an author of a request that was accepted. The session is cancelled."""
    here.require_person(request.forum_id)
    require_reason(reason)
    with transaction.atomic():
        kept = SessionRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
        require_own_place(here, kept)
        if kept.session is None or kept.session.requests.count() > 1:
            sentence = gettext("Others hold this session, too. Please write to the secretariat.")
            raise Refused(sentence, "held-by-others")
        take_out(
            session=kept.session,
            reason=reason,
            actor=here.actor(Role.PARTICIPANT),
            now=here.now,
            verb="give_place_back",
        )


def require_own_place(here: Here, request: SessionRequest) -> None:
    """Only an author of what was accepted has a place to give back."""
    here.require_person(request.forum_id)
    if here.person is None or here.person.pk not in authors_of(request):
        raise NotAllowed(gettext("Only the person who wrote this session request can change it."), "author")
    require_state(request.state, ABSORBED)


def fill_place(*, place: FreePlace, request: SessionRequest, actor: Actor, now: datetime) -> Session:
    """Accept the first of the waiting list that fits a free place; the log says why it was that one."""
    require_role(actor, SECRETARIAT, place.session.forum_id)
    with transaction.atomic():
        kept = _locked(place)
        # The order of the list and the caps hold until this stands.
        forum = Forum.objects.select_for_update(no_key=True).get(pk=kept.session.forum_id)
        (shown,) = shown_places(forum, [kept])
        first = shown.first
        require_first(is_first=first is not None and first.request.pk == request.pk)
        session = accept_request(request=request, reason=_why(kept, request), actor=actor, now=now)
        kept.filled_with, kept.filled_at = request, now
        kept.save(update_fields=["filled_with", "filled_at"])
        passed_over = {
            one.request.symbol.short: [misfit.value for misfit in one.misfits]
            for one in shown.passed_over
            if one.request.symbol
        }
        change: dict[str, object] = {
            "place_of": kept.session.symbol.short,
            "session": session.symbol.short,
            "passed_over": passed_over,
        }
        record.write(
            forum_id=forum.pk, actor=actor, verb="fill_place", symbol=request.symbol, change=change, now=now
        )
    return session


def keep_place_empty(*, place: FreePlace, actor: Actor, now: datetime) -> None:
    """Offer a place to nobody; who waits goes on waiting."""
    require_role(actor, SECRETARIAT, place.session.forum_id)
    with transaction.atomic():
        kept = _locked(place)
        kept.kept_empty_at = now
        kept.save(update_fields=["kept_empty_at"])
        record.write(
            forum_id=kept.session.forum_id,
            actor=actor,
            verb="keep_place_empty",
            symbol=kept.session.symbol,
            change={},
            now=now,
        )


def _locked(place: FreePlace) -> FreePlace:
    rows = FreePlace.objects.select_for_update(of=("self",), no_key=True)
    kept = rows.select_related("session__symbol__forum").get(pk=place.pk)
    require_free(is_filled=kept.filled_at is not None, is_kept_empty=kept.kept_empty_at is not None)
    return kept


def _why(place: FreePlace, request: SessionRequest) -> Reason:
    """Return the reason everybody reads, in the language of the request if pages come in it."""
    spoken = request.language if request.language in LANGUAGE_CODES else "en"
    with translation.override(spoken):
        sentence = gettext(
            "The session %(session)s was taken out of the programme, so a place became free. "
            "This request was the first on the waiting list that fits it."
        )
        return Reason(sentence % {"session": place.session.symbol.short}, spoken)
