"""Tables are uploads (foundations.jobs). What was taken in stays; a table that waited has to be uploaded again."""

from django.db import migrations

FORGET = "DELETE FROM procrastinate_jobs WHERE task_name = 'consultation.take_in_table' AND args ? 'table_id'"


class Migration(migrations.Migration):
    dependencies = [
        ("consultation", "0009_tables_and_meeting_records"),
        ("foundations", "0002_task_names"),
    ]
    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.DeleteModel(name="IntakeTable"),
    ]
