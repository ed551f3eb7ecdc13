"""A call gives out rows of votes or breakdowns; a map keeps who was left out of it and who had declared what.

What was imported came from public rows and goes on giving them out; all else tells how groups voted.
"""

from django.db import migrations, models
from django.db.models import Q

IMPORTED = "UPDATE consultation_call SET gives_out = 'rows', margins = '{}' WHERE import_digest <> ''"


class Migration(migrations.Migration):
    dependencies = [("consultation", "0006_campaign_left")]
    operations = [
        migrations.AddField(
            model_name="call",
            name="gives_out",
            field=models.CharField(
                choices=[("breakdown", "breakdown"), ("rows", "rows")], default="breakdown", max_length=16
            ),
        ),
        migrations.RunSQL(IMPORTED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=Q(gives_out="breakdown") | Q(gives_out="rows", margins={}),
                name="rows_or_breakdowns_never_both",
            ),
        ),
        migrations.AddField(
            model_name="opinionmap",
            name="left_out_voters",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="opinionmap",
            name="declared",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="opinionmap",
            name="open_data",
            field=models.FileField(blank=True, max_length=200, upload_to="open-data"),
        ),
    ]
