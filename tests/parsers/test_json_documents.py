"""JSON is refused in words of ours."""

import pytest

from muntada.parsers.faults import Unreadable
from muntada.parsers.json_documents import MOST_DIGITS, loads


@pytest.mark.parametrize("sign", [b"", b"-"])
def test_a_number_of_very_many_digits_is_refused_in_words_of_ours(sign):
    with pytest.raises(Unreadable) as fault:
        loads(b'{"a": ' + sign + b"9" * 100_000 + b"}")
    assert fault.value.code == "json-number"
    assert "sys." not in str(fault.value)


def test_a_number_of_many_digits_is_read():
    assert loads(b"[-" + b"9" * MOST_DIGITS + b"]") == [-(10**MOST_DIGITS - 1)]


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b"", 1, 1),
        (b"words", 1, 1),
        (b"{", 1, 2),
        (b"[1, 2", 1, 6),
        (b'{\n  "a": 1,\n}', 2, 9),
        (b'{"a": 1} {"b": 2}', 1, 10),
        (b'["a\tb"]', 1, 4),
        ("{'a': 1}".encode("utf-16"), 1, 2),
        (b'{\n"a": "\xe9"}', 2, 7),
        (b"\xff\xfe[", 1, 3),
    ],
)
def test_what_is_broken_is_said_in_words_of_ours_with_its_place(content, line, column):
    with pytest.raises(Unreadable) as fault:
        loads(content)
    assert fault.value.code == "json-broken"
    assert fault.value.params == {"line": line, "column": column}
    assert "xpecting" not in str(fault.value)
