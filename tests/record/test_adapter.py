"""A thing is found by its words, in six languages, as soon as it is public and only then."""

from datetime import UTC, datetime

import pytest

from muntada.forums.models import Forum
from muntada.record import actions, queries
from muntada.record.adapter import condition_of, excerpt, wanted
from muntada.record.models import FoundBy, Symbol
from muntada.record.rules import SymbolKind

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 7, 7, 9, tzinfo=UTC)


def said(forum: Forum, title: str, text: str, language: str, *, is_public: bool = True) -> Symbol:
    symbol = actions.give_symbol(
        forum_id=forum.pk,
        kind=SymbolKind.CONTRIBUTION,
        title=title,
        language=language,
        is_public=is_public,
        now=NOW,
    )
    actions.cite(source=symbol, text=text, now=NOW)
    return symbol


def found(forum: Forum, words: str) -> list[Symbol]:
    return list(queries.found_by(forum.pk, words, condition_of(wanted(words))))


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "Schools in villages were never connected.", "connecting a village school"),
        ("fr", "L’accès des zones rurales reste très cher.", "acces zone rurale"),
        ("es", "Las mujeres rurales no tienen conexión.", "mujer conexion"),
        ("ru", "Сельские школы остались без связи.", "связь сельской школы"),
        ("ar", "لم تُحترم حقوق المستخدمين وبياناتهم في القرى.", "الحقوق والبيانات"),
        ("zh-hans", "农村学校仍然没有宽带接入。", "宽带 学校"),
    ],
)
def test_a_text_is_found_by_other_forms_of_its_words(
    forum: Forum, language: str, text: str, words: str
) -> None:
    symbol = said(forum, "A title", text, language)
    other = said(forum, "Another", "Nothing of the kind.", "en")
    assert found(forum, words) == [symbol]
    assert other not in found(forum, words)


def test_the_title_counts_more_than_the_text(forum: Forum) -> None:
    in_text = said(forum, "Schools", "They need spectrum and teachers and spectrum.", "en")
    in_title = said(forum, "Spectrum", "It is for everybody.", "en")
    assert found(forum, "spectrum") == [in_title, in_text]


def test_every_word_has_to_stand_there(forum: Forum) -> None:
    said(forum, "Schools", "They need teachers.", "en")
    assert found(forum, "teachers spectrum") == []


def test_the_words_of_a_file_are_found_too(forum: Forum) -> None:
    symbol = said(forum, "Schools", "See the file.", "en")
    actions.put_words(symbol, "See the file.", files=["The annex speaks of satellites."])
    assert found(forum, "satellite") == [symbol]


def test_what_is_not_public_is_not_found(forum: Forum) -> None:
    said(forum, "A secret", "Known to its author alone.", "en", is_public=False)
    assert FoundBy.objects.count() == 0


def test_what_was_withdrawn_is_not_found_any_more(forum: Forum) -> None:
    symbol = said(forum, "Schools", "They need teachers.", "en")
    actions.withdraw_symbol(symbol, now=NOW)
    assert found(forum, "teachers") == []
    assert FoundBy.objects.count() == 0


@pytest.mark.parametrize("words", ["'; DROP TABLE", "a & b | !c <-> d", "\\'x\\'", "((", ":*", "’ OR 1=1"])
def test_signs_of_the_database_are_only_signs(forum: Forum, words: str) -> None:
    said(forum, "Schools", "They need teachers.", "en")
    looked_for = wanted(words)
    assert found(forum, words) == [] if looked_for else condition_of(looked_for) == ""


def test_a_long_text_with_one_word_a_thousand_times_is_kept(forum: Forum) -> None:
    symbol = said(forum, "Schools", "teacher " * 20_000 + "spectrum", "en")
    assert found(forum, "teacher spectrum") == [symbol]


def test_an_excerpt_marks_what_was_found() -> None:
    pieces = excerpt("In the villages the schools wait. " * 1, "en", wanted("school"))
    assert [piece.text for piece in pieces if piece.is_hit] == ["schools"]


def test_an_excerpt_of_chinese_marks_the_word_alone() -> None:
    pieces = excerpt("农村学校仍然没有宽带接入。", "zh-hans", wanted("宽带"))
    assert [piece.text for piece in pieces if piece.is_hit] == ["宽带"]


def test_an_excerpt_begins_near_the_first_find() -> None:
    text = "Words that nobody looked for. " * 40 + "Here is spectrum at last. " + "More. " * 100
    joined = "".join(piece.text for piece in excerpt(text, "en", wanted("spectrum")))
    assert joined.startswith("… ")
    assert "spectrum" in joined
    assert joined.endswith("…")
    assert len(joined) < 400


def test_an_excerpt_without_a_find_is_the_beginning() -> None:
    assert excerpt("Nothing here.", "en", wanted("spectrum"))[0].text == "Nothing here."
