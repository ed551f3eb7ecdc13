"""Workbooks of other timetabling programs are files that come in, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programme", "0009_books")]
    operations = [
        migrations.AlterField(
            model_name="incomingfile",
            name="kind",
            field=models.CharField(
                choices=[
                    ("schedule-xml", "schedule-xml"),
                    ("schedule-json", "schedule-json"),
                    ("requests", "requests"),
                    ("conference", "conference"),
                    ("cosplib", "cosplib"),
                ],
                max_length=16,
            ),
        ),
    ]
