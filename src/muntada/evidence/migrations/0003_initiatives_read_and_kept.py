"""An entry is read before everybody sees it, says more, and is kept true year by year."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0002_never_overwritten'),
        ('forums', '0002_extensions'),
        ('people', '0001_initial'),
        ('record', '0003_found_by'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='InitiativeFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('what', models.CharField(max_length=200)),
                ('value', models.DecimalField(decimal_places=4, max_digits=20)),
                ('unit', models.CharField(max_length=60)),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='InitiativeVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('said', models.JSONField()),
                ('until', models.DateTimeField()),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.AddField(
            model_name='initiative',
            name='also_in',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list),
        ),
        migrations.AddField(
            model_name='initiative',
            name='asked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='initiative',
            name='beneficiaries',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='initiative',
            name='confirmed_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='initiative',
            name='media',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.URLField(max_length=400), blank=True, default=list),
        ),
        migrations.AddField(
            model_name='initiative',
            name='published_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='initiative',
            name='read_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='initiative',
            name='replicability',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='initiative',
            name='returned_because',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='initiative',
            name='standing',
            field=models.CharField(choices=[('submitted', 'submitted'), ('returned', 'returned'), ('published', 'published')], default='submitted', max_length=16),
        ),
        migrations.RunSQL(
            "UPDATE evidence_initiative SET standing = 'published', published_at = registered_at, "
            "confirmed_at = registered_at",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name='initiative',
            index=models.Index(condition=models.Q(('standing', 'published'), ('withdrawn_at', None)), fields=['-registered_at', '-id'], name='initiative_in_public'),
        ),
        migrations.AddIndex(
            model_name='initiative',
            index=django.contrib.postgres.indexes.GinIndex(fields=['also_in'], name='initiative_also_in'),
        ),
        migrations.AddConstraint(
            model_name='initiative',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('standing', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='initiative_published_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='initiative',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('standing', 'returned'), _negated=True), models.Q(('returned_because', ''), _negated=True), _connector='OR'), name='initiative_returned_for_a_reason'),
        ),
        migrations.AddField(
            model_name='initiativefigure',
            name='initiative',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='evidence.initiative'),
        ),
        migrations.AddField(
            model_name='initiativeversion',
            name='changed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='initiativeversion',
            name='initiative',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='evidence.initiative'),
        ),
        migrations.AddConstraint(
            model_name='initiativefigure',
            constraint=models.UniqueConstraint(models.F('initiative'), models.F('position'), name='initiative_figure_at_a_place'),
        ),
        migrations.AddConstraint(
            model_name='initiativeversion',
            constraint=models.UniqueConstraint(models.F('initiative'), models.F('number'), name='initiative_version_once'),
        ),
    ]
