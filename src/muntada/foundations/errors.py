"""One tree of errors: what a rule refuses, and who has to sign in first. No HTTP status lives here."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext


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


def refusal_from_template(template: str, params: Mapping[str, str | int], code: str) -> Refused:
    """Translate a sentence an engine left as template and parameters into a refusal."""
    return Refused(gettext(template) % params, code)
