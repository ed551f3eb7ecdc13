"""A function that locks the log of a forum and returns its last entry: the SQL is in the file beside this."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("record", "0002_constraints_and_triggers")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
