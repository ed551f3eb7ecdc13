"""Which dates of a forum are noted beside its indicators."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forums', '0002_extensions'),
    ]

    operations = [
        migrations.AddField(
            model_name='milestone',
            name='is_beside_data',
            field=models.BooleanField(default=False),
        ),
    ]
