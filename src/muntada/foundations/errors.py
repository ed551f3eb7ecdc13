"""The tree of errors for people: refusals by rules. HTTP statuses are assigned elsewhere."""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

_NUMBER = re.compile(r"%\((\w+)\)d")


class Refused(Exception):
    """A rule said no. The sentence tells the person what to do next.

    `code` is a stable identifier for machines and tests; `field` names the form field concerned.
    """

    def __init__(self, sentence: str | Promise, code: str, field: str | None = None) -> None:
        super().__init__(code)
        self.sentence = sentence
        self.code = code
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)


class NotAllowed(Refused):
    """The person is known but may not do or see this."""


class SignInFirst(Refused):
    """This requires signing in."""


class NotThere(Refused):
    """Nothing exists at this address, or nothing this person may see."""


def template_here(template: str, params: Mapping[str, str | int]) -> str:
    """Return an engine's sentence in the current language, with its placeholders.

    For a template of two lines, the first number selects the plural form.
    """
    one, _, more = template.partition("\n")
    counted = _NUMBER.search(one) if more else None
    number = params.get(counted.group(1)) if counted else None
    if isinstance(number, int):
        return ngettext(one, more, number)
    return gettext(more or one)


def refusal_from_template(template: str, params: Mapping[str, str | int], code: str) -> Refused:
    """Convert a sentence template of an engine to a refusal in the current language."""
    return Refused(template_here(template, params) % params, code)
