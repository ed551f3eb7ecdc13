"""Who comes into a session with the request it was made of, and what follows when somebody answers."""

from muntada.programme.models import (
    PlacementPerson,
    RequestSpeaker,
    Session,
    SessionPerson,
    SessionRequest,
)
from muntada.programme.queries.merging import originals_of, parts_agreed
from muntada.programme.rules.sessions import ON_STAGE, Part
from muntada.programme.rules.speakers import Answer


def people_of(session: Session, request: SessionRequest) -> list[SessionPerson]:
    """Give everybody the request names, once each: authors and co-organisers organise, others do their part.

    Of what two asked for together come those whom both named, with the parts they agreed on.
    """
    asked = originals_of([request])
    parts = parts_agreed([request])
    found: dict[tuple[str, str], SessionPerson] = {}
    for original in asked:
        author = original.author
        if author is not None:
            _put(found, session, Part.ORGANISER, f"person:{author.pk}", str(author), author.pk)
        for one in original.co_organisers.all():
            if one.is_confirmed:
                _put(found, session, Part.ORGANISER, one.key, one.shown, one.person_id)
    speakers = RequestSpeaker.objects.filter(request__in=asked).exclude(answer=Answer.NO)
    places = {original.pk: place for place, original in enumerate(asked)}
    named = sorted(speakers, key=lambda one: (places[one.request_id], one.position, one.pk))
    for speaker in named:
        part = Part(parts.get(speaker.pk, speaker.part))
        kept = _put(
            found, session, part, speaker.key, speaker.name, speaker.person_id, confirmed=speaker.is_confirmed
        )
        kept.is_shown = kept.is_confirmed or speaker.answer == Answer.NOT_ASKED
    return list(found.values())


def _put(
    found: dict[tuple[str, str], SessionPerson],
    session: Session,
    part: Part,
    key: str,
    name: str,
    person_id: int | None,
    *,
    confirmed: bool = True,
) -> SessionPerson:
    known = found.get((key, part))
    if known is not None:
        known.is_confirmed = known.is_confirmed or confirmed
        return known
    found[key, part] = SessionPerson(
        session=session,
        name=name,
        person_id=person_id,
        key=key,
        part=part,
        is_confirmed=confirmed,
        position=len(found),
    )
    return found[key, part]


def follow_answer(speaker: RequestSpeaker, session: Session, key_before: str) -> None:
    """Let a session follow what one of its people says. Runs in the caller's transaction.

    Who says no leaves it, and every draft of a timetable; what is released stays as it was.
    """
    rows = SessionPerson.objects.filter(session=session, key=key_before).exclude(part=Part.ORGANISER)
    if speaker.answer != Answer.NO:
        if not rows.update(is_confirmed=speaker.is_confirmed, is_shown=True, name=speaker.name):
            _come_back(speaker, session, key_before)
        return
    rows.delete()
    if SessionPerson.objects.filter(session=session, key=key_before, part__in=ON_STAGE).exists():
        return
    PlacementPerson.objects.filter(
        placement__session=session, timetable__release=None, key=key_before
    ).delete()


def _come_back(speaker: RequestSpeaker, session: Session, key: str) -> None:
    """Take in again whoever had said no. Where they stand in drafts, the next move of the session sees."""
    SessionPerson.objects.create(
        session=session,
        name=speaker.name,
        person_id=speaker.person_id,
        key=key,
        part=speaker.part,
        is_confirmed=speaker.is_confirmed,
        position=SessionPerson.objects.filter(session=session).count(),
    )
