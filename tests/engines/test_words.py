"""Words meet across their forms in six languages, and what is not the same word stays apart."""

import subprocess
import sys
import unicodedata
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.stopwords import STOP_WORDS
from muntada.engines.words import normal, query_words, search_words, without_accents, words

SIX = ("ar", "zh-hans", "en", "fr", "ru", "es")
ONE_STEM = [
    ("ar", "حقوق والحقوق الحقوق بالحقوق للحقوق لحقوق وبحقوق حقوقهم وحقوقنا حُقُوق حقـــوق"),
    ("ar", "بيانات البيانات وبياناتهم بالبيانات للبيانات"),
    ("ar", "وصول الوصول والوصول بالوصول للوصول"),
    ("ar", "التزام الالتزام التزامات والتزاماتها بالتزاماتهم"),
    ("ar", "إلكترونية الإلكتروني والالكترونيات"),
    ("ar", "لغات اللغة ولغاتنا باللغات"),
    ("ar", "فريق الفريق والفريق"),
    ("ar", "رقمي رقمية الرقمية رقمياً والرقميّة"),
    ("ar", "كهرباء الكهربائية"),
    ("en", "connect connects connected connecting CONNECTED"),
    ("en", "policy policies Policy"),
    ("en", "child's child"),
    ("fr", "l'éducation éducation Éducation l’éducation d'éducation ÉDUCATIONS e\u0301ducation"),
    ("fr", "numérique numériques NUMÉRIQUES"),
    ("fr", "local locale locales"),
    ("ru", "школа школы школе школу школой школам школах"),
    ("ru", "зелёный зеленого зелёному"),
    ("ru", "доступ доступа доступу доступом до\u0301ступ"),
    ("es", "país países PAÍS"),
    ("es", "red redes"),
    ("es", "información informaciones"),
]
APART = [
    ("ar", "فريق", "ريق"),
    ("ar", "بيانات", "بيئة"),
    ("ar", "كتاب", "تاب"),
    ("ar", "وزارة", "زيارة"),
    ("ar", "لغة", "غاية"),
    ("en", "school", "scheme"),
    ("ru", "школа", "шкала"),
    ("fr", "droit", "adroit"),
    ("es", "red", "rey"),
    ("zh", "网络", "电脑"),
]


@pytest.mark.parametrize(("language", "forms"), ONE_STEM)
def test_the_forms_of_a_word_have_one_stem(language: str, forms: str) -> None:
    stems = [words(form, language) for form in forms.split()]
    assert all(len(found) == 1 for found in stems)
    assert len({found[0] for found in stems}) == 1, stems


@pytest.mark.parametrize(("language", "one", "other"), APART)
def test_different_words_stay_apart(language: str, one: str, other: str) -> None:
    assert not set(words(one, language)) & set(words(other, language))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ﺍﻟﺤﻘﻮﻕ", "الحقوق"),
        ("أُمَّة آسيا إلى", "امه اسيا الي"),
        ("٢٠٢٥ و۲۰۲۵", "2025 و2025"),
        ("ＩＰｖ６　网络", "ipv6 网络"),
        ("Ещё", "еще"),
        ("йод", "йод"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("con\u00adnec\u200btion", "connection"),
        ("\u202eabc\u202c \u2066d\u2069", "abc d"),
        ("one\r\n\t two\u00a0 three ", "one two three"),
        ("l’accès", "l'accès"),
        ("\ufeff", ""),
        ("a\ud800b", "a b"),
        ("Україна", "україна"),
        ("हिन्दी १२", "हिन्दी 12"),
    ],
)
def test_a_text_is_made_plain(text: str, plain: str) -> None:
    assert normal(text) == plain


@given(st.text())
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(st.text(alphabet=st.characters(codec="utf-8")), st.sampled_from([*SIX, "", "pt", "fa"]))
def test_any_text_gives_words_without_blanks(text: str, language: str) -> None:
    for word in [*words(text, language), *search_words(text, language), *chain(*query_words(text))]:
        assert word
        assert word == "".join(word.split())


def test_accents_fall_from_latin_letters_only() -> None:
    assert without_accents("numérique ñandú йод") == "numerique nandu йод"


@pytest.mark.parametrize("language", SIX)
def test_stop_words_say_nothing(language: str) -> None:
    assert words(STOP_WORDS[language.partition("-")[0]], language) == []


def test_chinese_reads_the_same_with_and_without_spaces() -> None:
    assert words("农村 学校 的 宽带", "zh-hans") == ["农村", "学校", "宽带"]
    assert set(words("农村 学校 的 宽带", "zh-hans")) <= set(words("农村学校的宽带", "zh-hans"))
    assert words("5G网络", "zh") == ["5g", "网络"]


def test_a_foreign_word_is_taken_for_a_word_of_the_language_its_script_is_used_for() -> None:
    assert words("broadband networks في المدارس", "ar")[:2] == words("broadband networks", "en")
    assert words("школах and schools", "fr")[0] == words("школа", "ru")[0]


def test_a_language_without_rules_comes_as_it_is_written() -> None:
    assert words("ações políticas", "pt") == ["acoes", "politicas"]
    assert words("و حقوق", "fa") == ["و", "حقوق"]
    assert words("networks", "") == ["networks"]


def test_numbers_say_nothing_about_a_theme_but_are_found() -> None:
    assert words("in 2025", "en") == []
    assert search_words("in 2025", "en") == ["2025"]


FOUND = [
    ("ar", "تعزيز الحقوق الرقمية والانترنت للجميع", ["حقوق رقمية", "انترنت", "والحقوق", "للحقوق الرقمية"]),
    (
        "zh-hans",
        "促进人工智能和互联网的发展",
        ["人工智能", "智能", "互联网", "网", "人工智能的发展", "发展 人工智能"],
    ),
    ("en", "Connected schools in rural areas", ["school", "connecting", "the rural area", "AREAS"]),
    ("fr", "L’égalité d'accès à l'éducation numérique", ["numerique", "education", "l'accès", "égalité"]),
    ("ru", "Доступ к сети для сельских школ ещё дорог", ["школа", "сельская школа", "доступом", "дорогой"]),
    (
        "es",
        "La información llega a los países sin conexión",
        ["informacion", "país", "conexiones"],
    ),
]


def is_found(query: str, text: str, language: str) -> bool:
    there = set(search_words(text, language))
    return all(there & set(alternatives) for alternatives in query_words(query))


@pytest.mark.parametrize(("language", "text", "queries"), FOUND)
def test_a_text_is_found_by_other_forms_of_its_words(language: str, text: str, queries: list[str]) -> None:
    assert [query for query in queries if not is_found(query, text, language)] == []


@pytest.mark.parametrize(("language", "text", "_"), FOUND)
def test_a_text_is_not_found_by_a_word_it_does_not_have(language: str, text: str, _: list[str]) -> None:
    for query in ("hospital", "مستشفى", "больница", "医院", "hôpital", "of the"):
        assert not is_found(query, text, language)


def test_a_query_of_nothing_asks_nothing() -> None:
    assert query_words(" \u200b ?! ") == []


def test_composed_and_decomposed_letters_are_one() -> None:
    text = "éducation ёлка أمة"
    assert normal(unicodedata.normalize("NFD", text)) == normal(text)


def test_words_need_nothing_heavy() -> None:
    code = "import sys; import muntada.engines.words; print('numpy' in sys.modules, 'django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
