"""Speakers without an account are told of a release at the address they were asked at."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programme', '0017_names_withdrawn'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='releaseletter',
            name='speaker',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programme.requestspeaker'),
        ),
        migrations.AlterField(
            model_name='releaseletter',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='releaseletter',
            constraint=models.UniqueConstraint(fields=('release', 'speaker'), name='speaker_told_once_of_a_release'),
        ),
        migrations.AddConstraint(
            model_name='releaseletter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person', None), ('speaker__isnull', False)), models.Q(('person__isnull', False), ('speaker', None)), _connector='OR'), name='release_letter_has_one_reader'),
        ),
    ]
