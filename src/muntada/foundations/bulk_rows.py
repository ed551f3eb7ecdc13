"""Many new rows at once by COPY: a tenth of the work of `bulk_create`, for tables that grow long."""

from collections.abc import Sequence
from operator import attrgetter

from django.db import connection, models, transaction
from psycopg.sql import SQL, Identifier


def copy_in(rows: Sequence[models.Model]) -> None:
    """Store new rows of one model. They are not given their numbers; the database checks what it always does.

    For columns of numbers, texts, moments and true or false: their values go to PostgreSQL as they are.
    """
    if not rows:
        return
    facts = rows[0]._meta  # noqa: SLF001 - Django documents it for this
    fields = [field for field in facts.concrete_fields if not isinstance(field, models.AutoField)]
    values = attrgetter(*(field.attname for field in fields))
    names = SQL(", ").join(Identifier(str(field.column)) for field in fields)
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(facts.db_table), names)
    with (
        transaction.atomic(savepoint=False),
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(values(row))
