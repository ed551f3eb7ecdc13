"""One tree of errors: what a rule refuses, and who has to sign in first. No HTTP status lives here."""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

_NUMBER = re.compile(r"%\((\w+)\)d")


class Refused(Exception):
    """A rule said no. The sentence is for the person and says what to do next.

    `code` is a stable word for machines and tests; `field` names the form field the sentence belongs to.
    """

    def __init__(self, sentence: str | Promise, code: str, field: str | None = None) -> None:
        super().__init__(code)
        self.sentence = sentence
        self.code = code
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)


class NotAllowed(Refused):
    """The person is known, but this is not theirs to do or see."""


class SignInFirst(Refused):
    """Nobody is signed in, and this needs somebody."""


class NotThere(Refused):
    """Nothing stands at this address, or not for this person."""


def template_here(template: str, params: Mapping[str, str | int]) -> str:
    """Return an engine's sentence in the language of the page, its places still to be filled.

    A template of two lines counts: its first number chooses among the forms that the language has.
    """
    one, _, more = template.partition("\n")
    counted = _NUMBER.search(one) if more else None
    number = params.get(counted.group(1)) if counted else None
    if isinstance(number, int):
        return ngettext(one, more, number)
    return gettext(more or one)


def refusal_from_template(template: str, params: Mapping[str, str | int], code: str) -> Refused:
    """Translate a sentence an engine left as template and parameters into a refusal."""
    return Refused(template_here(template, params) % params, code)
