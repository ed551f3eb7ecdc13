"""Workbooks of other timetabling programs are not taken in any more."""

from django.db import migrations, models

# What was taken in stays as a line of history; what still waits could not be read any more.
FORGET = "DELETE FROM programme_incomingfile WHERE kind IN ('conference', 'cosplib') AND state <> 'done'"


class Migration(migrations.Migration):
    dependencies = [("programme", "0021_hours_told")]
    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="incomingfile",
            name="kind",
            field=models.CharField(
                choices=[
                    ("schedule-xml", "schedule-xml"),
                    ("schedule-json", "schedule-json"),
                    ("requests", "requests"),
                ],
                max_length=16,
            ),
        ),
    ]
