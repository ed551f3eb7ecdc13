from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.record.rules import (
    SymbolKind,
    SymbolRef,
    citations_in,
    day_of,
    digest_of,
    is_day,
    parse_symbol,
    split_citations,
)

KINDS = st.sampled_from(list(SymbolKind))
NUMBERS = st.integers(1, 999_999_999)


@given(KINDS, NUMBERS, st.sampled_from(["", "WSIS20", "NIGF-26"]))
def test_a_symbol_reads_back_as_it_was_written(kind, number, prefix):
    reference = SymbolRef(prefix, kind, number)
    assert parse_symbol(str(reference)) == reference


@pytest.mark.parametrize(
    "text", ["", "C", "C/", "C/0", "C/01", "X/1", "c/1", "C/1/2", "wsis/C/1", "C/1234567890"]
)
def test_what_is_no_symbol_is_not_read_as_one(text):
    assert parse_symbol(text) is None


def test_citations_are_found_once_each_in_order_and_not_in_code_or_links():
    text = "See [C/2], **[WSIS20/T/1]** and [C/2].\n\n- `[C/3]`\n- [C/4](/elsewhere)\n\nEnd.\n\n    [C/5]\n"
    assert [str(found) for found in citations_in(text)] == ["C/2", "WSIS20/T/1"]


@pytest.mark.parametrize("text", ["See &#91;C/1&#93;.", "See &lbrack;C/1].", r"See \[C/1]."])
def test_a_bracket_written_in_another_way_is_a_bracket(text):
    assert [str(found) for found in citations_in(text)] == ["C/1"]


def test_a_text_without_brackets_cites_nothing():
    assert citations_in("See C/1, *and* `C/2`.") == ()


@given(st.lists(st.one_of(st.text(alphabet="ab[] ", max_size=8), st.just("[C/7]")), max_size=8).map("".join))
def test_splitting_a_text_loses_nothing(text):
    rebuilt = "".join(f"[{part}]" if isinstance(part, SymbolRef) else part for part in split_citations(text))
    assert rebuilt == text


def test_the_same_change_has_another_digest_under_another_salt():
    assert digest_of("a", {"text": "yes"}) != digest_of("b", {"text": "yes"})
    assert digest_of("a", {"x": 1, "y": 2}) == digest_of("a", {"y": 2, "x": 1})


def test_a_moment_is_cut_to_its_day_in_utc():
    moment = datetime(2025, 7, 8, 23, 30, 15, 7, tzinfo=ZoneInfo("America/New_York"))
    assert day_of(moment) == datetime(2025, 7, 9, tzinfo=UTC)
    assert is_day(day_of(moment))
    assert not is_day(moment)
