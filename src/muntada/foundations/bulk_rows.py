"""Insert many rows by COPY, at a tenth of the cost of `bulk_create`."""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from django.db import connection, models, transaction
from psycopg.sql import SQL, Identifier


def copy_in(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model, without reading back their ids; database constraints apply.

    For numbers, texts, times and booleans only: values are sent as they are.
    """
    if rows:
        names = [field.attname for field in _fields(type(rows[0]))]
        copy_values(type(rows[0]), names, map(attrgetter(*names), rows))


def copy_values(model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[object, ...]]) -> None:
    """Insert rows given as values in the order of `names`; other columns get their defaults."""
    fields = {field.attname: field for field in _fields(model)}
    rest = tuple(field.get_default() for name, field in fields.items() if name not in names)
    columns = [fields[name] for name in names] + [fields[name] for name in fields if name not in names]
    statement = SQL("COPY {} ({}) FROM STDIN").format(
        Identifier(model._meta.db_table),  # noqa: SLF001 - Django documents it for this
        SQL(", ").join(Identifier(str(field.column)) for field in columns),
    )
    with (
        transaction.atomic(savepoint=False),
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(row + rest)


def _fields(model: type[models.Model]) -> "list[models.Field[object, object]]":
    facts = model._meta  # noqa: SLF001
    return [field for field in facts.concrete_fields if not isinstance(field, models.AutoField)]
