"""People asked to take part."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotThere
from muntada.people.models import Person
from muntada.programme.requests.models.hours import HoursTold
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import CoOrganiser, RequestSpeaker
from muntada.programme.requests.queries.merging import originals_of
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.requests.rules.speakers import ADDRESS_KEPT, Availability, SpeakerAnswer


def own_request(forum_request: ForumRequest, number: int) -> SessionRequest:
    """Return a request of this person by id; only authors ask people."""
    person_id = forum_request.person.pk if forum_request.person else None
    rows = SessionRequest.objects.select_related("symbol__forum", "forum", "organisation", "form", "author")
    found = rows.filter(forum=forum_request.forum, pk=number, author_id=person_id).first()
    if found is None or person_id is None:
        raise NotThere(gettext("There is no session request of yours at this address."), "draft")
    return found


def people_of_request(request: SessionRequest) -> QuerySet[RequestSpeaker]:
    return request.speakers.prefetch_related("facts").order_by("position", "pk")


def speaker_at(request: SessionRequest, pk: int) -> RequestSpeaker:
    found = people_of_request(request).filter(pk=pk).first()
    if found is None:
        raise NotThere(gettext("This person is no longer named here."), "speaker")
    return found


def co_organiser_at(request: SessionRequest, pk: int) -> CoOrganiser:
    found = request.co_organisers.filter(pk=pk).first()
    if found is None:
        raise NotThere(gettext("This co-organizer is no longer named here."), "co-organiser")
    return found


def account_at(email: str) -> Person | None:
    """Return the account with this verified address."""
    return Person.objects.filter(email__iexact=email, is_active=True).first() if email else None


def availabilities(forum: Forum, keys: Iterable[str]) -> dict[str, list[Availability]]:
    """Return the hours of people by key.

    These are all statements made in their sessions, or what the secretariat was told.
    """
    wanted = set(keys)
    accepted = list(
        SessionRequest.objects.filter(forum=forum, session__isnull=False, session__cancelled_at=None)
    )
    said = Q(hours_from__isnull=False) | ~Q(zone="") | Q(days_away__len__gt=0) | Q(spans__isnull=False)
    rows = RequestSpeaker.objects.filter(said, request__in=originals_of(accepted)).distinct()
    found: dict[str, list[Availability]] = {}
    for speaker in rows.prefetch_related("spans").order_by("pk"):
        if speaker.key in wanted:
            found.setdefault(speaker.key, []).append(speaker.availability)
    told = HoursTold.objects.filter(forum=forum, key__in=wanted).prefetch_related("spans")
    return found | {one.key: [one.availability] for one in told}


def needed_no_more(now: datetime) -> Q:
    """People whose address is no longer needed: request or forum over, or declined."""
    states = (RequestState.DECLINED, RequestState.REFERRED, RequestState.WITHDRAWN)
    return (
        Q(request__state__in=states)
        | Q(request__forum__ends_date__lt=(now - ADDRESS_KEPT).date())
        | Q(answer=SpeakerAnswer.NO, answered_at__lt=now - ADDRESS_KEPT)
    )


def speakers_shown(request: SessionRequest, *, everybody: bool) -> list[RequestSpeaker]:
    """Return the speakers to show; without refusals, and publicly only those who accepted."""
    hidden = {SpeakerAnswer.NO.value} if everybody else {SpeakerAnswer.NO.value, SpeakerAnswer.ASKED.value}
    return [one for one in request.speakers.all() if one.answer not in hidden]
