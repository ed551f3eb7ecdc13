"""Workers are told of a task after the commit (foundations.task_notices), so no trigger tells them within it."""

from django.db import migrations

NAME = "procrastinate_jobs_notify_queue_job_inserted_v1"
BEFORE = f"""
CREATE TRIGGER {NAME} AFTER INSERT ON procrastinate_jobs
FOR EACH ROW WHEN (new.status = 'todo'::procrastinate_job_status)
EXECUTE FUNCTION procrastinate_notify_queue_job_inserted_v1()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("foundations", "0003_rate_counts"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [migrations.RunSQL(f"DROP TRIGGER {NAME} ON procrastinate_jobs", BEFORE)]
