"""What all pages share: permissions, context, and the mapping of errors to HTTP."""

import logging
import secrets
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from types import TracebackType
from typing import Any, Protocol
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from muntada.foundations.errors import NotAllowed, NotThere, Refused, SignInFirst
from muntada.foundations.languages import CONTENT_LANGUAGES, direction
from muntada.foundations.outage import is_outage, outage
from muntada.foundations.typed_text import typed_context
from muntada.foundations.unavailable import unavailable_page

log = logging.getLogger("muntada.pages")

# The mapping of refusals to HTTP for pages; the API has its own in muntada.api.
STATUS_OF: tuple[tuple[type[Refused], int], ...] = ((NotThere, 404), (NotAllowed, 403), (Refused, 422))


THEMES = frozenset({"light", "dark"})
THEME_COOKIE = "theme"


# The methods of a page with a form.
READS_AND_WRITES = ("GET", "HEAD", "POST")


class Permission(Protocol):
    """A named permission; the table of all addresses is generated and tested by name."""

    @property
    def name(self) -> str: ...

    def __call__(self, request: HttpRequest) -> None: ...


@dataclass(frozen=True)
class Anyone:
    name: str = "anyone"

    def __call__(self, request: HttpRequest) -> None:
        """Let everybody in."""


@dataclass(frozen=True)
class SignedIn:
    name: str = "signed in"

    def __call__(self, request: HttpRequest) -> None:
        if not request.user.is_authenticated:
            raise SignInFirst(translation.gettext("Please sign in to go on."), "sign-in")


ANYONE = Anyone()
SIGNED_IN = SignedIn()

type View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class PagePanel:
    """What a feature adds to the page of another feature: a template, its data and its style sheet."""

    template: str
    shown: Mapping[str, object]
    style: str = ""


@dataclass(frozen=True)
class Entry:
    """How a higher feature shows a row in a list of a lower one: a template, and what is read with it."""

    template: str
    read_with: tuple[str, ...] = ()


def page(may: Permission, methods: Iterable[str] = ("GET", "HEAD")) -> Callable[[View], View]:
    """Give a view its permission and methods; a house test finds views without them."""

    def decorate(view: View) -> View:
        @require_http_methods(list(methods))
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            may(request)
            return view(request, *args, **kwargs)

        guarded.permission = may.name  # type: ignore[attr-defined]
        guarded.methods = tuple(methods)  # type: ignore[attr-defined]
        return guarded

    return decorate


def put_refusal(form: BaseForm, refusal: Refused) -> None:
    """Show a refusal in the form, so that the input is kept.

    A missing permission is raised instead, without details of a field.
    """
    if isinstance(refusal, (NotAllowed, NotThere, SignInFirst)):
        raise refusal
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, ValidationError(str(refusal.sentence), code=refusal.code))


@dataclass(frozen=True)
class ShownRefusals:
    """A `with` block that ends at a refusal and shows it; the view continues after it."""

    show: Callable[[Refused], None]

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, Refused):
            self.show(error)
        return isinstance(error, Refused)


def refusals_shown_in(form: BaseForm) -> ShownRefusals:
    """Run what a form asks for; a refusal is shown in the form.

    The view returns inside the block on success, and with `answer_form` after it.
    """
    return ShownRefusals(partial(put_refusal, form))


def refusals_as_messages(request: HttpRequest) -> ShownRefusals:
    """Run what a button asks for; a refusal is shown as a message on the next page."""
    return ShownRefusals(lambda refusal: messages.error(request, str(refusal)))


def answer_form(
    request: HttpRequest, template: str, form: BaseForm, context: Mapping[str, Any]
) -> HttpResponse:
    """Render a form page: empty, or as submitted with its errors."""
    return render(request, template, context, status=422 if form.errors else 200)


def status_of(refusal: Refused) -> int:
    return next(status for kind, status in STATUS_OF if isinstance(refusal, kind))


def refusal_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    status = status_of(refusal)
    template = {404: "404.html", 403: "403.html"}.get(status, "refused.html")
    return render(request, template, {"refusal": refusal, **typed_context(request)}, status=status)


class RefusalMiddleware:
    """Converts refusals to pages; logs defects with a reference shown to the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Texts never contain NUL, and PostgreSQL cannot store it; forms refuse it themselves.
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return render(request, "400.html", status=400)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, SignInFirst):
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('account_login')}?{query}")
        if isinstance(exception, Refused):
            return refusal_page(request, exception)
        if is_outage(exception):
            return outage_page(request)
        request.reference = secrets.token_hex(4)  # type: ignore[attr-defined]
        log.error("defect %s at %s", request.reference, request.path, exc_info=exception)  # type: ignore[attr-defined]
        return None


def defect_page(request: HttpRequest) -> HttpResponse:
    """Show that something failed, with the reference under which it was logged.

    Errors outside views, such as in reading a session, also end here.
    """
    if is_outage(sys.exception()):
        return outage_page(request)
    reference = getattr(request, "reference", "")
    return render(request, "500.html", {"reference": reference}, status=500)


def theme_of(cookies: Mapping[str, str]) -> str:
    """Return the theme chosen in the browser; empty to follow the system."""
    theme = cookies.get(THEME_COOKIE, "")
    return theme if theme in THEMES else ""


def outage_page(request: HttpRequest) -> HttpResponse:
    outage.begin()
    return unavailable_page(request)


def page_context(request: HttpRequest) -> dict[str, object]:
    """Provide templates with language, direction, theme and language links."""
    language = translation.get_language() or "en"
    kept = request.GET.copy()
    links = []
    for code, name in CONTENT_LANGUAGES:
        kept["lang"] = code
        links.append({"code": code, "name": name, "url": f"{request.path}?{kept.urlencode()}"})
    return {
        "page_language": language,
        "page_direction": direction(language),
        "page_theme": theme_of(request.COOKIES),
        "language_links": links,
    }
