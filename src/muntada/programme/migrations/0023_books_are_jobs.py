"""A book that is being made is a job (foundations.jobs). What was made stays; the rest is ordered anew."""

import django.db.models.deletion
from django.db import migrations, models

FORGET_TASKS = "DELETE FROM procrastinate_jobs WHERE task_name = 'programme.make_book' AND args ? 'book_id'"
FORGET_BOOKS = "DELETE FROM programme_book WHERE state <> 'made' OR made_at IS NULL"


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0022_no_foreign_workbooks"),
        ("foundations", "0002_task_names"),
        ("jobs", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(FORGET_TASKS, migrations.RunSQL.noop),
        migrations.RunSQL(FORGET_BOOKS, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="book", name="state"),
        migrations.RemoveField(model_name="book", name="step"),
        migrations.RemoveField(model_name="book", name="ordered_at"),
        migrations.AlterField(
            model_name="book", name="file", field=models.FileField(max_length=200, upload_to="")
        ),
        migrations.AlterField(model_name="book", name="bytes", field=models.PositiveIntegerField()),
        migrations.AlterField(model_name="book", name="pages", field=models.PositiveIntegerField()),
        migrations.AlterField(model_name="book", name="made_at", field=models.DateTimeField()),
        migrations.AddField(
            model_name="book",
            name="job",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="book",
                to="jobs.job",
            ),
        ),
    ]
