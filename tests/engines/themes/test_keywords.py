"""The words that tell what texts are about, as people wrote them."""

from muntada.engines.themes import suggest
from muntada.engines.themes.texts import IdentifiedText


def test_the_words_said_most_come_first_as_they_are_mostly_written() -> None:
    text = "Libraries lend books. A library is open. Our libraries need light."
    keywords = suggest.keywords([IdentifiedText("a", "en", text)], most=3)
    assert keywords[0].word == "libraries"
    assert keywords[0].language == "en"
    assert keywords[0].score == 1.0
    assert len(keywords) == 3


def test_chinese_words_are_whole() -> None:
    text = "人工智能需要算力。人工智能也需要数据。人工智能改变世界。"
    assert suggest.keywords([IdentifiedText("a", "zh-hans", text)], most=1)[0].word == "人工智能"


def test_stop_words_and_numbers_tell_nothing() -> None:
    assert (
        suggest.keywords(
            [IdentifiedText("a", "en", "the of and 2025 which"), IdentifiedText("b", "fr", "et les des")]
        )
        == ()
    )


def test_several_languages_stand_side_by_side() -> None:
    texts = [
        IdentifiedText("a", "ru", "Библиотека, библиотеки, библиотекам"),
        IdentifiedText("b", "ar", "مكتبة ومكتبات والمكتبة"),
    ]
    assert {keyword.language for keyword in suggest.keywords(texts, most=4)} == {"ru", "ar"}


def test_without_texts_there_are_no_keywords() -> None:
    assert suggest.keywords([]) == ()
