"""Sentences returned by engines and translated by the caller."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NUMBER = re.compile(r"%\((\w+)\)d")


def gettext_noop(message: str) -> str:
    """Mark a sentence for translation and return it unchanged.

    Message extractors look for this name.
    """
    return message


def ngettext_noop(one: str, more: str) -> str:
    """Mark a sentence with a plural, and return its two English forms as one text of two lines.

    The first `%(…)d` selects the form. A sentence thus stays one string in storage, and each language
    has as many forms as it needs. A second number must not govern a noun; put it after a colon.
    """
    return f"{one}\n{more}"


def in_english(sentence: str, params: Mapping[str, str | int]) -> str:
    """Fill in a sentence, in the form that its number requires."""
    one, _, more = sentence.partition("\n")
    counted = _NUMBER.search(one) if more else None
    chosen = more if counted is not None and params[counted.group(1)] != 1 else one
    return chosen % params


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason for a result: a sentence marked for translation, and its parameters."""

    sentence: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return in_english(self.sentence, self.params)
