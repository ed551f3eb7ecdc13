-- What the database of the shared foundations holds beyond the models. Sorted by table.


-- procrastinate_jobs

-- Workers are told of a task after the commit (foundations.task_notices), so no trigger tells them within it.
DROP TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 ON procrastinate_jobs;
