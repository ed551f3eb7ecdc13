"""Tokenize texts of any language: the one module for comparing and searching texts.

`normal` removes differences of spelling, `words` returns the stems that describe the content,
`search_words` returns index terms and `query_words` the terms of a query.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import snowballstemmer

from muntada.engines import arabic
from muntada.engines.stopwords import STOP_WORDS

SNOWBALL = {"en": "english", "fr": "french", "es": "spanish", "ru": "russian"}
LATIN = ("en", "fr", "es")
SCRIPTS = {"ar": "arabic", "ru": "cyrillic", "zh": "unspaced", "en": "latin", "fr": "latin", "es": "latin"}
LANGUAGE_OF_SCRIPT = {"arabic": "ar", "cyrillic": "ru", "unspaced": "zh", "latin": "en"}
REMEMBERED = 1 << 15
LONGEST = 64  # longer words are cut; they are found by their beginning

# Soft hyphens, zero-width and bidi controls, byte order marks, tags and variation selectors; then
# marks of pronunciation: stress, Arabic vowel points and tatweel.
UNSEEN = re.compile(
    "[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef"
    "\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]"
)
APART = str.maketrans({**dict.fromkeys("‘’‚‛ʼʹ′`", "'"), **dict.fromkeys("‐‑‒–—―−", "-")})
FOLDED = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳٵ", "ا"),
        **dict.fromkeys("ؤٶٷ", "و"),
        **dict.fromkeys("ئىیېۍٸ", "ي"),
        **dict.fromkeys("ةۃەہۂۀ", "ه"),
        "ک": "ك",
        "ء": "",
        "ё": "е",
    }
)
BREAK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
OTHER_DIGIT = re.compile(r"[^\D0-9]")

# Scripts without spaces are cut into pairs of letters. In all others a word is letters, digits and,
# in the scripts of India, combining signs.
UNSPACED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff\u0e01-\u0e4e\u0e80-\u0ecd\u1000-\u1049\u1780-\u17d3"
)
WORD = re.compile(rf"[{UNSPACED}]+|(?:(?![{UNSPACED}])[^\W_]|[\u0900-\u0963\u0966-\u0dff])+")
SCRIPT = (
    (re.compile(rf"[{UNSPACED}]"), "unspaced"),
    (re.compile("[\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff]"), "arabic"),
    (re.compile("[\u0400-\u052f]"), "cyrillic"),
    (re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]"), "latin"),
)
# Characters that are rarely part of a longer Chinese content word.
GRAMMAR_OF_CHINESE = "的了是我你他她它们这那吗呢吧就也都还且但或与及之被把很并和"


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word of a text: its spelling, its stem, and the assumed language."""

    written: str
    stem: str
    language: str


def normal(text: str) -> str:
    """Return a text in one case, with one form of each letter and single spaces."""
    text = _seen(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.casefold()).translate(FOLDED)
        text = UNSEEN.sub("", text)
        text = OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0], "")), text)
    return BREAK.sub(" ", text.casefold()).strip()


def without_accents(text: str) -> str:
    """Remove the accents of Latin letters; й stays."""
    if text.isascii():
        return text
    letters = (unicodedata.normalize("NFD", letter)[0] if _is_latin(letter) else letter for letter in text)
    return "".join(letters)


def words(text: str, language: str) -> list[str]:
    """Return the stems of the content words, in order.

    Stop words and numbers are left out; Chinese is cut into pairs of characters. A language without
    rules is returned as written. A foreign word is assigned the usual language of its script.
    """
    return [word.stem for word in written_words(text, language)]


def written_words(text: str, language: str) -> list[ReadWord]:
    """Return the same as `words`, each with its spelling."""
    found: list[ReadWord] = []
    for written in WORD.findall(_seen(text)):
        token = _folded(written)
        spoken = _language(token[:LONGEST], language)
        found += (ReadWord(shown or written, root, spoken) for shown, root in _theme_stems(token, spoken))
    return found


def stem(word: str, language: str) -> str:
    """Return the stem of one word, stop word or not, without accents."""
    return without_accents(_stem(_folded(word), language))


def search_words(text: str, language: str) -> list[str]:
    """Return the index terms of a text in this language, to be matched by `query_words`.

    A word gives its stem with and without accents; Chinese gives single characters and pairs.
    """
    found: list[str] = []
    for token in _tokens(text):
        spoken = _language(token[:LONGEST], language)
        if SCRIPTS.get(spoken) == "unspaced" or _script(token[:LONGEST]) == "unspaced":
            found += token
            found += _pairs(token)
        elif not is_stop_word(token, spoken):
            found += _forms(token, spoken)
    return found


