"""Which side a text takes."""

import pytest

from muntada.engines.themes.contraries import stance

PAIRS = [
    ("en", "Allow cameras in the street.", "Ban cameras in the street."),
    ("fr", "Il faut autoriser les caméras.", "Il faut interdire les caméras."),
    ("es", "Hay que permitir las cámaras.", "Hay que prohibir las cámaras."),
    ("ru", "Разрешить камеры на улицах.", "Запретить камеры на улицах."),
    ("ar", "اسمحوا بالكاميرات في الشوارع", "احظروا الكاميرات في الشوارع"),
    ("zh-hans", "应允许在街上安装摄像头", "应禁止在街上安装摄像头"),
]


@pytest.mark.parametrize(("language", "one", "other"), PAIRS)
def test_for_and_against_contradict_each_other(language: str, one: str, other: str) -> None:
    assert stance(one, language).contradicts(stance(other, language))
    assert stance(other, language).contradicts(stance(one, language))


@pytest.mark.parametrize(("language", "one", "other"), PAIRS)
def test_they_contradict_each_other_across_languages(language: str, one: str, other: str) -> None:
    assert stance(one, language).contradicts(stance("Ban it", "en"))
    assert stance("Allow it", "en").contradicts(stance(other, language))


@pytest.mark.parametrize(("language", "one", "other"), PAIRS)
def test_nothing_contradicts_itself(language: str, one: str, other: str) -> None:
    assert not stance(one, language).contradicts(stance(one, language))


def test_a_refusal_turns_round_what_follows_it_at_once() -> None:
    assert not stance("Cameras must not be allowed.", "en").contradicts(stance("Ban cameras.", "en"))
    assert stance("Do not ban cameras.", "en").contradicts(stance("Ban cameras.", "en"))


def test_a_refusal_does_not_reach_into_the_next_clause() -> None:
    text = "There is no signal. Allow us to build a network."
    assert stance(text, "en").contradicts(stance("Forbid it.", "en"))


def test_refusals_are_counted() -> None:
    assert stance("We cannot and will not pay.", "en").refusals == 2
    assert stance("Nous ne paierons jamais.", "fr").refusals == 2
    assert stance("我们不付钱", "zh").refusals == 1
    assert stance("Мы не платим", "ru").refusals == 1


def test_who_takes_both_sides_contradicts_nobody() -> None:
    both = stance("Some things must be allowed and others banned.", "en")
    assert not both.contradicts(stance("Ban it.", "en"))


def test_to_change_sides_once_is_noticed_among_other_words_for_a_side() -> None:
    one = stance("Those who support small parties are likely to oppose the reform.", "en")
    other = stance("Those who support small parties are likely to support the reform.", "en")
    assert one.changes_sides(other)
    assert not one.changes_sides(one)
    assert not one.contradicts(other)


def test_a_language_without_rules_takes_no_side() -> None:
    assert stance("não permitir", "pt").sides == {}
