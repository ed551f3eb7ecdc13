"""A wording that was corrected may be that of a translation; it then names its language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consultation", "0003_draft_follows_questions")]
    operations = [
        migrations.AddField(
            model_name="statementversion",
            name="language",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
    ]
