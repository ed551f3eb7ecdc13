"""What is there already and says the same as what somebody is about to submit."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.meanings import all_texts

from kinds import rounds
from muntada.engines.themes import suggest
from muntada.engines.themes.near import KnownTexts
from muntada.engines.themes.settings import ThemeSettings
from muntada.engines.themes.texts import IdentifiedText

BACKDOORS = IdentifiedText(
    "new", "en", "Weakening encryption for the police weakens it for everybody. No back doors in messengers."
)


@pytest.fixture(scope="module")
def existing() -> KnownTexts:
    return suggest.known(all_texts("texts"))


def test_the_same_is_found_whatever_its_case_and_punctuation(existing: KnownTexts) -> None:
    shouted = replace(BACKDOORS, text=BACKDOORS.text.upper().replace(".", " !!! "))
    best = suggest.near(shouted, existing)[0]
    assert (best.id, best.kind, best.score) == ("no-backdoors/texts/en", "same", 1.0)
    assert str(best.reason).startswith("It is the same")


def test_typing_errors_and_changed_order_are_an_edit(existing: KnownTexts) -> None:
    text = "No back doors in mesengers. Weakening encryption for the police weakens it for everyone."
    best = suggest.near(IdentifiedText("new", "en", text), existing)[0]
    assert (best.id, best.kind) == ("no-backdoors/texts/en", "edited")
    assert best.score >= 0.85
    assert "% of the letters" in str(best.reason)


def test_another_sentence_that_says_the_same_is_alike_with_the_words_in_common(existing: KnownTexts) -> None:
    text = "If you weaken the encryption of messengers for the police, it is weak for all."
    found = suggest.near(IdentifiedText("new", "en", text), existing)
    english = next(one for one in found if one.id == "no-backdoors/texts/en")
    assert english.kind == "alike"
    assert "encryption" in english.words
    assert "encryption" in str(english.reason)


def test_a_translation_is_found_with_the_words_that_led_to_it(existing: KnownTexts) -> None:
    found = suggest.near(BACKDOORS, existing)
    french = next(one for one in found if one.id == "no-backdoors/texts/fr")
    assert french.kind == "translated"
    assert "encryption" in french.words


def test_the_contrary_is_not_the_same(existing: KnownTexts) -> None:
    contrary = IdentifiedText(
        "new",
        "en",
        "Weakening encryption for the police does not weaken it for everybody. Back doors in messengers.",
    )
    assert "no-backdoors/texts/en" not in {one.id for one in suggest.near(contrary, existing)}
    opposite = suggest.near(contrary, existing, opposites=True)
    assert ("no-backdoors/texts/en", "opposite") in {(one.id, one.kind) for one in opposite}


def test_something_else_is_like_nothing(existing: KnownTexts) -> None:
    assert suggest.near(IdentifiedText("new", "en", "My cat sleeps on the warm roof."), existing) == ()


@pytest.mark.parametrize("text", ["", " \u200b\u202e ", "😀😀😀", "!!!", "12", "的", "the of and"])
def test_a_text_without_a_word_is_like_nothing(existing: KnownTexts, text: str) -> None:
    assert suggest.near(IdentifiedText("new", "en", text), existing) == ()


def test_the_statement_itself_is_left_out(existing: KnownTexts) -> None:
    own = replace(BACKDOORS, id="no-backdoors/texts/en")
    assert own.id not in {one.id for one in suggest.near(own, existing)}


def test_nothing_is_near_where_nothing_is() -> None:
    assert suggest.near(BACKDOORS, suggest.known([])) == ()
    assert suggest.near(BACKDOORS, []) == ()


def test_a_list_serves_as_well_as_what_was_made_ready() -> None:
    texts = [IdentifiedText("a", "en", "No back doors in messengers, encryption is for everybody.")]
    assert suggest.near(BACKDOORS, texts) == suggest.near(BACKDOORS, suggest.known(texts))


def test_what_is_added_is_found_and_the_old_stays_as_it_was(existing: KnownTexts) -> None:
    added = existing.with_added(
        [IdentifiedText("late", "en", "Goats graze between the solar panels of our valley.")]
    )
    asked = IdentifiedText("new", "en", "In our valley goats graze between solar panels.")
    assert suggest.near(asked, added)[0].id == "late"
    assert "late" not in {one.id for one in suggest.near(asked, existing)}
    assert len(added.texts) == len(existing.texts) + 1


def test_no_more_are_listed_than_asked_for(existing: KnownTexts) -> None:
    everything = ThemeSettings(near=0, near_across=0, listed=3)
    assert len(suggest.near(BACKDOORS, existing, settings=everything)) == 3


def test_the_best_comes_first_and_no_score_leaves_its_bounds(existing: KnownTexts) -> None:
    everything = ThemeSettings(near=0, near_across=0, listed=40)
    scores = [one.score for one in suggest.near(BACKDOORS, existing, settings=everything, opposites=True)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_the_order_in_which_texts_came_does_not_matter() -> None:
    texts = all_texts("texts")
    forwards = suggest.near(BACKDOORS, suggest.known(texts))
    backwards = suggest.near(BACKDOORS, suggest.known(texts[::-1]))
    assert [(one.id, one.kind, round(one.score, 9)) for one in forwards] == [
        (one.id, one.kind, round(one.score, 9)) for one in backwards
    ]


def test_matches_are_pairs_given_once() -> None:
    texts = [
        IdentifiedText("a", "en", "Every village needs broadband and a library."),
        IdentifiedText("b", "en", "every village needs broadband and a library"),
        IdentifiedText("c", "fr", "Chaque village a besoin du haut débit et d'une bibliothèque."),
        IdentifiedText("d", "en", "Journalists are threatened by spyware."),
    ]
    pairs = {(match.one, match.other): match.kind for match in suggest.matches(texts)}
    assert pairs == {("a", "b"): "same", ("a", "c"): "translated", ("b", "c"): "translated"}


def test_two_texts_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        suggest.known([BACKDOORS, BACKDOORS])


@rounds(60)
@given(st.text(max_size=200), st.sampled_from(["ar", "zh-hans", "en", "fr", "ru", "es", "pt", ""]))
def test_any_text_can_be_asked_about_and_is_the_same_as_itself(text: str, language: str) -> None:
    known = suggest.known(
        [IdentifiedText("a", language, text), IdentifiedText("b", "en", "Broadband for all villages")]
    )
    found = suggest.near(IdentifiedText("new", language, text), known, opposites=True)
    if any(letter.isalnum() for letter in known.readings[0].bare):
        assert any((one.id, one.kind) == ("a", "same") for one in found)
