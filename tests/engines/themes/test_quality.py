"""How well the engine finds what is known of the corpus: floors under benchmarks/results/themes.md."""

import pytest
from made import meanings as corpus

from muntada.engines.themes.encoder import Encoder, installed_encoder


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    installed = installed_encoder()
    if installed is None:
        pytest.skip("the extra 'languages' is not installed")
    return corpus.Remembering(installed)


def test_the_corpus_is_as_large_as_it_says() -> None:
    assert len(corpus.meanings()) >= 40
    assert len(corpus.all_texts("texts")) == 6 * len(corpus.meanings())
    assert len(corpus.all_texts("again")) >= 60
    assert len(corpus.all_texts("edited")) >= 25
    assert len(corpus.all_texts("contrary")) >= 25


def test_edited_texts_are_found_and_nothing_else() -> None:
    measure = corpus.edits_found()
    assert measure.recall >= 0.97
    assert measure.precision >= 0.97


def test_contrary_texts_are_told_apart() -> None:
    measure = corpus.contraries_told_apart()
    assert measure.recall >= 0.85
    assert measure.precision >= 0.95


def test_rewordings_are_found_within_a_language() -> None:
    measure = corpus.rewordings_found()
    assert measure.recall >= 0.65
    assert measure.precision >= 0.95


def test_meanings_are_matched_across_languages_by_words() -> None:
    measure = corpus.pairs_across_languages()
    assert measure.recall >= 0.7
    assert measure.precision >= 0.8


def test_the_likeliest_text_in_another_language_is_mostly_the_right_one() -> None:
    shares = corpus.likeliest_translations()
    assert len(shares) == 30
    assert min(shares.values()) >= 0.7
    assert sum(shares.values()) / 30 >= 0.82


@pytest.mark.slow
def test_with_the_encoder_meanings_are_matched_nearly_always(encoder: Encoder) -> None:
    pairs, rewordings = corpus.pairs_across_languages(encoder), corpus.rewordings_found(encoder)
    assert min(pairs.recall, pairs.precision) >= 0.93
    assert min(rewordings.recall, rewordings.precision) >= 0.82
    assert min(corpus.likeliest_translations(encoder).values()) >= 0.95


@pytest.mark.parametrize(("part", "first_right", "precise"), [("lines", 0.57, 0.55), ("goals", 0.46, 0.52)])
def test_lines_and_goals_are_suggested_from_titles_alone(
    part: str, first_right: float, precise: float
) -> None:
    measure, first, some = corpus.lines_suggested(part)
    assert first >= first_right
    assert measure.precision >= precise
    assert some > first


@pytest.mark.slow
def test_the_encoder_makes_no_suggestion_worse(encoder: Encoder) -> None:
    for part in ("lines", "goals"):
        assert corpus.lines_suggested(part, encoder)[1] >= corpus.lines_suggested(part)[1] - 0.02
