"""A timetable is made by a job (foundations.jobs). One that was not made yet can be started again on its page."""

import django.db.models.deletion
from django.db import migrations, models

# What was under way, or had broken off, gets a job that broke off; the tasks of the old kind are forgotten.
HAND_OVER = """
INSERT INTO jobs_job (
    kind, forum_id, key, about, back, arguments, state, progress, step, sentence, result_at, details,
    beginnings, ordered_as, ordered_at, ended_at
)
SELECT 'programme.run_timetable', timetable.forum_id, 'programme.timetable:' || timetable.id, number::text,
    '/' || slug || '/programme/timetables/' || number, jsonb_build_object('timetable_id', timetable.id),
    'failed', 0, '', '', '', '{}', 0, 'secretariat', made_at, now()
FROM programme_timetable timetable JOIN forums_forum forum ON forum.id = timetable.forum_id
WHERE timetable.state <> 'ready';
UPDATE programme_timetable SET job_id = job.id
FROM jobs_job job WHERE job.key = 'programme.timetable:' || programme_timetable.id;
DELETE FROM procrastinate_jobs WHERE task_name = 'programme.run_timetable' AND args ? 'timetable_id';
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("foundations", "0002_task_names"),
        ("jobs", "0002_details_and_stop"),
        ("programme", "0023_books_are_jobs"),
    ]
    operations = [
        migrations.AddField(
            model_name="timetable",
            name="job",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="timetable",
                to="jobs.job",
            ),
        ),
        migrations.RunSQL(HAND_OVER, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="timetable", name="state"),
        migrations.RemoveField(model_name="timetable", name="progress"),
        migrations.RemoveField(model_name="timetable", name="stop_asked_at"),
    ]
