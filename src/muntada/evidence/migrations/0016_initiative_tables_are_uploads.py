"""A table of initiatives is an upload (foundations.jobs): its rows are the content, and go with it.

What was taken in stays; a table that waited, or had broken off, has to be sent again.
"""

import django.db.models.deletion
from django.db import migrations, models

HAND_OVER = """
DELETE FROM evidence_initiativetable
WHERE job_id IS NULL OR job_id IN (SELECT id FROM jobs_job WHERE state <> 'done');
DELETE FROM jobs_job WHERE kind = 'evidence.take_in_table' AND state <> 'done';
DELETE FROM procrastinate_jobs WHERE task_name = 'evidence.take_in_table' AND status = 'todo';
INSERT INTO jobs_upload (job_ptr_id, content) SELECT job_id, NULL FROM evidence_initiativetable;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("foundations", "0002_task_names"),
        ("jobs", "0002_details_and_stop"),
        ("evidence", "0015_imports_are_jobs"),
    ]
    operations = [
        migrations.RunSQL(HAND_OVER, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="initiativetable",
            name="job",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="jobs.upload"
            ),
        ),
        migrations.RemoveField(model_name="initiativetable", name="rows"),
    ]
