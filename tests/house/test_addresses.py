"""Every address has a permission, and the words of the permission are known ones."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from muntada.consultation.calls.rules.calls import RESERVED_SLUGS
from muntada.forums.rules import slugs
from muntada.foundations.health import HEALTH, READINESS
from muntada.foundations.live_streams import LIVE
from muntada.people.rules import Role

# Addresses whose permission is a library's own: signing in, and the interface with its routers.
LIBRARIES = ("allauth.",)
WORDS = {"anyone", "signed in", *(role.value for role in Role)}


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        here = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, here)
        else:
            yield here, pattern


def ours() -> list[tuple[str, URLPattern]]:
    return [
        (address, pattern)
        for address, pattern in addresses(get_resolver())
        if not address.startswith("api/") and not pattern.callback.__module__.startswith(LIBRARIES)
    ]


def test_every_address_has_a_permission():
    without = [address for address, pattern in ours() if not getattr(pattern.callback, "permission", "")]
    assert without == []


def test_a_permission_names_known_roles():
    for address, pattern in ours():
        assert set(pattern.callback.permission.split(", ")) <= WORDS, address


def test_there_are_addresses_to_check():
    assert len(ours()) > 60


def test_no_call_can_take_the_address_of_something_else_in_the_consultation():
    below = "<slug:forum>/consultation/"
    first = {
        address.removeprefix(below).partition("/")[0] for address, _ in ours() if address.startswith(below)
    }
    assert {segment for segment in first if "<" not in segment} <= RESERVED_SLUGS


def test_no_forum_can_take_the_address_of_something_else():
    apart_from_django = [HEALTH, READINESS, LIVE, settings.STATIC_URL]
    served = [address for address, _ in addresses(get_resolver())] + apart_from_django
    first = {address.strip("/").partition("/")[0] for address in served}
    assert {word for word in first if word and "<" not in word} == slugs.RESERVED_SLUGS


def test_only_the_ways_in_change_something_for_anyone():
    """What may be done without being known is listed here, each for its reason."""
    known = {
        "<slug:forum>/receipt/<slug:code>",  # compares a pasted text, stores nothing
        "account/link/<str:token>",  # signs in
        "<slug:forum>/consultation/letters/<str:token>",  # ends letters to the address it was sent to
        "<slug:forum>/programme/asked/<str:token>",  # the signed link is who was asked to take part
        "<slug:forum>/programme/book/<slug:language>.pdf",  # makes a missing public file, once for all
    }
    # Where anyone may vote: a voter without an account is known by a secret of this browser alone.
    voting = {
        "<slug:forum>/t/<int:number>/vote",
        "<slug:forum>/t/<int:number>/undo",
        "<slug:forum>/consultation/<slug:slug>/votes/declare",
        "<slug:forum>/evidence/showcase/<slug:edition>/vote",
        "<slug:forum>/evidence/showcase/<slug:edition>/vote/<int:pk>/take-back",
    }
    for_anyone = [one for one in ours() if one[1].callback.permission == "anyone"]
    assert {address for address, pattern in for_anyone if _takes_post(pattern)} <= known | voting


def _takes_post(pattern: URLPattern) -> bool:
    return "POST" in getattr(pattern.callback, "methods", ())
