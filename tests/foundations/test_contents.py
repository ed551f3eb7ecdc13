"""Contents of files reach the database as they are, in little more memory than they take themselves."""

import tracemalloc

import pytest
from django.db import connection

from muntada.evidence.indicators.models import Import, ImportPart
from muntada.forums.models import Forum
from muntada.foundations.contents import content_of
from muntada.foundations.postgresql.base import ContentCursor

pytestmark = pytest.mark.django_db

EVERY_BYTE = bytes(range(256))
MEGABYTE = 2**20


@pytest.fixture
def one(forum: Forum) -> Import:
    return Import.objects.create(forum=forum, name="a file", begun_at="2026-01-01T00:00:00Z")


def test_a_content_comes_back_as_it_was_written(one):
    first = ImportPart.objects.create(of_import=one, number=1, name="é ' % \\", content=EVERY_BYTE)
    others = [ImportPart(of_import=one, number=number, name="", content=b"") for number in (2, 3)]
    ImportPart.objects.bulk_create(others)
    ImportPart.objects.filter(pk=others[0].pk).update(content=memoryview(EVERY_BYTE[::-1]))
    contents = [bytes(part.content) for part in one.parts.all()]
    assert contents == [EVERY_BYTE, EVERY_BYTE[::-1], b""]
    first.refresh_from_db()
    assert first.name == "é ' % \\"


def test_writing_a_content_takes_little_more_memory_than_it_has_itself(one):
    content = EVERY_BYTE * (8 * MEGABYTE // len(EVERY_BYTE))
    tracemalloc.start()
    try:
        ImportPart.objects.create(of_import=one, number=1, name="large", content=content)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MEGABYTE


def test_reading_a_content_takes_little_more_memory_than_it_has_itself(one):
    content = EVERY_BYTE * (8 * MEGABYTE // len(EVERY_BYTE))
    part = ImportPart.objects.create(of_import=one, number=1, name="large", content=content)
    tracemalloc.start()
    try:
        found = content_of(ImportPart.objects.filter(pk=part.pk))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == content
    assert most < 9 * MEGABYTE


def test_a_content_that_is_not_there_is_none(one):
    assert content_of(ImportPart.objects.filter(of_import=one)) is None


def test_other_statements_are_sent_as_before(one):
    with connection.cursor() as cursor:
        assert isinstance(cursor, ContentCursor)
        before = cursor.cursor
        cursor.execute("SELECT %s", ["a text"])
        assert cursor.cursor is before
