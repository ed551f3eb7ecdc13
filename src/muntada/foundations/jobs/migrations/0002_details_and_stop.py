from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="job", name="details", field=models.JSONField(blank=True, default=dict)
        ),
        migrations.AddField(
            model_name="job", name="stop_asked_at", field=models.DateTimeField(blank=True, null=True)
        ),
    ]
