"""Imports that can be withdrawn, dated memberships of groups, breakdowns by several dimensions."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0004_initiative_tables'),
        ('forums', '0002_extensions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('address', models.URLField(blank=True, max_length=1000)),
                ('form', models.CharField(blank=True, max_length=24)),
                ('header', models.JSONField(blank=True, default=list)),
                ('says', models.JSONField(blank=True, default=dict)),
                ('series', models.CharField(blank=True, max_length=64)),
                ('edition', models.CharField(blank=True, max_length=80)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('looking', 'looking'), ('columns', 'columns'), ('looked', 'looked'), ('taking', 'taking'), ('done', 'done'), ('refused', 'refused'), ('failed', 'failed'), ('withdrawn', 'withdrawn')], default='looking', max_length=12)),
                ('progress', models.FloatField(default=0)),
                ('preview', models.JSONField(blank=True, default=dict)),
                ('sentence', models.TextField(blank=True)),
                ('leaves_out', models.BooleanField(default=False)),
                ('begun_at', models.DateTimeField()),
                ('told_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_why', models.CharField(blank=True, max_length=400)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ImportPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('content', models.BinaryField()),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('until_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('source', models.CharField(max_length=200)),
                ('status', models.CharField(choices=[('sourced', 'Sourced'), ('unverified', 'Unverified')], default='unverified', max_length=12)),
            ],
            options={
                'ordering': ['group', 'area', 'since_year'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='vintage',
            name='one_vintage_per_edition',
        ),
        migrations.RemoveConstraint(
            model_name='vintage',
            name='a_file_is_imported_once',
        ),
        migrations.AddField(
            model_name='area',
            name='m49',
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AddField(
            model_name='vintage',
            name='unit',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='vintage',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='area',
            name='grouping',
            field=models.CharField(blank=True, choices=[('world', 'world'), ('region', 'region'), ('itu-region', 'itu-region'), ('m49-region', 'm49-region'), ('income', 'income'), ('development', 'development'), ('other', 'other')], max_length=16),
        ),
        migrations.AlterField(
            model_name='chart',
            name='grouping',
            field=models.CharField(choices=[('world', 'world'), ('region', 'region'), ('itu-region', 'itu-region'), ('m49-region', 'm49-region'), ('income', 'income'), ('development', 'development'), ('other', 'other')], max_length=16),
        ),
        migrations.AlterField(
            model_name='observation',
            name='breakdown',
            field=models.CharField(default='total', max_length=200),
        ),
        migrations.AlterField(
            model_name='vintage',
            name='dimension',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='import',
            name='begun_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='import',
            name='forum',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='forums.forum'),
        ),
        migrations.AddField(
            model_name='import',
            name='source',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='evidence.source'),
        ),
        migrations.AddField(
            model_name='vintage',
            name='brought_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='vintages', to='evidence.import', verbose_name='import'),
        ),
        migrations.AddConstraint(
            model_name='vintage',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('indicator', 'source', 'label', 'dimension'), name='one_vintage_per_edition', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='vintage',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('file_digest', ''), _negated=True), ('withdrawn_at', None)), fields=('indicator', 'file_digest'), name='a_file_is_imported_once'),
        ),
        migrations.AddField(
            model_name='importpart',
            name='of_import',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='evidence.import'),
        ),
        migrations.AddField(
            model_name='membership',
            name='area',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='evidence.area'),
        ),
        migrations.AddField(
            model_name='membership',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='evidence.area'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'taking')), fields=('forum',), name='one_import_taken_in_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('progress__gte', 0), ('progress__lte', 1)), name='share_of_an_import_is_a_share'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_at', None)), _connector='OR'), name='a_withdrawn_import_says_when'),
        ),
        migrations.AddConstraint(
            model_name='importpart',
            constraint=models.UniqueConstraint(fields=('of_import', 'number'), name='one_part_per_number'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('since_year', None), ('until_year', None), ('until_year__gt', models.F('since_year')), _connector='OR'), name='membership_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('area', '='), ('group', '='), (models.Func('since_year', 'until_year', function='int4range', output_field=django.contrib.postgres.fields.ranges.IntegerRangeField()), '&&')], name='one_membership_at_a_time'),
        ),
    ]
