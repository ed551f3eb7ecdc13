"""The fields of a form are the same without its files, however it is cut into pieces."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import given
from hypothesis import strategies as st

from muntada.foundations.form_fields import FieldsOnly

ENOUGH = 10_000
NAMES = st.sampled_from(["title", "text", "filename", "shown-text", "file"])
# What looks like the mark between two fields, and is none.
WORDS = st.text() | st.sampled_from(
    ["--", f"--{BOUNDARY[:-1]}", '; filename="a"', "\r\n\r\n", f"-- {BOUNDARY}"]
)
FILES = st.binary() | st.sampled_from([f"\r\n--{BOUNDARY[:-1]}".encode(), b"\r\n\r\n--"])


def without_files(form: bytes, size: int, most: int = ENOUGH) -> bytes:
    fields = FieldsOnly(MULTIPART_CONTENT, most)
    for start in range(0, len(form), size):
        fields.feed(form[start : start + size])
    return fields.form()


@given(
    rows=st.lists(st.tuples(NAMES, WORDS) | st.tuples(NAMES, FILES), max_size=6),
    size=st.integers(1, 200),
)
def test_the_fields_stay_and_the_files_go(rows: list[tuple[str, str | bytes]], size: int):
    data: dict[str, list[object]] = {}
    for name, value in rows:
        is_file = isinstance(value, bytes)
        data.setdefault(name, []).append(SimpleUploadedFile("a.txt", value) if is_file else value)
    form = encode_multipart(BOUNDARY, data)
    whole = RequestFactory().generic("POST", "/", form, MULTIPART_CONTENT)
    read = RequestFactory().generic("POST", "/", without_files(form, size), MULTIPART_CONTENT)
    assert read.POST == whole.POST
    assert not read.FILES


def test_what_is_too_long_is_not_held_in_memory():
    form = encode_multipart(BOUNDARY, {"text": "x" * ENOUGH})
    assert without_files(form, 100) == b""


def test_files_of_any_length_count_for_nothing():
    form = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("a", b"x" * 10 * ENOUGH), "text": "words"})
    assert b"words" in without_files(form, 1000)


def test_another_kind_of_content_has_no_fields():
    fields = FieldsOnly("application/json", ENOUGH)
    fields.feed(b'{"a": 1}')
    assert fields.form() == b""
