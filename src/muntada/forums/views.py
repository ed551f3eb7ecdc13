"""The frame of every page of a forum. Stages decorate views with `@forum_page(may=..., stage=...)`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext

from muntada.forums.queries import Here, forum_at
from muntada.forums.rules import Stage
from muntada.foundations.errors import NotAllowed
from muntada.foundations.pages import SIGNED_IN, Permission, View, page
from muntada.people.models import Person
from muntada.people.queries import roles_of
from muntada.people.rules import Role


@dataclass(frozen=True)
class HasRole:
    """Admits holders of one of these roles in the forum of the page."""

    roles: tuple[Role, ...]

    @property
    def name(self) -> str:
        return ", ".join(self.roles)

    def __call__(self, request: HttpRequest) -> None:
        SIGNED_IN(request)
        here: Here = request.here  # type: ignore[attr-defined]
        if not here.has(*self.roles):
            raise NotAllowed(
                gettext(
                    "This page is for other roles in this forum. Please ask the secretariat if you need it."
                ),
                "role",
            )


def role(*roles: Role) -> HasRole:
    return HasRole(roles)


SECRETARIAT = role(Role.SECRETARIAT)


def forum_page(
    may: Permission,
    stage: Stage | None = None,
    methods: Iterable[str] = ("GET", "HEAD"),
    *,
    asks_roles: bool = True,
) -> Callable[[View], View]:
    """Resolve forum, person and time, check the permission, and call the view.

    Times are in the zone of the forum. Frequent requests that need neither roles nor texts of the forum
    skip loading both.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def framed(request: HttpRequest, **kwargs: object) -> HttpResponseBase:
            return view(request, request.here, **kwargs)  # type: ignore[attr-defined]

        checked = page(may, methods)(framed)

        @wraps(checked)
        def found(request: HttpRequest, forum: str, **kwargs: object) -> HttpResponseBase:
            request.here = _here(request, forum, asks_roles=asks_roles)  # type: ignore[attr-defined]
            request.stage = stage.value if stage else ""  # type: ignore[attr-defined]
            with timezone.override(request.here.forum.timezone):  # type: ignore[attr-defined]
                return checked(request, **kwargs)

        found.permission = may.name  # type: ignore[attr-defined]
        return found

    return decorate


def _here(request: HttpRequest, slug: str, *, asks_roles: bool) -> Here:
    forum = forum_at(slug, with_words=asks_roles)
    person = request.user if isinstance(request.user, Person) else None
    roles = roles_of(person, forum.pk) if person and asks_roles else frozenset[Role]()
    return Here(forum=forum, person=person, roles=roles, now=timezone.now())
