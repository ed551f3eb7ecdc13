"""The glossary is whole, and finds what a text names."""

import pytest

from muntada.engines.themes.glossary import LANGUAGES, concepts, is_term, mentions, with_broader
from muntada.engines.words import words, written_words


def named(text: str, language: str) -> set[str]:
    return {mention.concept for mention in mentions(text, written_words(text, language))}


def test_every_concept_has_a_name_in_each_language() -> None:
    for concept in concepts().values():
        assert set(concept.names) == set(LANGUAGES)
        assert all(concept.names.values()), concept.key


def test_every_name_is_found_in_its_language() -> None:
    lost = [
        (concept.key, language)
        for concept in concepts().values()
        for language, name in concept.names.items()
        if concept.key not in named(name, language)
    ]
    assert lost == []


def test_what_a_concept_belongs_to_exists_and_leads_round_in_no_circle() -> None:
    for concept in concepts().values():
        assert all(broader in concepts() for broader in concept.broader), concept.key
        assert all(concept.key not in with_broader(broader) for broader in concept.broader), concept.key


def test_what_is_meant_too_counts_half_at_each_step() -> None:
    shares = with_broader("telemedicine")
    assert shares == {"telemedicine": 1.0, "health": 0.5}
    assert with_broader("fibre")["infrastructure"] == 0.125


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "High-speed Internet for every village"),
        ("fr", "Le très haut débit dans tous les villages"),
        ("ar", "النطاق العريض لكل القرى"),
        ("ru", "Широкополосный доступ в каждой деревне"),
        ("zh-hans", "让每个村庄都有宽带"),
        ("es", "Banda ancha en cada aldea"),
    ],
)
def test_the_same_thing_is_found_in_six_languages(language: str, text: str) -> None:
    assert {"broadband", "rural"} <= named(text, language)


def test_of_terms_that_overlap_the_longest_is_taken() -> None:
    assert named("digital literacy", "en") == {"digital-literacy"}
    assert named("民间社会组织", "zh") == {"civil-society"}


def test_a_foreign_term_is_found_in_its_own_language() -> None:
    assert "cybersecurity" in named("نحتاج إلى cybersecurity في كل مكان", "ar")


def test_a_text_about_nothing_of_the_field_names_nothing() -> None:
    assert named("The quick brown fox jumps over the lazy dog.", "en") == set()


def test_a_word_of_the_glossary_is_known_by_its_stem() -> None:
    assert is_term("en", words("satellites", "en")[0])
    assert is_term("zh", "卫星")
    assert not is_term("en", "fox")
    assert not is_term("pt", "satélite")
