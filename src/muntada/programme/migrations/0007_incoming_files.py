"""Files with a programme or session requests, kept until they are taken in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forums", "0002_extensions"),
        ("programme", "0006_favourites"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="IncomingFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("schedule-xml", "schedule-xml"),
                            ("schedule-json", "schedule-json"),
                            ("requests", "requests"),
                        ],
                        max_length=16,
                    ),
                ),
                ("content", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("looked", "looked"),
                            ("waiting", "waiting"),
                            ("done", "done"),
                            ("refused", "refused"),
                            ("failed", "failed"),
                        ],
                        default="looked",
                        max_length=8,
                    ),
                ),
                ("sentence", models.TextField(blank=True)),
                ("made", models.JSONField(default=dict)),
                ("looked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "forum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="forums.forum"
                    ),
                ),
                (
                    "looked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "timetable",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="programme.timetable",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("forum",),
                        name="one_file_taken_in_at_a_time",
                    )
                ],
            },
        ),
    ]
