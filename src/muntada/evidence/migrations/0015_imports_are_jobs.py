"""What is done with an import is said by its job (foundations.jobs); what it has reached stays with it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

FORGET = """
DELETE FROM procrastinate_jobs
WHERE task_name IN ('evidence.look_at_import', 'evidence.take_in_import') AND args ? 'import_id'
"""
REACHED = [(name, name) for name in ("begun", "columns", "looked", "done", "withdrawn")]


def give_jobs(apps, _schema_editor):
    """One that was under way has failed: somebody begins it again from its page."""
    imports, jobs = apps.get_model("evidence", "Import"), apps.get_model("jobs", "Job")
    for one in imports.objects.select_related("forum").order_by("pk"):
        is_look = one.state in ("looking", "columns", "looked", "refused", "failed")
        has_ended_well = one.state in ("columns", "looked", "done", "withdrawn")
        state = "done" if has_ended_well else "refused" if one.state == "refused" and one.sentence else "failed"
        if one.state in ("taking", "refused", "failed"):
            one.reached = "looked" if one.preview.get("numbers") else "begun"
        else:
            one.reached = "begun" if one.state == "looking" else one.state
        address = f"/{one.forum.slug}/evidence/imports/{one.pk}"
        one.job = jobs.objects.create(
            kind="evidence.look_at_import" if is_look else "evidence.take_in_import",
            forum_id=one.forum_id,
            key=f"evidence.import:{one.pk}" if is_look else f"evidence.imports:{one.forum_id}",
            about=one.name,
            back=address,
            result_at=address if state == "done" else "",
            arguments={"import_id": one.pk},
            state=state,
            sentence=one.sentence if state == "refused" else "",
            progress=1 if state == "done" else 0,
            ordered_by_id=one.begun_by_id,
            ordered_as="secretariat",
            ordered_at=one.told_at,
            ended_at=one.ended_at or one.told_at,
        )
        one.save(update_fields=["reached", "job"])


class Migration(migrations.Migration):
    dependencies = [("evidence", "0014_initiative_tables_are_jobs"), ("jobs", "0002_details_and_stop")]
    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.AddField(
            "import", "reached", models.CharField(choices=REACHED, default="begun", max_length=12)
        ),
        migrations.AddField(
            "import",
            "job",
            models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="jobs.job",
            ),
        ),
        migrations.RunPython(give_jobs, migrations.RunPython.noop),
        # A column is changed after what waits for its foreign keys was checked.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveConstraint("import", "one_import_taken_in_at_a_time"),
        migrations.RemoveConstraint("import", "share_of_an_import_is_a_share"),
        migrations.RemoveConstraint("import", "a_withdrawn_import_says_when"),
        migrations.AddConstraint(
            "import",
            models.CheckConstraint(
                condition=Q(reached="withdrawn", withdrawn_at__isnull=False)
                | ~Q(reached="withdrawn") & Q(withdrawn_at=None),
                name="a_withdrawn_import_says_when",
            ),
        ),
        *(
            migrations.RemoveField("import", name)
            for name in ("state", "progress", "sentence", "told_at", "ended_at")
        ),
    ]
