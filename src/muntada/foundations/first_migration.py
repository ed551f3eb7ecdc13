"""The first migration of an app: create all tables from the final models.

Django rebuilds the models of all apps after each operation, which takes half a minute for 150
tables.
"""

from collections.abc import Collection
from typing import override

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.state import ProjectState


class FirstMigration(Migration):
    """Applies the operations generated for an app without tables in one step."""

    @override
    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        """Create the tables. Foreign keys are added at the end of the migration, so the order is free."""
        # A state without rendered models: the operations only describe them.
        described = {key: one.clone() for key, one in project_state.models.items()}
        after = ProjectState(described, project_state.real_apps)
        for operation in self.operations:
            if not isinstance(operation, CreateModel | AddField | AddIndex | AddConstraint):
                raise TypeError(f"{operation} is nothing that a first migration does")
            operation.state_forwards(self.app_label, after)
        before = project_state.models.keys()
        if "apps" in project_state.__dict__ and not self._changes(before):
            # The rendered models of other apps are reused.
            after.apps = project_state.apps.clone()
            after.apps.render_multiple([one for key, one in after.models.items() if key not in before])
        for operation in self.operations:
            if isinstance(operation, CreateModel):
                schema_editor.create_model(after.apps.get_model(self.app_label, operation.name))
        return after

    def _changes(self, before: Collection[tuple[str, str]]) -> bool:
        """Return whether a model that existed before also changes."""
        kinds = AddConstraint | AddField | AddIndex
        changed = (one.model_name_lower for one in self.operations if isinstance(one, kinds))
        return any((self.app_label, name) in before for name in changed)
