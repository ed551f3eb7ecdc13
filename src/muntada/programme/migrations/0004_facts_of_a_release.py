"""A release keeps what is said of its sessions; those there are already get what is said today."""

from uuid import NAMESPACE_URL, uuid5

from django.db import migrations, models


def fill(apps, schema_editor):
    entry_model = apps.get_model("programme", "ReleaseEntry")
    person_model = apps.get_model("programme", "SessionPerson")
    rows = entry_model.objects.select_related("session__forum").order_by("pk")
    for entry in rows.iterator():
        session = entry.session
        people = person_model.objects.filter(session=session).order_by("position", "pk")
        entry.facts = {
            "description": session.description,
            "language": session.language,
            "kind": session.kind,
            "track": session.track,
            "lines": list(session.lines.order_by("position").values_list("code", flat=True)),
            "goals": list(session.goals.order_by("position").values_list("code", flat=True)),
            "people": [
                {
                    "name": one.name,
                    "part": one.part,
                    "guid": str(uuid5(NAMESPACE_URL, f"muntada:{session.forum.slug}:{one.key}")),
                }
                for one in people
            ],
            "cancelled_reason": session.cancelled_reason if entry.is_cancelled else "",
            "is_invented": session.requests.filter(is_invented=True).exists(),
        }
        entry.save(update_fields=["facts"])


class Migration(migrations.Migration):
    dependencies = [("programme", "0003_workspace")]
    operations = [
        migrations.AddField(
            model_name="releaseentry", name="facts", field=models.JSONField(default=dict)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
