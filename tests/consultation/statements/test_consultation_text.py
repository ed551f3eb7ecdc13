"""Votes and translations in words, in the language of the page."""

from django.utils import translation

from muntada.consultation.statements.models import Statement
from muntada.consultation.statements.queries.statements import VoteTally
from muntada.consultation.statements.templatetags import consultation_text


def test_a_share_is_written_as_the_language_does():
    written = {}
    for language in ("en", "fr", "zh-hans"):
        with translation.override(language):
            written[language] = consultation_text.percent(62)
    assert written["en"] == "62%"
    assert written["fr"].replace("\u202f", " ").replace("\xa0", " ") == "62 %"
    assert written["zh-hans"] == "62%"


def test_the_parts_of_a_bar_fill_it():
    drawn = consultation_text.share(VoteTally(6, 3, 1))
    assert '<rect class="agree" width="60"' in drawn
    assert '<rect class="pass" x="60" width="10"' in drawn
    assert '<rect class="disagree" x="70" width="30"' in drawn
    assert 'aria-label="60% agree, 30% disagree, 10% pass"' in drawn


def test_nothing_is_drawn_where_nobody_voted():
    assert consultation_text.share(VoteTally(0, 0, 0)) == ""


def test_a_statement_is_shown_in_the_language_of_the_page_where_there_is_a_translation():
    words = {
        "en": {"text": "Masts first.", "status": "machine"},
        "fr": {"text": "D’abord.", "status": "official"},
    }
    statement = Statement(text="الأبراج أولاً.", language="ar", translations=words)
    with translation.override("fr"):
        assert [one.language for one in consultation_text.translations(statement)] == ["fr", "en"]
        assert consultation_text.translation_here(statement).text == "D’abord."
    with translation.override("ar"):
        assert consultation_text.translation_here(statement) is None
    with translation.override("ru"):
        assert consultation_text.translation_here(statement) is None


def test_a_role_of_the_machine_has_no_name():
    assert consultation_text.role_name("system") == ""
    assert consultation_text.role_name("moderator") == "Moderator"
