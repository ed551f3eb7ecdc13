"""Addresses that return a file: unknown parameters and values are refused.

A page may ignore unknown parameters because it shows what it chose. A file does not show that.
"""

from collections.abc import Callable, Collection, Iterable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.translation import gettext

from muntada.foundations.errors import NotThere
from muntada.foundations.pages import View

# Selects the language of any page or file.
LANGUAGE = "lang"


def chosen_by(*names: str) -> Callable[[View], View]:
    """Allow a file view only these parameters."""

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
    """Refuse a value outside the choices; an empty value selects nothing."""
    known = {str(one) for one in choices}
    for value in asked.getlist(name):
        if value.strip() and value.strip() not in known:
            sentence = gettext(
                "There is no “%(value)s” to be chosen as “%(name)s”. "
                "Please choose on the page that leads to this file."
            )
            raise NotThere(sentence % {"value": value[:80], "name": name}, "parameter-value")


def chosen_in(asked: QueryDict, names: Collection[str]) -> str:
    """Return the parameters of a page's address that select a file, for the address of that file."""
    kept = asked.copy()
    for name in asked:
        if name not in names:
            del kept[name]
    return kept.urlencode()
