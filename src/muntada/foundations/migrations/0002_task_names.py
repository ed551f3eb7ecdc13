"""Tasks have the name of their stage and their own; those that wait are found under it."""

from django.db import migrations

RENAME = """
UPDATE {table} SET task_name = regexp_replace(task_name, '^muntada\\.(\\w+)\\.tasks\\.', '\\1.')
WHERE task_name LIKE 'muntada.%'
"""
# Drawing a map soon and drawing it later are one kind of task.
JOIN = """
UPDATE procrastinate_jobs SET task_name = 'consultation.redraw_map'
WHERE task_name = 'consultation.redraw_later'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("foundations", "0001_sent_forms"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        migrations.RunSQL(RENAME.format(table="procrastinate_jobs"), migrations.RunSQL.noop),
        migrations.RunSQL(RENAME.format(table="procrastinate_periodic_defers"), migrations.RunSQL.noop),
        migrations.RunSQL(JOIN, migrations.RunSQL.noop),
    ]
