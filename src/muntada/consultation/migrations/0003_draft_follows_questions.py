"""A draft and its copies know which questions they answer; a file can be left out of the next version."""

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models.deletion import RESTRICT

# The last version that was asked when it was saved; of something submitted, the one it answered.
FILL = """
UPDATE consultation_contributiondraft AS draft SET question_set_id = COALESCE(
    (SELECT question_set_id FROM consultation_contribution WHERE id = draft.contribution_id),
    (SELECT id FROM consultation_questionset WHERE call_id = draft.call_id AND made_at <= draft.saved_at
     ORDER BY version DESC LIMIT 1),
    (SELECT id FROM consultation_questionset WHERE call_id = draft.call_id ORDER BY version LIMIT 1));
UPDATE consultation_draftcopy AS copy SET question_set_id =
    (SELECT question_set_id FROM consultation_contributiondraft WHERE id = copy.draft_id);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


def questions(*, null: bool) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=RESTRICT, related_name="+", to="consultation.questionset", null=null
    )


class Migration(migrations.Migration):
    dependencies = [("consultation", "0002_kept")]
    operations = [
        migrations.AddField("contributiondraft", "question_set", questions(null=True)),
        migrations.AddField("draftcopy", "question_set", questions(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("contributiondraft", "question_set", questions(null=False)),
        migrations.AlterField("draftcopy", "question_set", questions(null=False)),
        migrations.AddField(
            "contributiondraft",
            "left_out",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField("attachment", "removed_at", models.DateTimeField(blank=True, null=True)),
    ]
