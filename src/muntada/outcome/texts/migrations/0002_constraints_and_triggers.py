"""What the database itself holds and no model can say: the SQL is in the file beside this one."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("outcome_texts", "0001_initial")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
