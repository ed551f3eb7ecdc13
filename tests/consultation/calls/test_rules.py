"""The law of the consultation, with plain values."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from muntada.consultation.calls.rules.calls import ResultsVisible, require_call_open, results_are_visible
from muntada.consultation.contributions.rules.contributions import (
    Saying,
    ShownAs,
    language_of_letters,
    may_read,
    require_something_said,
)
from muntada.consultation.replies.rules import Disposition, require_lead
from muntada.consultation.statements.rules.statements import (
    CandidateStatement,
    next_statement,
    require_statement,
    require_vote_value,
)
from muntada.forums.rules import Window
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.people.rules import Role
from muntada.record.rules import SymbolKind

NOW = datetime(2025, 7, 8, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def refused(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


def test_a_call_is_open_from_its_first_moment_and_no_longer_at_its_last():
    require_call_open(Window(NOW, NOW + DAY), NOW)
    assert refused(require_call_open, Window(NOW, NOW + DAY), NOW + DAY) == "call-closed"
    assert refused(require_call_open, Window(NOW + DAY, None), NOW) == "call-not-open"


@pytest.mark.parametrize("value", [7, 2, -2])
def test_a_vote_is_one_of_three(value):
    assert refused(require_vote_value, value) == "vote-value"


def test_results_are_visible_always_or_after_the_close():
    opened, closed = Window(NOW - DAY, NOW + DAY), Window(NOW - DAY, NOW)
    assert results_are_visible(ResultsVisible.ALWAYS, opened, NOW)
    assert not results_are_visible(ResultsVisible.AFTER_CLOSE, opened, NOW)
    assert results_are_visible(ResultsVisible.AFTER_CLOSE, closed, NOW)


@pytest.mark.parametrize(
    ("consent", "is_author", "roles", "may"),
    [
        (True, False, (), True),
        (False, False, (Role.PARTICIPANT, Role.FACILITATOR), False),
        (False, True, (), True),
        (False, False, (Role.SECRETARIAT,), True),
    ],
)
def test_who_may_read_what_is_not_published(consent, is_author, roles, may):
    assert may_read(consent_to_publish=consent, is_author=is_author, roles=roles) is may


@pytest.mark.parametrize(
    ("disposition", "kind", "code"),
    [
        (Disposition.MERGED, SymbolKind.THEME, "lead-needed"),
        (Disposition.CLUSTERED, None, "lead-needed"),
        (Disposition.DECLINED, SymbolKind.THEME, "lead-of-declined"),
        (Disposition.ACCEPTED, SymbolKind.INDICATOR, "lead-earlier"),
    ],
)
def test_a_lead_has_to_fit_the_reply(disposition, kind, code):
    assert refused(require_lead, disposition, kind) == code


def test_a_lead_that_fits_is_taken():
    for disposition, kind in (
        (Disposition.MERGED, SymbolKind.CONTRIBUTION),
        (Disposition.CLUSTERED, SymbolKind.THEME),
        (Disposition.DECLINED, None),
        (Disposition.ACCEPTED, None),
        (Disposition.REFERRED, SymbolKind.REQUEST),
    ):
        require_lead(disposition, kind)


def test_a_text_is_cleaned_of_what_a_browser_adds():
    assert clean_text(" One\r\ntwo\rthree\0 \n") == "One\ntwo\nthree"


def test_writing_in_the_name_of_an_organisation_needs_one():
    saying = Saying("Title", "Text", "en", shown_as=ShownAs.ORGANISATION)
    assert refused(require_something_said, saying) == "organisation-missing"


def test_a_statement_is_neither_empty_nor_a_speech():
    assert refused(require_statement, "\n") == "statement-missing"
    assert refused(require_statement, "x" * 1_001) == "statement-too-long"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("UberX 自用車載客，是否需要遵守相同的法律", "zh"),
        ("ماذا ينبغي أن يناقش المنتدى", "ar"),
        ("Что следует обсудить", "ru"),
        ("Que faut-il discuter ?", "en"),
        ("12345 !?", "en"),
    ],
)
def test_letters_show_the_language_where_they_can(text, language):
    assert language_of_letters(text) == language


def test_without_a_map_the_statement_with_the_fewest_votes_is_asked_next():
    candidates = [
        CandidateStatement(1, 5, None),
        CandidateStatement(2, 3, None),
        CandidateStatement(3, 3, None),
    ]
    assert next_statement(candidates, "x") == 2
    assert next_statement([], "x") is None


def test_with_a_map_it_is_a_lottery_by_priority_that_can_be_repeated():
    candidates = [
        CandidateStatement(1, 9, 1.0),
        CandidateStatement(2, 9, 8.0),
        CandidateStatement(3, 0, None),
        CandidateStatement(4, 9, 0.0),
    ]
    drawn = Counter(next_statement(candidates, f"voter/{number}") for number in range(4_000))
    assert drawn[4] == 0
    assert drawn[2] / drawn[1] == pytest.approx(8, rel=0.25)
    assert drawn[3] / drawn[1] == pytest.approx(1, rel=0.25)
    assert next_statement(candidates, "same") == next_statement(candidates, "same")


def test_a_lottery_in_which_nothing_has_weight_still_asks_something():
    candidates = [CandidateStatement(1, 9, 0.0), CandidateStatement(2, 9, 0.0)]
    assert {next_statement(candidates, str(number)) for number in range(50)} == {1, 2}
