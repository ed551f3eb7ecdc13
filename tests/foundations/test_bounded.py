"""Whatever a reader does with a file, the platform gets an answer or a sentence."""

import threading

import pytest

from muntada.foundations import bounded
from muntada.foundations.bounded import MEGABYTE, Bounds, read_file, read_files
from muntada.foundations.errors import Refused

READERS = "foundations.bounded_readers"
SMALL = Bounds(memory_bytes=200 * MEGABYTE, cpu_seconds=1, seconds=60, answer_bytes=2 * MEGABYTE)


def read(reader, bounds=SMALL, **arguments):
    return list(read_file(f"{READERS}:{reader}", b"content", bounds=bounds, field="file", **arguments))


def test_a_reader_gets_the_parts_and_what_it_is_asked():
    found = read_files(f"{READERS}:echoes", [b"one", b"", b"three"], said={"a": "é"})
    assert list(found) == [{"said": {"a": "é"}, "sizes": [3, 0, 5]}]


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x7f", "\x9b", "\u202e", "\u2067", "\u200b", "\ud800"])
def test_what_nobody_sees_is_taken_out_of_what_was_read(sign):
    (found,) = read_files(
        f"{READERS}:echoes", [], said={f"a{sign}": [f"b{sign} ", 1, None, {"c": f"{sign}d"}]}
    )
    assert found["said"] == {"a": ["b ", 1, None, {"c": "d"}]}


def test_line_ends_and_joiners_stay_in_what_was_read():
    (found,) = read_files(f"{READERS}:echoes", [], said="one\r\ntwo\rthree\tمی\u200cخواهم")
    assert found["said"] == "one\ntwo\nthree\tمی\u200cخواهم"


@pytest.mark.parametrize(
    ("reader", "code"),
    [
        ("takes_memory", "file-memory"),
        ("maps_memory", "file-memory"),
        ("goes_on", "file-time"),
        ("floods", "file-too-much"),
        ("one_long_line", "file-too-much"),
        ("breaks", "file-broken"),
        ("crashes", "file-broken"),
        ("is_killed", "file-memory"),
        ("refuses", "table-broken"),
        ("opens_many", "file-broken"),
    ],
)
@pytest.mark.long
def test_what_leaves_its_bounds_is_refused_with_a_sentence(reader, code):
    with pytest.raises(Refused) as refused:
        read(reader)
    assert (refused.value.code, refused.value.field) == (code, "file")
    assert str(refused.value)


def test_one_that_only_sleeps_is_given_up():
    with pytest.raises(Refused) as refused:
        read("sleeps", Bounds(seconds=0.5))
    assert refused.value.code == "file-time"


def test_no_file_is_written(tmp_path):
    with pytest.raises(Refused):
        read("writes_a_file", path=str(tmp_path / "file"))
    assert (tmp_path / "file").stat().st_size == 0


def test_what_a_library_prints_is_no_answer():
    assert read("prints") == ["answer"]


def test_a_reader_starts_without_the_platform():
    (found,) = read("modules")
    assert not [name for name in found if name.partition(".")[0] in {"django", "numpy", "psycopg"}]


def test_where_all_turns_are_taken_the_next_is_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(bounded, "_free", threading.BoundedSemaphore(1))
    monkeypatch.setattr(bounded, "WAIT_SECONDS", 0.05)
    first = read_file(f"{READERS}:floods", b"", bounds=Bounds())
    next(first)
    with pytest.raises(Refused) as refused:
        read("echoes", said=1)
    assert refused.value.code == "files-busy"
    # Whoever stops asking gives the turn back.
    first.close()
    assert read("echoes", Bounds(), said=1)


def test_json_of_more_values_than_a_schedule_has_is_refused_before_the_platform_holds_it():
    content = b"[" + b",".join([b"[[]]"] * 150_000) + b"]"
    assert list(read_file("muntada.parsers.schedules:json", b"[[1, 2], {}]")) == [[[1, 2], {}]]
    assert len(list(read_file("muntada.parsers.schedules:json", content))) == 1
    with pytest.raises(Refused) as refused:
        list(read_file("muntada.parsers.schedules:json", b"[" + content + b"," + content + b"]"))
    assert refused.value.code == "json-too-large"
