"""Addresses that give a file: what is asked for is given, or refused; nobody is given another file instead.

A page may pass over what it does not know of its address, and shows what it chose. A file does not show it.
"""

from collections.abc import Callable, Collection, Iterable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.translation import gettext

from muntada.foundations.errors import NotThere
from muntada.foundations.pages import View

# Chooses the language of whatever is asked for.
LANGUAGE = "lang"


def chosen_by(*names: str) -> Callable[[View], View]:
    """Let a view that gives a file be asked by these parameters, and refuse all others."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            unknown = [name for name in request.GET if name not in {*names, LANGUAGE}]
            if unknown:
                sentence = gettext(
                    "This file is not chosen by “%(name)s”. "
                    "Please take it out of the address, or choose on the page that leads here."
                )
                raise NotThere(sentence % {"name": unknown[0][:80]}, "parameter")
            return view(request, *args, **kwargs)

        checked.chosen_by = names  # type: ignore[attr-defined]
        return checked

    return decorate


def require_choice(asked: QueryDict, name: str, choices: Iterable[object]) -> None:
    """Refuse a value that is none of the choices; an empty one chooses nothing."""
    known = {str(one) for one in choices}
    for value in asked.getlist(name):
        if value.strip() and value.strip() not in known:
            sentence = gettext(
                "There is no “%(value)s” to be chosen as “%(name)s”. "
                "Please choose on the page that leads to this file."
            )
            raise NotThere(sentence % {"value": value[:80], "name": name}, "parameter-value")


def chosen_in(asked: QueryDict, names: Collection[str]) -> str:
    """Return what of a page's address chooses a file, to be put into the address of the file."""
    kept = asked.copy()
    for name in asked:
        if name not in names:
            del kept[name]
    return kept.urlencode()
