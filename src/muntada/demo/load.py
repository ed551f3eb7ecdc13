"""Load the demo forum stage by stage, through the same actions as the pages."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from muntada.demo import (
    asking,
    calling,
    cooperating,
    meeting,
    prizes,
    reviewing,
    telling,
    text,
    together,
    voices,
)
from muntada.demo.frame import ROLES_SHOWN, set_up
from muntada.demo.reading import DemoClock, read
from muntada.forums.models import Forum
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.rules import JobState
from muntada.foundations.whole_transactions import all_or_nothing
from muntada.people import actions as people
from muntada.people.models import Person, RoleHeld, SignInLink
from muntada.people.rules import ROLE_NAMES, Role

SLUG = "wsis20"
LINKS_LAST_DAYS = 0.5
BEGINNING = datetime(2024, 10, 7, 8, 0, tzinfo=UTC)

type SayLine = Callable[[str], None]


class DemoPart(StrEnum):
    """The parts of loading, in order."""

    PEOPLE = "forums, frameworks and people"
    FIGURES = "evidence: published figures and series of countries"
    INITIATIVES = "evidence: initiatives and who works together"
    CONTRIBUTIONS = "consultation: contributions in six languages"
    VOTES = "consultation: votes and the opinion map"
    TOGETHER = "consultation: a campaign, two said as one, themes found in all texts"
    CALLS = "consultation: a meeting of the call, and the next call"
    REQUESTS = "programme: session requests and their reviews"
    TIMETABLE = "programme: selection, timetable and release"
    MEETING = "meeting: questions and reports"
    REVIEW = "review and outcome"
    STORY = "the story of the published figures, and returns of facilitators"
    SHOWCASES = "evidence: two showcases of initiatives"
    PARTNERS = "partners sought and offered"

    @property
    def sentence(self) -> str:
        """Return the progress sentence for the beginning of this part."""
        parts = list(DemoPart)
        return f"  {parts.index(self) + 1} of {len(parts)}: {self}"


def is_loaded() -> bool:
    return Forum.objects.filter(slug=SLUG).exists()


def load(say: SayLine) -> None:
    """Load everything or nothing: an interrupted load starts again."""
    mailers = settings.MAILERS
    # Invented people read no e-mail; the folder is for later e-mails.
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    newest = _newest_task()
    try:
        with all_or_nothing():
            _load(say)
        _drop_tasks(after=newest)
    finally:
        settings.MAILERS = mailers


def _newest_task() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


def _drop_tasks(after: int) -> None:
    """Delete tasks ordered by loading, such as e-mails to people who do not exist.

    Jobs that wait for these tasks, such as printed programmes, are deleted too.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo' AND id > %s", [after])
        Job.objects.filter(forum__slug=SLUG, state=JobState.QUEUED).delete()


def _load(say: SayLine) -> None:
    say(DemoPart.PEOPLE.sentence)
    stand = set_up(DemoClock(BEGINNING))
    say(DemoPart.FIGURES.sentence)
    meeting.put_figures(stand, read("published_figures.json"))
    say(DemoPart.INITIATIVES.sentence)
    meeting.put_initiatives(stand)
    cooperating.work_together(stand)
    say(DemoPart.CONTRIBUTIONS.sentence)
    call, said = voices.speak(stand)
    put = voices.put_statements(stand, said)
    voices.raise_themes(stand, said)
    say(DemoPart.VOTES.sentence)
    voices.vote(stand, call, put)
    say(DemoPart.TOGETHER.sentence)
    together.say_together(stand, call, said)
    say(DemoPart.CALLS.sentence)
    calling.call_together(stand, call)
    say(DemoPart.REQUESTS.sentence)
    asking.publish_forms(stand)
    asked = meeting.ask_for_sessions(stand)
    asking.ask_people(stand, asked)
    asking.join_two(stand, asked)
    reviewing.read_requests(stand)
    say(DemoPart.TIMETABLE.sentence)
    sessions = meeting.make_programme(stand, asked)
    asking.ask_late(stand)
    say(DemoPart.MEETING.sentence)
    meeting.meet(stand, sessions)
    say(DemoPart.REVIEW.sentence)
    text.find(stand)
    text.write_outcome(stand)
    voices.reply(stand, said)
    together.answer_statements(stand, put)
    say(DemoPart.STORY.sentence)
    telling.tell_story(stand)
    telling.report_on_lines(stand)
    say(DemoPart.SHOWCASES.sentence)
    prizes.hold_prizes(stand)
    say(DemoPart.PARTNERS.sentence)
    cooperating.seek_partners(stand)


def sign_in_links() -> list[tuple[str, str, str]]:
    """Return role, name and a new sign-in link for each of the six roles, for invented people only.

    Earlier links expire, so that links left in a terminal or chat stop working.
    """
    now = timezone.now()
    SignInLink.objects.filter(person__is_invented=True).delete()
    invented = RoleHeld.objects.filter(forum__slug=SLUG, person__is_invented=True)
    held = {one.role: one.person for one in invented.select_related("person").order_by("-pk")}
    rows = []
    for role in ROLES_SHOWN:
        person = _participant() if role is Role.PARTICIPANT else held[role]
        token = people.issue_sign_in_link(person=person, now=now, days=LINKS_LAST_DAYS)
        address = f"{settings.SITE_ADDRESS}/account/link/{token}?next=/{SLUG}"
        rows.append((str(ROLE_NAMES[role]), str(person), address))
    return rows


def _participant() -> Person:
    """Return the first invented person without a role."""
    return Person.objects.filter(is_invented=True, roles=None).order_by("pk")[0]
