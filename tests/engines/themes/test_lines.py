"""Lines and goals are suggested with the words that led to them."""

import pytest
from made.meanings import descriptions

from muntada.engines.themes import suggest
from muntada.engines.themes.settings import ThemeSettings
from muntada.engines.themes.texts import Description, IdentifiedText

LINES, GOALS = descriptions("lines"), descriptions("goals")
HEALTH = {
    "ar": "نريد أطباء وتطبيباً عن بعد في المستشفى",
    "zh-hans": "乡村医院需要医生和远程医疗",
    "en": "Telemedicine brings the doctor into the village hospital",
    "fr": "La télémédecine amène le médecin à l'hôpital du village",
    "ru": "Телемедицина приведёт врача в сельскую больницу",
    "es": "La telemedicina lleva al médico al hospital del pueblo",
}


@pytest.mark.parametrize("language", HEALTH)
def test_e_health_and_the_goal_of_health_are_suggested_in_six_languages(language: str) -> None:
    text = IdentifiedText("a", language, HEALTH[language])
    assert suggest.lines(text, LINES)[0].code == "C7-eHea"
    assert suggest.lines(text, GOALS)[0].code == "3"


def test_a_suggestion_tells_the_words_of_the_text() -> None:
    best = suggest.lines(IdentifiedText("a", "en", HEALTH["en"]), LINES)[0]
    assert best.words == ("Telemedicine", "doctor", "hospital")
    assert str(best.reason) == "The text speaks of Telemedicine, doctor, hospital."
    assert 0 < best.score <= 1


def test_a_text_about_nothing_of_the_field_gets_no_suggestion() -> None:
    assert suggest.lines(IdentifiedText("a", "en", "My cat sleeps on the warm roof."), LINES) == ()
    assert suggest.lines(IdentifiedText("a", "en", ""), LINES) == ()
    assert suggest.lines(IdentifiedText("a", "en", HEALTH["en"]), []) == ()


def test_no_more_are_suggested_than_asked_for_and_the_best_is_first() -> None:
    text = IdentifiedText(
        "a", "en", "Teachers, hospitals, farmers, journalists and start-ups need safe Internet."
    )
    found = suggest.lines(text, LINES, settings=ThemeSettings(line=0.01, lines_listed=4))
    assert len(found) == 4
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_word_with_two_meanings_in_one_language_is_outvoted_by_the_others() -> None:
    """In English alone, "media" could be anything; the other wordings leave the press."""
    described = [
        Description(
            "press", {"en": "Press freedom", "fr": "Liberté de la presse", "es": "Libertad de prensa"}
        ),
        Description("water", {"en": "Press water from wells", "fr": "Eau potable", "es": "Agua potable"}),
    ]
    found = suggest.lines(IdentifiedText("a", "en", "Journalists want freedom of the press"), described)
    assert [one.code for one in found] == ["press"]


def test_descriptions_of_a_forum_of_ones_own_work_as_well() -> None:
    described = [
        Description("roads", {"en": "Roads, buses and traffic in our city"}),
        Description("books", {"en": "Libraries and archives"}),
    ]
    found = suggest.lines(
        IdentifiedText("a", "es", "La biblioteca del barrio necesita más libros"), described
    )
    assert [one.code for one in found] == ["books"]
