"""A selection is made by a job (foundations.jobs), and its decisions are published by one."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# What was under way, or had broken off, gets a job that broke off; the tasks of the old kinds are forgotten.
HAND_OVER = """
INSERT INTO jobs_job (
    kind, forum_id, key, about, back, arguments, state, progress, step, sentence, result_at, details,
    beginnings, ordered_as, ordered_at, ended_at
)
SELECT 'programme.run_selection', selection.forum_id, 'programme.selection:' || selection.id, number::text,
    '/' || slug || '/programme/selections/' || number, jsonb_build_object('selection_id', selection.id),
    'failed', 0, '', '', '', '{}', 0, 'secretariat', made_at, now()
FROM programme_selection selection JOIN forums_forum forum ON forum.id = selection.forum_id
WHERE selection.state <> 'ready';
UPDATE programme_selection SET job_id = job.id
FROM jobs_job job WHERE job.key = 'programme.selection:' || programme_selection.id;
UPDATE programme_selection SET result = '{}' WHERE state <> 'ready';
DELETE FROM procrastinate_jobs
WHERE task_name IN ('programme.run_selection', 'programme.publish_decisions') AND args ? 'selection_id';
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("foundations", "0002_task_names"),
        ("jobs", "0002_details_and_stop"),
        ("programme", "0025_files_are_uploads"),
    ]
    operations = [
        migrations.AddField(
            model_name="selection",
            name="job",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="selection",
                to="jobs.job",
            ),
        ),
        migrations.RunSQL(HAND_OVER, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="selection", name="only_a_ready_selection_is_published"),
        migrations.RemoveField(model_name="selection", name="state"),
        migrations.RemoveField(model_name="selection", name="progress"),
        migrations.RemoveField(model_name="selection", name="stop_asked_at"),
        migrations.AddConstraint(
            model_name="selection",
            constraint=models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(result={}), name="only_a_made_selection_is_published"
            ),
        ),
    ]
