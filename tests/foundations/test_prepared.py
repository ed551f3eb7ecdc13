"""What is sent all the time is planned once."""

from django.db import connection

from muntada.foundations.prepared import prepared_cursor

STATEMENT = "SELECT app FROM django_migrations WHERE app = %s AND name LIKE %s || '%%' LIMIT 1"


def test_a_prepared_statement_is_planned_once_for_all_values(db):
    found = []
    for app in ("record", "people", "nobody"):
        with prepared_cursor() as cursor:
            cursor.execute(STATEMENT, [app, "0001"])
            found.append(cursor.fetchone())
    assert found == [("record",), ("people",), None]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%%FROM django_migrations%%'"
        )
        assert cursor.fetchall() == [(3, 0)]


def test_other_statements_are_not_prepared(db):
    with connection.cursor() as cursor:
        for _ in range(9):
            cursor.execute(STATEMENT, ["record", "0001"])
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%django_migrations%%'"
        )
        assert cursor.fetchone() == (0,)
