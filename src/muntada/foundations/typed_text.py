"""Return the input of a form that could not be accepted, each field with its label."""

import inspect
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.forms import Form, ModelForm
from django.forms.utils import pretty_name
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext

type FormClass = type[Form | ModelForm[Any]]

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  (the name of a field)
# Fields never shown again.
SECRETS = ("password", "secret", "otp")
SHORT, FEW_ROWS, MANY_ROWS = 100, 2, 10


@dataclass(frozen=True)
class Typed:
    """A submitted field; `is_words` marks text worth showing."""

    name: str
    value: str
    label: str
    is_words: bool

    @property
    def rows(self) -> int:
        """The number of lines to show."""
        return FEW_ROWS if len(self.value) <= SHORT else MANY_ROWS


def typed_context(request: HttpRequest) -> dict[str, object]:
    """Return the context for `parts/typed_text.html`."""
    context: dict[str, object] = {"address": request.get_full_path()}
    # A request that cannot be fully read has no input to return.
    with suppress(SuspiciousOperation, BadRequest, OSError):
        fields = _fields_sent_from_our_pages(request)
        context |= {
            "fields": fields,
            "has_words": any(one.is_words for one in fields),
            "had_files": bool(request.FILES) or hasattr(request, "disk_fault"),
        }
    return context


def _fields_sent_from_our_pages(request: HttpRequest) -> list[Typed]:
    """Return the input of our own form without the token; nothing if the form holds a secret."""
    if not _came_from_here(request):
        return []
    if any(secret in name.lower() for name in request.POST for secret in SECRETS):
        return []
    return list(_typed(request))


def _came_from_here(request: HttpRequest) -> bool:
    """Return whether the browser names one of our pages as the origin of the form."""
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return request.headers.get("Origin") in ours


def _typed(request: HttpRequest) -> Iterator[Typed]:
    labels = _labels(request)
    given: Counter[str] = Counter()
    for name, values in request.POST.lists():
        if name == TOKEN:
            continue
        for value in values:
            is_words, label = _is_words(value), _label(name, labels)
            given[label] += is_words
            numbered = f"{label} ({given[label]})" if given[label] > 1 else label
            yield Typed(name, value, numbered, is_words)


def _is_words(value: str) -> bool:
    return not value.isascii() or len(value.split()) > 1


def _label(name: str, labels: Mapping[str, str]) -> str:
    """Return the label of a field, also in a formset; else its name.

    Many names are English words that are labels elsewhere, so the catalogues contain them.
    """
    return labels.get(name) or labels.get(name.rpartition("-")[2]) or gettext(pretty_name(name))


def _labels(request: HttpRequest) -> dict[str, str]:
    """Return the field labels of all forms that the view of an address uses.

    The view may not have run if the database is away, so its module is inspected. Names with different
    labels in two forms are left out.
    """
    found: dict[str, set[str]] = {}
    for form in _forms_of(request):
        for name, field in form.base_fields.items():
            if field.label:
                found.setdefault(name, set()).add(str(field.label))
    return {name: labels.pop() for name, labels in found.items() if len(labels) == 1}


def _forms_of(request: HttpRequest) -> Iterator[FormClass]:
    try:
        view = inspect.unwrap(resolve(request.path_info).func)
    except Resolver404:
        return
    for one in vars(sys.modules[view.__module__]).values():
        if isinstance(one, type) and issubclass(one, (Form, ModelForm)):
            yield one
