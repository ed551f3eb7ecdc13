from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programme', '0014_true_ties'),
    ]

    operations = [
        migrations.AddField(
            model_name='selection',
            name='stop_asked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
