"""The jobs of an import are uploads (foundations.jobs): what nobody took in goes by the one sweep."""

import django.db.models.deletion
from django.db import migrations, models

HAND_OVER = """
INSERT INTO jobs_upload (job_ptr_id, content)
SELECT job_id, NULL FROM evidence_import WHERE job_id IS NOT NULL;
UPDATE jobs_job SET state = 'previewed', progress = 0, ended_at = NULL
FROM evidence_import import
WHERE import.job_id = jobs_job.id AND import.reached IN ('columns', 'looked') AND jobs_job.state = 'done';
UPDATE jobs_job SET kind = 'evidence.take_in_import', key = 'evidence.imports:' || jobs_job.forum_id
FROM evidence_import import
WHERE import.job_id = jobs_job.id AND import.reached = 'looked' AND jobs_job.state = 'previewed';
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_details_and_stop"),
        ("evidence", "0016_initiative_tables_are_uploads"),
    ]
    operations = [
        migrations.RunSQL(HAND_OVER, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="import",
            name="job",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="jobs.upload",
            ),
        ),
    ]
