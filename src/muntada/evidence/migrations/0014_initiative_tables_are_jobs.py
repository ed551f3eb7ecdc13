"""How a table of initiatives stands is said by its job (foundations.jobs)."""

import django.db.models.deletion
from django.db import migrations, models

FORGET = "DELETE FROM procrastinate_jobs WHERE task_name = 'evidence.take_in_table' AND args ? 'table_id'"


def give_jobs(apps, _schema_editor):
    """One that waited has failed: begun again by somebody, it goes on where it stood."""
    tables, jobs = apps.get_model("evidence", "InitiativeTable"), apps.get_model("jobs", "Job")
    for table in tables.objects.exclude(state="looked").select_related("forum").order_by("pk"):
        is_done = table.state == "done"
        address = f"/{table.forum.slug}/evidence/initiatives/tables/{table.pk}"
        table.job = jobs.objects.create(
            kind="evidence.take_in_table",
            forum_id=table.forum_id,
            key=f"evidence.tables:{table.forum_id}",
            about=table.name,
            back=address,
            result_at=address if is_done else "",
            state="done" if is_done else "failed",
            progress=1 if is_done else 0,
            ordered_by_id=table.looked_by_id,
            ordered_as="secretariat",
            ordered_at=table.looked_at,
            ended_at=table.ended_at or table.looked_at,
        )
        table.save(update_fields=["job"])


class Migration(migrations.Migration):
    dependencies = [("evidence", "0013_composite_indexes"), ("jobs", "0002_details_and_stop")]
    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.AddField(
            "initiativetable",
            "job",
            models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="jobs.job",
            ),
        ),
        migrations.RunPython(give_jobs, migrations.RunPython.noop),
        # A column is changed after what waits for its foreign keys was checked.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveConstraint("initiativetable", "one_initiative_table_at_a_time"),
        *(migrations.RemoveField("initiativetable", name) for name in ("state", "looked_by", "ended_at")),
    ]
