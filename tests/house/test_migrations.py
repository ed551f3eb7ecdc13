import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from muntada.foundations.first_migration import FirstMigration

OUR_MODELS = [one for one in apps.get_models() if one.__module__.startswith("muntada.")]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_each_table_has_the_columns_and_the_named_constraints_of_its_model():
    """The first migrations make tables in a way of their own."""
    assert len(OUR_MODELS) > 100
    for facts in (model._meta for model in OUR_MODELS):
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, facts.db_table)
            constraints = connection.introspection.get_constraints(cursor, facts.db_table)
        table, fields = facts.db_table, facts.local_concrete_fields
        assert {one.name for one in columns} == {field.column for field in fields}, table
        assert {one.name for one in (*facts.constraints, *facts.indexes)} <= constraints.keys(), table
        foreign = {one["columns"][0] for one in constraints.values() if one["foreign_key"]}
        assert {field.column for field in fields if field.remote_field} <= foreign, table


@pytest.mark.django_db
def test_first_migrations_make_their_tables_in_one_go():
    first = [
        migration
        for (label, _), migration in MigrationLoader(connection).disk_migrations.items()
        if migration.initial and apps.get_app_config(label).name.startswith("muntada.")
    ]
    assert len(first) > 8
    assert all(isinstance(one, FirstMigration) for one in first)


@pytest.mark.django_db
def test_a_first_migration_refuses_what_it_does_not_carry_out():
    migration = FirstMigration("0001_initial", "record")
    migration.operations = [RunPython(RunPython.noop)]
    with connection.schema_editor() as editor, pytest.raises(TypeError):
        migration.apply(ProjectState(), editor)
