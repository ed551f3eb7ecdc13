"""The frame of every page of a forum. Stages decorate views with `@forum_page(may=..., stage=...)`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import cast

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext

from muntada.forums.queries import ForumPageRequest, ForumRequest, forum_at
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
        if not _of_a_forum(request).forum_request.has(*self.roles):
            raise NotAllowed(
                gettext(
                    "This page is for other roles in this forum. Please ask the secretariat if you need it."
                ),
                "role",
            )


def role(*roles: Role) -> HasRole:
    return HasRole(roles)


# Pages of the secretariat alone.
BY_SECRETARIAT = role(Role.SECRETARIAT)


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
            return view(request, _of_a_forum(request).forum_request, **kwargs)

        checked = page(may, methods)(framed)

        @wraps(checked)
        def found(request: HttpRequest, forum: str, **kwargs: object) -> HttpResponseBase:
            page_request = _of_a_forum(request)
            page_request.forum_request = _forum_request(request, forum, asks_roles=asks_roles)
            page_request.stage = stage
            with timezone.override(page_request.forum_request.forum.timezone):
                return checked(request, **kwargs)

        found.permission = may.name  # type: ignore[attr-defined]
        return found

    return decorate


def _of_a_forum(request: HttpRequest) -> ForumPageRequest:
    """Return a request as one to a page of a forum; `forum_page` adds what that has more."""
    return cast("ForumPageRequest", request)


def _forum_request(request: HttpRequest, slug: str, *, asks_roles: bool) -> ForumRequest:
    forum = forum_at(slug, with_words=asks_roles)
    person = request.user if isinstance(request.user, Person) else None
    roles = roles_of(person, forum.pk) if person and asks_roles else frozenset[Role]()
    return ForumRequest(forum=forum, person=person, roles=roles, now=timezone.now())
