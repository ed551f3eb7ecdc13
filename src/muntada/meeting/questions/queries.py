"""Questions of a session, and parity of on-site and online participants."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.meeting.questions.models import Question, Support
from muntada.meeting.questions.rules import Mode, QuestionState
from muntada.people.models import Person
from muntada.programme.sessions.models import Session


@dataclass(frozen=True)
class RoomAndOnline:
    """Numbers of questions asked and answered, on site and online."""

    asked_in_room: int
    answered_in_room: int
    asked_online: int
    answered_online: int

    @property
    def asked(self) -> int:
        return self.asked_in_room + self.asked_online


def questions_of(session: Session, person: Person | None = None) -> QuerySet[Question]:
    """Return the questions of a session, most supported first, with this person's support."""
    found = Question.objects.filter(session=session).exclude(state=QuestionState.WITHDRAWN)
    mine = Support.objects.filter(question=OuterRef("pk"), person=person)
    return (
        found.select_related("symbol__forum")
        .annotate(support_count=Count("supports"), is_supported=Exists(mine))
        .order_by("state", "-support_count", "asked_at", "pk")
    )


def question_at(forum: Forum, number: int) -> Question:
    found = Question.objects.filter(forum=forum, symbol__number=number)
    question = found.select_related("symbol__forum", "session__symbol__forum").first()
    if question is None:
        raise NotThere("", "question")
    return question


def parity_of(forum: Forum, session: Session | None = None) -> RoomAndOnline:
    """Count questions by mode and state, of a session or the forum."""
    found = Question.objects.filter(forum=forum).exclude(state=QuestionState.WITHDRAWN)
    if session is not None:
        found = found.filter(session=session)
    counts = {
        (mode, state): count
        for mode, state, count in found.values_list("mode", "state").annotate(Count("pk"))
    }

    def count(mode: Mode, *states: QuestionState) -> int:
        return sum(counts.get((mode.value, state.value), 0) for state in states)

    both = (QuestionState.ASKED, QuestionState.ANSWERED)
    return RoomAndOnline(
        asked_in_room=count(Mode.ROOM, *both),
        answered_in_room=count(Mode.ROOM, QuestionState.ANSWERED),
        asked_online=count(Mode.ONLINE, *both),
        answered_online=count(Mode.ONLINE, QuestionState.ANSWERED),
    )
