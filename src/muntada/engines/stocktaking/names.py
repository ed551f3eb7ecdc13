"""Split and normalize names of organizations in texts."""

import re

from muntada.engines.words import normal, without_accents

# One partner per line, or semicolons; too many names contain commas.
_BETWEEN = re.compile(r"[\n;；؛]")
_BULLET = re.compile(r"^\s*(?:[-*•–·]|\d{1,2}[.)])\s+")
_IN_BRACKETS = re.compile(r"[(（\[][^)）\]]*[)）\]]")
_WITHOUT_LETTERS = re.compile(r"[\W_]+")
# A longer text is a sentence about partners, not a name.
LONGEST_NAME = 120
MOST_NAMES = 40


def named_in(text: str) -> tuple[str, ...]:
    """Return the distinct names in a text about partners, in order."""
    found: dict[str, str] = {}
    for part in _BETWEEN.split(text):
        name = " ".join(_BULLET.sub("", part).split()).rstrip(".,").strip()
        if 1 < len(name) <= LONGEST_NAME and key_of(name):
            found.setdefault(key_of(name), name)
    return tuple(found.values())[:MOST_NAMES]


def key_of(name: str) -> str:
    """Return a key equal for spellings of one name: without case, accents, punctuation or bracketed words."""
    bare = _IN_BRACKETS.sub(" ", name)
    words = _WITHOUT_LETTERS.sub(" ", without_accents(normal(bare))).split()
    if words and words[0] in {"the", "la", "le", "les", "el"} and len(words) > 1:
        words = words[1:]
    return " ".join(words)
