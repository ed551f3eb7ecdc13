"""What somebody typed into a form that could not be taken: it is given back, each field under its label."""

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
# What nobody wants to see written out again.
SECRETS = ("password", "secret", "otp")
SHORT, FEW_ROWS, MANY_ROWS = 100, 2, 10


@dataclass(frozen=True)
class Typed:
    """One field of a form as it was sent; `is_words` says whether somebody would want to read it again."""

    name: str
    value: str
    label: str
    is_words: bool

    @property
    def rows(self) -> int:
        """How many lines of it are shown at once."""
        return FEW_ROWS if len(self.value) <= SHORT else MANY_ROWS


def typed_context(request: HttpRequest) -> dict[str, object]:
    """Return what a page needs to give back what was typed, with `parts/typed_text.html`."""
    context: dict[str, object] = {"address": request.get_full_path()}
    # A request that cannot be read whole has nothing to give back.
    with suppress(SuspiciousOperation, BadRequest, OSError):
        fields = _fields_sent_from_our_pages(request)
        context |= {
            "fields": fields,
            "has_words": any(one.is_words for one in fields),
            "had_files": bool(request.FILES) or hasattr(request, "disk_fault"),
        }
    return context


def _fields_sent_from_our_pages(request: HttpRequest) -> list[Typed]:
    """Return what was typed into a form of ours, but for the token; nothing of a form that holds a secret."""
    if not _came_from_here(request):
        return []
    if any(secret in name.lower() for name in request.POST for secret in SECRETS):
        return []
    return list(_typed(request))


def _came_from_here(request: HttpRequest) -> bool:
    """Say whether the browser names a page of ours as the one the form stood on."""
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
    """Return the label of a field, also of one in a row of many; or its name where no form has it.

    Many names are an English word that is a label elsewhere, and so are in the catalogues.
    """
    return labels.get(name) or labels.get(name.rpartition("-")[2]) or gettext(pretty_name(name))


def _labels(request: HttpRequest) -> dict[str, str]:
    """Return the labels of the fields of all forms that the view of an address works with.

    The view may not have run, because the database is away, so its module is asked. Names to which two forms
    give different labels are left out.
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
