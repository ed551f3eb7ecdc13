from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

from muntada.foundations import errors
from muntada.foundations.errors import template_here
from muntada.foundations.languages import (
    CONTENT_LANGUAGES,
    city_name,
    direction,
    in_language,
    language_of,
    listed,
    weekday_and_day,
)


@pytest.mark.parametrize(
    ("language", "moment", "day"),
    [
        ("ar", "7 يوليو 2025، 09:05", "7 يوليو"),
        ("zh-hans", "2025年7月7日 09:05", "7月7日"),
        ("en", "7 July 2025, 09:05", "7 July"),
        ("fr", "7 juillet 2025 09:05", "7 juillet"),
        ("ru", "7 июля 2025 г. 9:05", "7 июля"),
        ("es", "7 de julio de 2025 a las 09:05", "7 de julio"),
    ],
)
def test_a_date_reads_as_its_language_writes_it(language, moment, day):
    with translation.override(language):
        assert date_format(datetime(2025, 7, 7, 9, 5, tzinfo=UTC), "DATETIME_FORMAT") == moment
        assert date_format(date(2025, 7, 7), "MONTH_DAY_FORMAT") == day


@pytest.mark.parametrize(
    ("language", "row"),
    [
        ("en", "a, b, and c"),
        ("fr", "a, b et c"),
        ("ru", "a, b и c"),
        ("zh-hans", "a、b和c"),
        ("ar", "a وb وc"),
    ],
)
def test_words_stand_in_a_row_as_the_language_of_the_page_has_them(language, row):
    with translation.override(language):
        assert listed(["a", "b", "c"]) == row
        assert listed(["a"]) == "a"
        assert listed([]) == ""


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("ar", "الاثنين، 7 يوليو 2025"),
        ("zh-hans", "2025年7月7日星期一"),
        ("en", "Monday, 7 July 2025"),
        ("fr", "lundi 7 juillet 2025"),
        ("ru", "понедельник, 7 июля 2025\u202fг."),
        ("es", "lunes, 7 de julio de 2025"),
    ],
)
def test_a_weekday_and_its_day_stand_together_as_the_language_of_the_page_has_them(language, day):
    with translation.override(language):
        assert weekday_and_day(date(2025, 7, 7)) == day


@pytest.mark.parametrize(("language", "city"), [("ar", "زيورخ"), ("ru", "Цюрих"), ("es", "Zúrich")])
def test_a_zone_is_named_by_its_city_in_the_language_of_the_page(language, city):
    with translation.override(language):
        assert city_name("Europe/Zurich") == city


def test_a_zone_without_a_city_is_named_as_it_is():
    assert city_name("Etc/GMT-2") == "GMT-2"


def test_only_arabic_of_the_six_runs_from_right_to_left():
    assert [code for code, _ in CONTENT_LANGUAGES if direction(code) == "rtl"] == ["ar"]
    assert direction("ur-PK") == "rtl"


def test_a_text_is_given_in_the_wanted_language_else_in_english_else_in_any():
    texts = {"fr": "Bonjour", "en": "Hello"}
    assert (in_language(texts, "fr"), language_of(texts, "fr")) == ("Bonjour", "fr")
    assert (in_language(texts, "ru"), language_of(texts, "ru")) == ("Hello", "en")
    assert (in_language({"ru": "Привет"}, "es"), language_of({"ru": "Привет"}, "es")) == ("Привет", "ru")
    assert in_language({}, "es") == ""


def test_an_engines_sentence_has_the_forms_of_the_language_of_the_page(monkeypatch):
    """The first number of it is what the language is asked about; a sentence of one line has one form."""
    asked = []

    def ngettext(_one, more, number):
        asked.append(number)
        return more

    monkeypatch.setattr(errors, "ngettext", ngettext)
    sentence = "%(seats)d seat of %(all)d\n%(seats)d seats of %(all)d"
    assert template_here(sentence, {"seats": 21, "all": 1}) == "%(seats)d seats of %(all)d"
    assert asked == [21]
    monkeypatch.undo()
    assert template_here(sentence, {"seats": 1, "all": 5}) == "%(seats)d seat of %(all)d"
    assert template_here("It stands.", {}) == "It stands."
    assert template_here(sentence, {}) == "%(seats)d seats of %(all)d"
