"""Actions that stand or fall together set no savepoints, and the next transaction has its own again."""

from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from muntada.foundations.whole_transactions import all_or_nothing
from muntada.people.models import Person

pytestmark = pytest.mark.django_db


def put(address: str) -> None:
    with transaction.atomic():
        Person.objects.create_user(address)


def savepoints_of(put_two) -> int:
    with CaptureQueriesContext(connection) as asked:
        put_two()
    return sum("SAVEPOINT" in one["sql"] for one in asked)


def put_two() -> None:
    put("first@example.org")
    put("second@example.org")


def test_actions_inside_set_no_savepoints_and_those_after_do():
    def together() -> None:
        with all_or_nothing():
            put_two()

    assert savepoints_of(together) == 2  # of the whole, inside the transaction of the test
    Person.objects.all().delete()
    assert savepoints_of(put_two) == 4


def fail_in_between() -> None:
    put("first@example.org")
    with suppress(ValueError), transaction.atomic():
        raise ValueError
    put("second@example.org")


@pytest.mark.django_db(transaction=True)
def test_where_one_fails_nothing_is_left_and_nothing_more_can_be_done():
    with pytest.raises(TransactionManagementError), all_or_nothing():
        fail_in_between()
    assert not Person.objects.exists()
    put("third@example.org")
    assert Person.objects.count() == 1
