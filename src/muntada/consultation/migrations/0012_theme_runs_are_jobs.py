"""How a reading of the texts stands is said by its job (foundations.jobs)."""

import django.db.models.deletion
from django.db import migrations, models

FORGET = "DELETE FROM procrastinate_jobs WHERE task_name = 'consultation.suggest_themes' AND args ? 'run_id'"


def give_jobs(apps, _schema_editor):
    """One that was under way has failed: its task is of another kind now, and people order it again."""
    runs, jobs = apps.get_model("consultation", "ThemeRun"), apps.get_model("jobs", "Job")
    for run in runs.objects.select_related("forum").order_by("pk"):
        is_done = run.state == "done"
        run.job = jobs.objects.create(
            kind="consultation.suggest_themes",
            forum_id=run.forum_id,
            key=f"consultation.themes:{run.forum_id}",
            about="All texts",
            back=f"/{run.forum.slug}/consultation/themes/suggestions",
            state="done" if is_done else "failed",
            progress=1 if is_done else 0,
            beginnings=run.beginnings,
            ordered_as="moderator",
            ordered_at=run.ordered_at,
            heard_at=run.told_at,
            ended_at=run.ended_at or run.ordered_at,
        )
        run.save(update_fields=["job"])


class Migration(migrations.Migration):
    dependencies = [("consultation", "0011_steady_not_supported"), ("jobs", "0001_initial")]
    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.AddField(
            "themerun",
            "job",
            models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="jobs.job"
            ),
        ),
        migrations.RunPython(give_jobs, migrations.RunPython.noop),
        # A column is changed after what waits for its foreign keys was checked.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveConstraint("themerun", "one_reading_at_a_time"),
        migrations.RemoveConstraint("themerun", "progress_is_a_share"),
        *(
            migrations.RemoveField("themerun", name)
            for name in ("state", "progress", "step", "beginnings", "ordered_at", "told_at", "ended_at")
        ),
        migrations.AlterField(
            "themerun",
            "job",
            models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="jobs.job"
            ),
        ),
    ]
