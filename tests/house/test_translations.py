"""The sentences and their plurals. That none is missing or unused, `muntada translations check` says."""

import re

import pytest
from babel.messages.catalog import Catalog

from muntada.cli import translations

BRITISH = re.compile(
    r"\w*(organis|recognis|summaris|prioritis|optimis|minimis|maximis|authoris)[ei]\w*",
    re.IGNORECASE,
)
NAMES = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def sentences() -> Catalog:
    return translations.template()


def test_there_are_sentences_to_translate(sentences):
    assert len(sentences) > 400


def test_plurals_have_the_forms_their_language_needs():
    for locale, forms in (("ar", 6), ("ru", 3), ("fr", 2), ("es", 2), ("zh_Hans", 1)):
        assert translations.read_catalogue(locale).num_plurals in {forms, forms + 1}


def test_the_english_is_spelled_as_the_united_nations_spell_it(sentences):
    """`organization`, `recognize`; names in code and columns of files stay as they are."""
    said = [NAMES.sub("", str(message.id)) for message in sentences if message.id]
    assert [sentence for sentence in said if BRITISH.search(sentence)] == []


def test_collecting_the_same_sentences_leaves_the_file_as_it_is(sentences, tmp_path, monkeypatch):
    stands = translations.catalogue_path("fr").read_bytes()
    monkeypatch.setattr(translations, "CATALOGUES", tmp_path)
    copy = translations.catalogue_path("fr")
    copy.parent.mkdir(parents=True)
    copy.write_bytes(stands)
    translations.collect("fr", sentences)
    assert copy.read_bytes() == stands
