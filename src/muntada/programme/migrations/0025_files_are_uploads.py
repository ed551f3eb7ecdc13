"""Files are uploads (foundations.jobs). What was taken in stays; a file that waited has to be uploaded again."""

from django.db import migrations

FORGET = "DELETE FROM procrastinate_jobs WHERE task_name = 'programme.take_in_file' AND args ? 'file_id'"


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0024_timetables_are_made_by_jobs"),
        ("foundations", "0002_task_names"),
    ]
    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.DeleteModel(name="IncomingFile"),
    ]
