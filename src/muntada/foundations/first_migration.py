"""The first migration of an app: all its tables are made from the models as they are in the end.

Django builds the models of all apps anew after each operation, which takes half a minute for 150 tables.
"""

from collections.abc import Collection
from typing import override

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.state import ProjectState


class FirstMigration(Migration):
    """Carries out what Django generated for an app without tables, in one go."""

    @override
    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        """Make the tables. Their foreign keys follow at the end of the migration, so the order is free."""
        # A state in which no models are built yet: the operations only describe them.
        described = {key: one.clone() for key, one in project_state.models.items()}
        after = ProjectState(described, project_state.real_apps)
        for operation in self.operations:
            if not isinstance(operation, CreateModel | AddField | AddIndex | AddConstraint):
                raise TypeError(f"{operation} is nothing that a first migration does")
            operation.state_forwards(self.app_label, after)
        before = project_state.models.keys()
        if "apps" in project_state.__dict__ and not self._changes(before):
            # The models of other apps are built already, and stay as they are.
            after.apps = project_state.apps.clone()
            after.apps.render_multiple([one for key, one in after.models.items() if key not in before])
        for operation in self.operations:
            if isinstance(operation, CreateModel):
                schema_editor.create_model(after.apps.get_model(self.app_label, operation.name))
        return after

    def _changes(self, before: Collection[tuple[str, str]]) -> bool:
        """Say whether a model that was there before is changed, too."""
        kinds = AddConstraint | AddField | AddIndex
        changed = (one.model_name_lower for one in self.operations if isinstance(one, kinds))
        return any((self.app_label, name) in before for name in changed)
