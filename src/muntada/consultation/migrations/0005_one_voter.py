"""A voter without an account may turn out to be somebody who has votes with one; it names them from then on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consultation", "0004_wordings_of_translations")]
    operations = [
        migrations.AddField(
            model_name="voter",
            name="joined_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="consultation.voter",
            ),
        ),
    ]
