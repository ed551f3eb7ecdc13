"""Words that say what texts are about: those they have much more often than other texts do."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from muntada.engines.themes.glossary import LANGUAGES, concepts, is_term, with_broader
from muntada.engines.themes.reading import Reading
from muntada.engines.themes.result import Keyword

NAMES = 4
SMALLEST_SHARE = 0.08  # of the texts of a group; a name stands for many of them
USUAL = 30.0  # other texts are imagined, in each of which a word stands with probability `USUAL_SHARE`
USUAL_SHARE = 0.01
FIELD = 2.0  # a word of the glossary counts so many times as much as another
LONGEST_CHINESE = 4
MOSTLY = 0.7  # what stands so often inside something longer is only a part of it

type Stem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many texts each concept and each word stands, by language, and the texts there are."""

    texts: int
    by_language: Counter[str]
    concepts: Counter[tuple[str, str]]
    stems: Counter[Stem]

    def of_concept(self, concept: str) -> int:
        return sum(self.concepts[language, concept] for language in self.by_language)


def counted(readings: Iterable[Reading]) -> Counts:
    by_language: Counter[str] = Counter()
    named: Counter[tuple[str, str]] = Counter()
    stems: Counter[Stem] = Counter()
    for reading in readings:
        by_language[reading.language] += 1
        named.update({(reading.language, mention.concept) for mention in reading.mentions})
        stems.update(set(_units(reading)))
    return Counts(by_language.total(), by_language, named, stems)


def leading_concepts(group: Counts, everything: Counts) -> list[str]:
    """Give the concepts that stand out in a group, in as many of its languages as possible."""
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


def leading_words(group: Counts, everything: Counts, readings: Sequence[Reading], most: int) -> list[Keyword]:
    """Give the words that stand out, each as it is mostly written; a large language gives more of them."""
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
    group: Counts, everything: Counts, readings: Sequence[Reading], languages: Iterable[str]
) -> Mapping[str, tuple[str, ...]]:
    """Name a group in each language: by the glossary, or else by words of the texts in this language."""
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


def of_texts(readings: Sequence[Reading], most: int) -> list[Keyword]:
    """Give the words of texts by how often they stand there, words of the field before others."""
    times = Counter(unit for reading in readings for unit in _units(reading))
    weight = {stem: count * (FIELD if is_term(*stem) else 1.0) for stem, count in times.items()}
    leading = _whole(sorted(weight, key=lambda stem: (-weight[stem], stem))[: 10 * most], times)[:most]
    written = _written(leading, readings)
    heaviest = max(weight.values(), default=1.0)
    return [Keyword(written[stem], stem[0], weight[stem] / heaviest) for stem in leading]


def _units(reading: Reading) -> Iterator[Stem]:
    """Give the stems of a text; of Chinese all runs of two to four characters within its phrases."""
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
    """Leave out runs of Chinese that are mostly part of a longer one, or mostly wider than the word."""
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
    """Weigh how usual a word is in a group by how much more usual it is there than anywhere."""
    here = count / max(1, among)
    anywhere = (overall + USUAL * USUAL_SHARE) / (everybody + USUAL)
    return here * log(here / anywhere) if here > 0 else 0.0


def _written(stems: Sequence[Stem], readings: Sequence[Reading]) -> Mapping[Stem, str]:
    """Give each stem as it is mostly written; a run of Chinese is written as it is."""
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