def query_words(text: str) -> list[tuple[str, ...]]:
    """Return the terms of a query: a text matches if it contains at least one of each tuple.

    The language of a query is unknown: Latin letters are read as English, French and Spanish.
    """
    tokens = _tokens(text)
    telling = [token for token in tokens if not _says_nothing(token)]
    asked = [alternative for token in telling or tokens for alternative in _alternatives(token)]
    return list(dict.fromkeys(asked))


def _seen(text: str) -> str:
    """Remove invisible characters, and unify apostrophes and hyphens."""
    text = unicodedata.normalize("NFKC", text)
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", UNSEEN.sub("", text).translate(APART))


def _tokens(text: str) -> list[str]:
    return [_shortened(token) for token in WORD.findall(normal(text))]


@lru_cache(maxsize=REMEMBERED)
def _folded(written: str) -> str:
    return _shortened(normal(written))


def _shortened(token: str) -> str:
    return token if _script(token[:LONGEST]) == "unspaced" else token[:LONGEST]


def _theme_stems(token: str, language: str) -> list[tuple[str, str]]:
    """Return the stems in a token, each with its spelling if that is only part of the token."""
    if not token:
        return []
    if _script(token[:LONGEST]) == "unspaced":
        parts = _parts_of_chinese(token) if language == "zh" else [token]
        pairs = [pair for part in parts for pair in _pairs(part)]
        return [(pair, pair) for pair in pairs if pair not in _stop_words(language)]
    if token.isdecimal() or is_stop_word(token, language):
        return []
    return [("", without_accents(_stem(token, language)))]


def _alternatives(token: str) -> list[tuple[str, ...]]:
    script = _script(token[:LONGEST])
    if script == "unspaced":
        parts = [part for part in _parts_of_chinese(token) if part] or [token]
        return [(pair,) for part in parts for pair in _pairs(part)]
    languages = LATIN if script == "latin" else (LANGUAGE_OF_SCRIPT.get(script, ""),)
    forms = [form for language in languages for form in _forms(token, language)]
    return [tuple(dict.fromkeys([*forms, without_accents(token)]))]


def _forms(token: str, language: str) -> tuple[str, ...]:
    """Return the stem of the word as written, and as written without accents."""
    bare = without_accents(token)
    return tuple(dict.fromkeys((without_accents(_stem(token, language)), _stem(bare, language))))


def _says_nothing(token: str) -> bool:
    script = _script(token[:LONGEST])
    if script == "unspaced":
        return not any(_parts_of_chinese(token))
    languages = LATIN if script == "latin" else (LANGUAGE_OF_SCRIPT.get(script, ""),)
    return any(is_stop_word(token, language) for language in languages)


def is_stop_word(token: str, language: str) -> bool:
    """Return whether a normalized word is a stop word of the language."""
    return without_accents(token) in _stop_words(language)


def _parts_of_chinese(run: str) -> Iterator[str]:
    return (part for part in _grammar_of_chinese().split(run) if part)


def _pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else ["".join(pair) for pair in pairwise(run)]


@lru_cache(maxsize=REMEMBERED)
def _stem(token: str, language: str) -> str:
    if language == "ar":
        return arabic.stem(token)
    if language in SNOWBALL:
        return str(snowballstemmer.stemmer(SNOWBALL[language]).stemWord(token))
    return token


@lru_cache(maxsize=REMEMBERED)
def _language(token: str, language: str) -> str:
    """Return the language of a word within a text in `language`; empty if there are no rules for it."""
    spoken = language.partition("-")[0].lower()
    script = _script(token)
    if SCRIPTS.get(spoken) == script:
        return spoken
    if spoken in SCRIPTS or (not spoken and script != "latin"):
        return LANGUAGE_OF_SCRIPT.get(script, "")
    return ""


@lru_cache(maxsize=REMEMBERED)
def _script(token: str) -> str:
    return next((name for letters, name in SCRIPT if letters.search(token)), "")


@lru_cache
def _stop_words(language: str) -> frozenset[str]:
    return frozenset(without_accents(normal(STOP_WORDS.get(language, ""))).split())


@lru_cache
def _grammar_of_chinese() -> re.Pattern[str]:
    longer = sorted((word for word in _stop_words("zh") if len(word) > 1), key=len, reverse=True)
    return re.compile("|".join([*longer, f"[{GRAMMAR_OF_CHINESE}]"]))


@lru_cache(maxsize=REMEMBERED)
def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")
