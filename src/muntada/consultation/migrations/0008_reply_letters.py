"""Who is told of a reply is kept, so that each is told once; how often a reading was begun.

Replies given before were told one by one, so none of them waits. What somebody said is followed from here on:
an installation whose calendar never looked does not write of what came of it long ago.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

FROM_HERE_ON = """
INSERT INTO consultation_noticeround (last_edge, notices, looked_at)
SELECT coalesce((SELECT max(id) FROM record_edge), 0), 0, now()
WHERE NOT EXISTS (SELECT FROM consultation_noticeround)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consultation", "0007_rows_or_breakdowns"),
        ("record", "0003_found_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="themerun",
            name="beginnings",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="ReplyLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contribution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reply_letters",
                        to="consultation.contribution",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="consultation.reply",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddIndex(
            model_name="replyletter",
            index=models.Index(condition=Q(sent_at=None), fields=["id"], name="reply_letters_that_wait"),
        ),
        migrations.AddConstraint(
            model_name="replyletter",
            constraint=models.UniqueConstraint(fields=("reply", "person"), name="person_told_once_of_a_reply"),
        ),
        migrations.AddConstraint(
            model_name="replyletter",
            constraint=models.UniqueConstraint(
                fields=("reply", "contribution"), name="address_told_once_of_a_reply"
            ),
        ),
        migrations.AddConstraint(
            model_name="replyletter",
            constraint=models.CheckConstraint(
                condition=Q(person__isnull=False, contribution=None)
                | Q(person=None, contribution__isnull=False),
                name="reply_letter_has_one_addressee",
            ),
        ),
        migrations.RunSQL(FROM_HERE_ON, migrations.RunSQL.noop),
    ]
