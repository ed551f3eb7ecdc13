from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.rules.speakers import SpeakerAnswer
from muntada.programme.sessions.models import Session, SessionPerson
from muntada.programme.sessions.rules import ON_STAGE, SessionRole
from muntada.programme.timetable.models import PlacementPerson


def follow_answer(speaker: RequestSpeaker, session: Session, key_before: str) -> None:
    """Let a session follow what one of its people says. Runs in the caller's transaction.

    Who says no leaves it, and every draft of a timetable; what is released stays as it was.
    """
    rows = SessionPerson.objects.filter(session=session, key=key_before).exclude(part=SessionRole.ORGANISER)
    if speaker.answer != SpeakerAnswer.NO:
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
