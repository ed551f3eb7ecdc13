"""The six languages are complete: no sentence missing, none unused, no placeholder lost."""

import re

from muntada.cli import translations

BRITISH = re.compile(
    r"\w*(organis|recognis|summaris|prioritis|optimis|minimis|maximis|authoris)[ei]\w*",
    re.IGNORECASE,
)
NAMES = re.compile(r"%\(\w+\)[sd]")


def test_every_sentence_is_translated_into_every_language():
    assert list(translations.all_faults()) == []


def test_there_are_sentences_to_translate():
    assert len(translations.template()) > 400


def test_plurals_have_the_forms_their_language_needs():
    for locale, forms in (("ar", 6), ("ru", 3), ("fr", 2), ("es", 2), ("zh_Hans", 1)):
        assert translations.read_catalogue(locale).num_plurals in {forms, forms + 1}


def test_the_english_is_spelled_as_the_united_nations_spell_it():
    """`organization`, `recognize`; names in code and columns of files stay as they are."""
    said = [NAMES.sub("", str(message.id)) for message in translations.template() if message.id]
    assert [sentence for sentence in said if BRITISH.search(sentence)] == []
