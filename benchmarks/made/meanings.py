"""The test corpus of meanings in six languages, and how well the themes engine finds what is known of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from muntada.engines.themes import suggest
from muntada.engines.themes.encoder import Encoder
from muntada.engines.themes.near import compared
from muntada.engines.themes.settings import DEFAULTS, ThemeSettings
from muntada.engines.themes.texts import Description, IdentifiedText

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "engines" / "themes" / "data" / "meanings.json"
FRAMEWORK = ROOT / "src" / "muntada" / "forums" / "data" / "wsis.json"


@dataclass(frozen=True)
class Meaning:
    """Something to say, in six languages; reworded, edited and turned round in some of them."""

    meaning: str
    theme: str
    lines: Sequence[str]
    goals: Sequence[str]
    texts: Mapping[str, str]
    again: Mapping[str, str]
    edited: Mapping[str, str]
    contrary: Mapping[str, str]

    def those(self, wording: str) -> Iterator[IdentifiedText]:
        for language, text in getattr(self, wording).items():
            yield IdentifiedText(f"{self.meaning}/{wording}/{language}", language, text)


@dataclass(frozen=True)
class Measure:
    """Of what is found, the share that is right; of what there is, the share that is found."""

    right: int
    found: int
    there: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.found)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.there)

    def __str__(self) -> str:
        return f"{self.precision:.2f} | {self.recall:.2f}"


def meanings() -> list[Meaning]:
    return [Meaning(**one) for one in json.loads(CORPUS.read_text(encoding="utf-8"))["meanings"]]


def all_texts(wording: str) -> list[IdentifiedText]:
    return [text for meaning in meanings() for text in meaning.those(wording)]


def meant(text_id: str) -> str:
    return text_id.partition("/")[0]


def edits_found(encoder: Encoder | None = None) -> Measure:
    """Ask for each edited text; right is the text it was made from, as the same or edited."""
    existing = suggest.known(all_texts("texts"), encoder=encoder)
    right = found = there = 0
    for text in all_texts("edited"):
        answers = [
            one for one in suggest.near(text, existing, encoder=encoder) if one.kind in {"same", "edited"}
        ]
        there += 1
        found += len(answers)
        right += sum(one.id == f"{meant(text.id)}/texts/{text.language}" for one in answers)
    return Measure(right, found, there)


def contraries_told_apart(encoder: Encoder | None = None) -> Measure:
    """Ask for each contrary text; right is that the text it was made from is called its opposite."""
    existing = suggest.known(all_texts("texts"), encoder=encoder)
    right = found = there = 0
    for text in all_texts("contrary"):
        answers = suggest.near(text, existing, encoder=encoder, opposites=True)
        there += 1
        opposite = [one.id for one in answers if one.kind == "opposite"]
        found += sum(one.endswith(text.language) for one in opposite)
        right += f"{meant(text.id)}/texts/{text.language}" in opposite
    return Measure(right, found, there)


def rewordings_found(encoder: Encoder | None = None, settings: ThemeSettings = DEFAULTS) -> Measure:
    """Ask for each rewording within its language; right is the text that says the same."""
    right = found = there = 0
    for language in ("ar", "zh-hans", "en", "fr", "ru", "es"):
        existing = suggest.known(
            [text for text in all_texts("texts") if text.language == language], encoder=encoder
        )
        for text in (text for text in all_texts("again") if text.language == language):
            answers = suggest.near(text, existing, encoder=encoder, settings=settings)
            there += 1
            found += len(answers)
            right += sum(meant(one.id) == meant(text.id) for one in answers)
    return Measure(right, found, there)


def pairs_across_languages(encoder: Encoder | None = None, settings: ThemeSettings = DEFAULTS) -> Measure:
    """Match all texts; right are pairs of one meaning in two languages."""
    texts = all_texts("texts")
    language = {text.id: text.language for text in texts}
    pairs = [
        match
        for match in suggest.matches(texts, encoder=encoder, settings=settings)
        if language[match.one] != language[match.other]
    ]
    right = sum(meant(match.one) == meant(match.other) for match in pairs)
    return Measure(right, len(pairs), len(meanings()) * 15)


def likeliest_translations(encoder: Encoder | None = None) -> Mapping[tuple[str, str], float]:
    """By pair of languages: how often the likeliest text in the other language is the right one."""
    texts = all_texts("texts")
    existing = suggest.known(texts, encoder=encoder)
    languages = np.array([reading.language for reading in existing.readings])
    same = languages[:, None] == languages[None, :]
    likelihood = compared(existing, slice(None)).likelihood(same)
    shares = {}
    for one in sorted(set(languages)):
        for other in sorted(set(languages) - {one}):
            rows, columns = np.flatnonzero(languages == one), np.flatnonzero(languages == other)
            best = columns[likelihood[np.ix_(rows, columns)].argmax(axis=1)]
            hits = [
                meant(texts[row].id) == meant(texts[place].id) for row, place in zip(rows, best, strict=True)
            ]
            shares[str(one), str(other)] = float(np.mean(hits))
    return shares


def descriptions(part: str) -> list[Description]:
    """Give the framework's own lines or goals, by nothing but their titles."""
    framework = json.loads(FRAMEWORK.read_text(encoding="utf-8"))
    return [Description(one["code"], one["titles"]) for one in framework[part]]


def lines_suggested(
    part: str, encoder: Encoder | None = None, settings: ThemeSettings = DEFAULTS
) -> tuple[Measure, float, float]:
    """Suggest for each text; also the shares whose first suggestion, and any suggestion, is right."""
    described = descriptions(part)
    right = found = there = first = some = asked = 0
    for meaning in meanings():
        wanted = getattr(meaning, part)
        for text in meaning.those("texts"):
            codes = [one.code for one in suggest.lines(text, described, encoder=encoder, settings=settings)]
            hits = [code in wanted for code in codes]
            right, found, there = right + sum(hits), found + len(hits), there + len(wanted)
            first, some, asked = first + any(hits[:1]), some + any(hits), asked + 1
    return Measure(right, found, there), first / asked, some / asked


class Remembering:
    """An encoder that encodes each text once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: dict[str, np.ndarray] = {}

    def encode(self, texts: list[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in self._rows]
        if new:
            self._rows |= dict(zip(new, self._encoder.encode(new), strict=True))
        return np.array([self._rows[text] for text in texts])
