"""Keywords: words much more frequent in some texts than in others."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from muntada.engines.themes.glossary import LANGUAGES, concepts, is_term, with_broader
from muntada.engines.themes.reading import ReadText
from muntada.engines.themes.result import Keyword

NAMES = 4
SMALLEST_SHARE = 0.08  # of the texts of a group; a name must represent many of them
USUAL = 30.0  # a prior of this many texts, in each of which a word occurs with probability `USUAL_SHARE`
USUAL_SHARE = 0.01
FIELD = 2.0  # the weight of a glossary term relative to other words
LONGEST_CHINESE = 4
MOSTLY = 0.7  # a run that occurs this often inside a longer one is only a part of it

type Stem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TermCounts:
    """The number of texts with each concept and each word, by language, and the number of texts."""

    texts: int
    by_language: Counter[str]
    concepts: Counter[tuple[str, str]]
    stems: Counter[Stem]

    def of_concept(self, concept: str) -> int:
        return sum(self.concepts[language, concept] for language in self.by_language)


def counted(readings: Iterable[ReadText]) -> TermCounts:
    by_language: Counter[str] = Counter()
    named: Counter[tuple[str, str]] = Counter()
    stems: Counter[Stem] = Counter()
    for reading in readings:
        by_language[reading.language] += 1
        named.update({(reading.language, mention.concept) for mention in reading.mentions})
        stems.update(set(_units(reading)))
    return TermCounts(by_language.total(), by_language, named, stems)


def leading_concepts(group: TermCounts, everything: TermCounts) -> list[str]:
    """Return the concepts that stand out in a group, in as many of its languages as possible."""
    scores: dict[str, float] = {}
    for concept in sorted({concept for _, concept in group.concepts}):
        count = group.of_concept(concept)
        if count >= SMALLEST_SHARE * group.texts and not concept.startswith("goal-"):
            named_in = sum(group.concepts[language, concept] > 0 for language in group.by_language)
            score = _stands_out(count, group.texts, everything.of_concept(concept), everything.texts)
            scores[concept] = score * sqrt(named_in / len(group.by_language))
    kept: list[str] = []
    for concept in sorted(scores, key=lambda concept: (-scores[concept], concept)):
        if scores[concept] > 0 and not any(concept in with_broader(one) for one in kept):
            kept.append(concept)
    return kept


def leading_words(
    group: TermCounts, everything: TermCounts, readings: Sequence[ReadText], most: int
) -> list[Keyword]:
    """Return the words that stand out, in their usual spelling; a larger language gets more of them."""
    scores: dict[Stem, float] = {}
    for (language, stem), count in group.stems.items():
        among = group.by_language[language] or group.texts
        if count >= min(2, among) and count >= SMALLEST_SHARE * among:
            others = everything.by_language[language] or everything.texts
            score = _stands_out(count, among, everything.stems[language, stem], others)
            if score > 0:
                field = FIELD if is_term(language, stem) else 1.0
                scores[language, stem] = field * score * among / group.texts
    leading = sorted(scores, key=lambda stem: (-scores[stem], stem))
    leading = _whole(leading[: 10 * most], group.stems)[:most]
    written = _written(leading, readings)
    return [Keyword(written[stem], stem[0], round(scores[stem], 6)) for stem in leading]


def names(
    group: TermCounts, everything: TermCounts, readings: Sequence[ReadText], languages: Iterable[str]
) -> Mapping[str, tuple[str, ...]]:
    """Name a group in each language: from the glossary, else from words of its texts in that language."""
    leading = leading_concepts(group, everything)[:NAMES]
    words = leading_words(group, everything, readings, NAMES * len(LANGUAGES))
    known = concepts()
    named: dict[str, tuple[str, ...]] = {}
    for language in languages:
        spoken = language.partition("-")[0].lower()
        chosen = [known[concept].names[spoken] for concept in leading if spoken in known[concept].names]
        own = [keyword.word for keyword in words if keyword.language == spoken]
        fill = [word for word in own if not any(word.casefold() in name.casefold() for name in chosen)]
        named[language] = tuple((chosen + fill)[:NAMES])
    return named


def of_texts(readings: Sequence[ReadText], most: int) -> list[Keyword]:
    """Return the words of texts by frequency, glossary terms first."""
    times = Counter(unit for reading in readings for unit in _units(reading))
    weight = {stem: count * (FIELD if is_term(*stem) else 1.0) for stem, count in times.items()}
    leading = _whole(sorted(weight, key=lambda stem: (-weight[stem], stem))[: 10 * most], times)[:most]
    written = _written(leading, readings)
    heaviest = max(weight.values(), default=1.0)
    return [Keyword(written[stem], stem[0], weight[stem] / heaviest) for stem in leading]


def _units(reading: ReadText) -> Iterator[Stem]:
    """Yield the stems of a text; in Chinese, all runs of two to four characters within phrases."""
    phrase = ""
    for word in reading.words:
        if word.language != "zh" or len(word.written) == 1:
            yield (word.language, word.stem)
        elif phrase.endswith(word.written[0]):
            phrase += word.written[1:]
        else:
            yield from _runs(phrase)
            phrase = word.written
    yield from _runs(phrase)


def _runs(phrase: str) -> Iterator[Stem]:
    for length in range(2, min(LONGEST_CHINESE, len(phrase)) + 1):
        for start in range(len(phrase) - length + 1):
            yield ("zh", phrase[start : start + length])


def _whole(stems: Sequence[Stem], counts: Mapping[Stem, int]) -> list[Stem]:
    """Drop Chinese runs that mostly belong to a longer one, or mostly extend beyond the word."""
    chinese = [run for language, run in stems if language == "zh"]
    parts = {
        shorter
        for shorter in chinese
        for longer in chinese
        if len(longer) > len(shorter)
        and shorter in longer
        and counts["zh", longer] >= MOSTLY * counts["zh", shorter]
    }
    wider = {
        longer
        for longer in chinese
        for shorter in chinese
        if len(longer) > len(shorter)
        and shorter in longer
        and counts["zh", longer] < MOSTLY * counts["zh", shorter]
    }
    dropped = {run for run in parts | wider if not is_term("zh", run)}
    return [stem for stem in stems if stem[0] != "zh" or stem[1] not in dropped]


def _stands_out(count: int, among: int, overall: int, everybody: int) -> float:
    """Weigh the frequency of a word in a group by its ratio to the overall frequency."""
    here = count / max(1, among)
    anywhere = (overall + USUAL * USUAL_SHARE) / (everybody + USUAL)
    return here * log(here / anywhere) if here > 0 else 0.0


def _written(stems: Sequence[Stem], readings: Sequence[ReadText]) -> Mapping[Stem, str]:
    """Return the most frequent spelling of each stem; a Chinese run is its own spelling."""
    wanted = set(stems)
    forms: dict[Stem, Counter[str]] = defaultdict(Counter)
    for reading in readings:
        for word in reading.words:
            if (word.language, word.stem) in wanted:
                forms[word.language, word.stem][word.written.lower()] += 1
    return {
        stem: min(forms[stem], key=lambda form: (-forms[stem][form], len(form), form))
        if stem in forms
        else stem[1]
        for stem in stems
    }
