"""Many rows at once are stored as one by one."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from muntada.foundations.bulk_rows import copy_in, copy_values
from muntada.foundations.models import RateCount
from muntada.record.models import Counter

FREE_AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def test_rows_stand_as_they_were_given(db):
    copy_in([RateCount(key=key, free_at=FREE_AT) for key in ("tab\tand\nline", "\\N", "é")])
    copy_in([])
    stored = RateCount.objects.values_list("key", "free_at")
    assert set(stored) == {("tab\tand\nline", FREE_AT), ("\\N", FREE_AT), ("é", FREE_AT)}


def test_defaults_and_numbers_are_those_of_the_model(forum):
    copy_in([Counter(forum_id=forum.pk, kind="X"), Counter(forum_id=forum.pk, kind="Y", last=4)])
    stored = Counter.objects.filter(kind__in="XY").order_by("kind")
    assert [(one.forum_id, one.last) for one in stored] == [(forum.pk, 0), (forum.pk, 4)]
    assert all(one.pk for one in stored)


def test_values_alone_are_stored_with_the_defaults_of_the_model(forum):
    copy_values(Counter, ("kind", "forum_id"), ((kind, forum.pk) for kind in "XY"))
    copy_values(Counter, ("kind", "forum_id", "last"), [("Z", forum.pk, 7)])
    stored = Counter.objects.filter(kind__in="XYZ").order_by("kind")
    assert list(stored.values_list("forum_id", "kind", "last")) == [
        (forum.pk, "X", 0),
        (forum.pk, "Y", 0),
        (forum.pk, "Z", 7),
    ]


def test_the_database_refuses_all_rows_where_it_refuses_one(db):
    RateCount.objects.create(key="there", free_at=FREE_AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in([RateCount(key=key, free_at=FREE_AT) for key in ("new", "there")])
    assert not RateCount.objects.filter(key="new").exists()
