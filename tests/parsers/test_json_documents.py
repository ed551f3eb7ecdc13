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
