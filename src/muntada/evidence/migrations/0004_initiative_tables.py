"""Tables of initiatives that were sent in, until they are taken in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0003_initiatives_read_and_kept'),
        ('forums', '0002_extensions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='InitiativeTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('rows', models.JSONField(default=list)),
                ('count', models.PositiveIntegerField()),
                ('same', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('refused', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('looked', 'looked'), ('waiting', 'waiting'), ('done', 'done'), ('failed', 'failed')], default='looked', max_length=8)),
                ('publishes', models.BooleanField(default=False)),
                ('looked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('forum', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='forums.forum')),
                ('looked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('forum',), name='one_initiative_table_at_a_time'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('count'))), name='initiative_table_in_bounds')],
            },
        ),
    ]
