"""Queries about a forum: its stages and its framework."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext

from muntada.forums import rules
from muntada.forums.models import Forum, Goal, Line, StageWindow
from muntada.forums.rules import Stage, StageState, Window
from muntada.foundations.errors import NotAllowed, NotThere, SignInFirst
from muntada.foundations.jobs.models import Job
from muntada.people.models import Person
from muntada.people.queries import roles_of
from muntada.people.rules import Role, role_acting
from muntada.record.rules import SYSTEM, Actor


@dataclass(frozen=True)
class ForumRequest:
    """The context of a request: forum, person, roles and time."""

    forum: Forum
    person: Person | None
    roles: frozenset[Role]
    now: datetime

    def actor(self, *needed: Role) -> Actor:
        """Return the actor, in the first of the needed roles the person holds."""
        return Actor(self.person.pk if self.person else None, role_acting(self.roles, needed), self.forum.pk)

    def require_person(self, forum_id: int) -> Person:
        """Return the signed-in person; refuse without one, or for things of another forum."""
        if self.person is None:
            raise SignInFirst(gettext("Please sign in to go on."), "sign-in")
        self.require_forum(forum_id)
        return self.person

    def require_forum(self, forum_id: int) -> None:
        """Refuse things of another forum: the roles apply to this forum only."""
        if forum_id != self.forum.pk:
            raise NotAllowed(gettext("This belongs to another forum. Please go there first."), "other-forum")

    def has(self, *needed: Role) -> bool:
        return bool(self.roles.intersection(needed))


class ForumPageRequest(HttpRequest):
    """An HTTP request to a page of a forum, with what `forums.views.forum_page` adds to it."""

    forum_request: ForumRequest
    stage: Stage | None


def actor_of(person: Person, forum_id: int, needed: Collection[Role]) -> Actor:
    """Return a person as actor in a forum, in the first of the needed roles they hold now."""
    return Actor(person.pk, role_acting(roles_of(person, forum_id), tuple(needed)), forum_id)


def who_ordered(job: Job) -> Actor:
    """Return the actor of a job: its orderer, in a role of its kind that they hold now."""
    if job.is_ordered_by_system:
        return SYSTEM
    if job.ordered_by is None:
        sentence = gettext("Whoever ordered this has no account any more. Please order it again.")
        raise NotAllowed(sentence, "orderer-gone")
    return actor_of(job.ordered_by, job.forum_id, tuple(map(Role, job.roles)))


@dataclass(frozen=True)
class LifeStep:
    """A stage in the navigation."""

    stage: str
    label: str
    url: str
    state: str
    until: datetime | None
    opens: datetime | None
    current: bool


def forum_at(slug: str, *, with_words: bool = True) -> Forum:
    """Find a forum by its address; without its texts it loads faster, and reads them on access."""
    if with_words:
        forum = Forum.objects.select_related("framework").filter(slug=slug).first()
    else:
        forum = _without_words(slug)
    if forum is None:
        raise NotThere(
            gettext("There is no forum at this address. Please check it, or choose from the list."), "forum"
        )
    return forum


def _without_words(slug: str) -> Forum | None:
    """Needed for every vote, therefore a prepared statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, slug, zone FROM forums_forum WHERE slug = %s", [slug])
        row = cursor.fetchone()
    return None if row is None else Forum.from_db("default", ["id", "slug", "zone"], row)


def windows_of(forum: Forum) -> dict[Stage, list[Window]]:
    """Return all windows of a forum by stage, in one query."""
    windows: dict[Stage, list[Window]] = defaultdict(list)
    # Without labels: nearly every action and page runs this query.
    rows = StageWindow.objects.filter(forum=forum).values_list("stage", "opens_at", "closes_at")
    for stage, opens_at, closes_at in rows:
        windows[Stage(stage)].append(Window(opens_at, closes_at))
    return windows


def require_open(forum: Forum, stage: Stage, now: datetime) -> None:
    """Refuse an action while the stage is not open."""
    rules.require_open(stage, windows_of(forum)[stage], now)


def is_open(forum: Forum, stage: Stage, now: datetime) -> bool:
    return rules.state_of(windows_of(forum)[stage], now) is StageState.OPEN


def life_of(forum: Forum, now: datetime, current: Stage | None = None) -> list[LifeStep]:
    """Return the six stages with their current states."""
    windows = windows_of(forum)
    steps = []
    for stage in Stage:
        opened = rules.open_window(windows[stage], now)
        steps.append(
            LifeStep(
                stage=stage.value,
                label=str(rules.STAGE_NAMES[stage]),
                url=f"/{forum.slug}/{stage.value}",
                state=rules.state_of(windows[stage], now).value,
                until=opened.last_moment if opened else None,
                opens=rules.next_opening(windows[stage], now),
                current=stage is current,
            )
        )
    return steps


def lines_of(forum: Forum) -> list[Line]:
    return list(Line.objects.filter(framework_id=forum.framework_id))


def goals_of(forum: Forum) -> list[Goal]:
    return list(Goal.objects.filter(framework_id=forum.framework_id))


def forum_context(request: HttpRequest) -> dict[str, object]:
    """Provide each page of a forum with the forum, its stages and the current person."""
    forum_request: ForumRequest | None = getattr(request, "forum_request", None)
    if forum_request is None:
        return {}
    stage: Stage | None = getattr(request, "stage", None)
    return {
        "forum_request": forum_request,
        "forum": forum_request.forum,
        "life": life_of(forum_request.forum, forum_request.now, stage),
    }
