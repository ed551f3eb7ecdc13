"""The six languages are complete: no sentence missing, none unused, no placeholder lost."""

from muntada.cli import translations


def test_every_sentence_is_translated_into_every_language():
    assert list(translations.all_faults()) == []


def test_there_are_sentences_to_translate():
    assert len(translations.template()) > 400


def test_plurals_have_the_forms_their_language_needs():
    for locale, forms in (("ar", 6), ("ru", 3), ("fr", 2), ("es", 2), ("zh_Hans", 1)):
        assert translations.read_catalogue(locale).num_plurals in {forms, forms + 1}
