"""Remove invisible characters from texts, lines and names."""

import re
import unicodedata

# Bidi controls, which can make a text read differently from how it was written.
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# Invisible characters without meaning, which would make equal texts differ. Fillers among them are
# letters in Unicode.
_INVISIBLE = dict.fromkeys(
    [
        *(0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x2060, *range(0x2061, 0x2065)),
        *(0x2065, *range(0x206A, 0x2070), 0x3164, 0xFEFF, 0xFFA0, *range(0xFFF0, 0xFFFC)),
        *(*range(0x1BCA0, 0x1BCA4), 0x1D159, *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE0080)),
    ]
)
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
# Noncharacters, which file formats need not accept, and lone surrogates.
_NO_CHARACTERS = dict.fromkeys(
    [
        *(*range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0)),
        *(plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)),
    ]
)
# The Braille blank looks like a space.
_BLANKS = {0x2800: " "}
_NEVER = TURNING | _INVISIBLE | _CONTROLS | _NO_CHARACTERS | _BLANKS
_UNSEEN = re.compile("[" + "".join(map(chr, _NEVER)) + "\r]")
# Persian, Arabic and Indian words are spelt with joiners, and emoji are combined by them.
_JOINERS = "\u200c\u200d"
# Vietnamese needs two marks per letter, Arabic three, Hebrew four, Tibetan up to eight.
MARKS_ON_A_LETTER = 8


def seen_text(text: str) -> str:
    """Normalize line ends and remove invisible characters."""
    is_plain = text.isascii() and text.isprintable()
    if is_plain or not _UNSEEN.search(text):
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_NEVER)


def clean_text(text: str) -> str:
    """Normalize line ends, remove invisible characters and strip blanks.

    Joiners stay between two letters, where languages need them. Bidi controls are removed: letters have
    a direction of their own.
    """
    seen = seen_text(text)
    if not seen.isascii():
        seen = _bounded(seen)
        seen = "".join(letter for at, letter in enumerate(seen) if letter not in _JOINERS or _joins(seen, at))
    return seen.strip()


def clean_line(text: str) -> str:
    """Return a single cleaned line."""
    return " ".join(clean_text(text).split())


def turns_around(text: str) -> bool:
    """Return whether a text contains bidi controls."""
    return any(ord(letter) in TURNING for letter in text)


def is_readable(text: str) -> bool:
    """Return whether there is at least one letter: a text of signs or emoji cannot be answered."""
    return any(unicodedata.category(letter).startswith("L") for letter in text)


def _joins(text: str, at: int) -> bool:
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    return len(around) == len("xx") and not any(one.isspace() or one in _JOINERS for one in around)


def _bounded(text: str) -> str:
    """Limit the marks per letter to what languages need; more would cover other lines."""
    kept, marks = [], 0
    for letter in text:
        category = unicodedata.category(letter)
        # A format character, such as a joiner, starts no new letter.
        marks = marks + 1 if category.startswith("M") else marks if category == "Cf" else 0
        if marks <= MARKS_ON_A_LETTER or category == "Cf":
            kept.append(letter)
    return "".join(kept)
