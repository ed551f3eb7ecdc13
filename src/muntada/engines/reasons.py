"""Sentences that an engine hands out and that are translated where they are shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NUMBER = re.compile(r"%\((\w+)\)d")


def gettext_noop(message: str) -> str:
    """Mark a sentence for the translators and return it as it is.

    The name is the one that message extractors look for.
    """
    return message


def ngettext_noop(one: str, more: str) -> str:
    """Mark a sentence that counts, in its two English forms, and return both as one text of two lines.

    The first number in it, `%(…)d`, decides which form is used. So a sentence stays one string wherever it is
    kept, and each language gives it as many forms as it has. A second number stands where nothing agrees
    with it, best after a colon.
    """
    return f"{one}\n{more}"


def in_english(sentence: str, params: Mapping[str, str | int]) -> str:
    """Fill the places of a sentence, in the form that its number asks for."""
    one, _, more = sentence.partition("\n")
    counted = _NUMBER.search(one) if more else None
    chosen = more if counted is not None and params[counted.group(1)] != 1 else one
    return chosen % params


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a result is as it is: a marked sentence with named places, and what stands in them."""

    sentence: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return in_english(self.sentence, self.params)
