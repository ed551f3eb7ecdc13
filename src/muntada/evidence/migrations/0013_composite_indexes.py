"""Composite indexes: their structure, choices and results; groups computed from their members."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0012_showcase'),
        ('forums', '0003_milestones_beside_data'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='storedresult',
            name='kind',
            field=models.CharField(choices=[('divides', 'divides'), ('trends', 'trends'), ('known', 'known'), ('forecast', 'forecast'), ('groups', 'groups')], max_length=12),
        ),
        migrations.CreateModel(
            name='CompositeIndex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('about', models.TextField()),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('zh-hans', '中文'), ('en', 'English'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], max_length=12)),
                ('compares', models.CharField(choices=[('country', 'country'), ('region', 'region'), ('itu-region', 'itu-region'), ('income', 'income'), ('development', 'development')], max_length=16)),
                ('year', models.PositiveSmallIntegerField()),
                ('oldest', models.PositiveSmallIntegerField()),
                ('normalise', models.CharField(choices=[('minmax', 'minmax'), ('standard', 'standard'), ('rank', 'rank')], default='minmax', max_length=12)),
                ('aggregate', models.CharField(choices=[('arithmetic', 'arithmetic'), ('geometric', 'geometric')], default='arithmetic', max_length=12)),
                ('treats_outliers', models.BooleanField(default=True)),
                ('fills_gaps', models.BooleanField(default=True)),
                ('seed', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField()),
                ('result', models.JSONField(default=dict)),
                ('digest', models.CharField(max_length=64)),
                ('computed_at', models.DateTimeField()),
                ('forum', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='composite_indexes', to='forums.forum')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='IndexPillar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=120)),
                ('weight', models.FloatField()),
                ('index', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pillars', to='evidence.compositeindex')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='IndexPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weight', models.FloatField()),
                ('more_is_better', models.BooleanField(default=True)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.indicator')),
                ('vintage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.vintage')),
                ('pillar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='evidence.indexpillar')),
            ],
            options={
                'ordering': ['pillar', 'indicator__symbol__number'],
            },
        ),
        migrations.AddConstraint(
            model_name='compositeindex',
            constraint=models.UniqueConstraint(fields=('forum', 'number'), name='one_index_per_number_and_forum'),
        ),
        migrations.AddConstraint(
            model_name='compositeindex',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 1800), ('year__lte', 2100)), name='index_year_is_a_year'),
        ),
        migrations.AddConstraint(
            model_name='indexpillar',
            constraint=models.UniqueConstraint(fields=('index', 'position'), name='one_pillar_at_a_place'),
        ),
        migrations.AddConstraint(
            model_name='indexpillar',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gt', 0)), name='pillar_has_a_weight'),
        ),
        migrations.AddConstraint(
            model_name='indexpart',
            constraint=models.UniqueConstraint(fields=('pillar', 'indicator'), name='one_indicator_per_pillar'),
        ),
        migrations.AddConstraint(
            model_name='indexpart',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gt', 0)), name='index_part_has_a_weight'),
        ),
    ]
