"""What an indicator is to reach, and what each method says of each area."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0005_imports_and_memberships'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='IndicatorTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.FloatField()),
                ('year', models.PositiveSmallIntegerField()),
                ('base_year', models.PositiveSmallIntegerField()),
                ('direction', models.CharField(choices=[('up', 'up'), ('down', 'down'), ('parity', 'parity')], default='up', max_length=8)),
                ('limit', models.FloatField(blank=True, null=True)),
                ('lower', models.FloatField(blank=True, null=True)),
                ('optimum', models.FloatField(blank=True, null=True)),
                ('agreed_in', models.CharField(max_length=300)),
                ('set_at', models.DateTimeField()),
                ('assessed_at', models.DateTimeField(blank=True, null=True)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='evidence.indicator')),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('vintage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.vintage')),
            ],
            options={
                'ordering': ['year', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(max_length=16)),
                ('method_version', models.CharField(max_length=16)),
                ('verdict', models.CharField(max_length=48)),
                ('is_on_track', models.BooleanField(blank=True, null=True)),
                ('ratio', models.FloatField(blank=True, null=True)),
                ('observed_rate', models.FloatField(blank=True, null=True)),
                ('required_rate', models.FloatField(blank=True, null=True)),
                ('score', models.FloatField(blank=True, null=True)),
                ('base_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('base_value', models.FloatField(blank=True, null=True)),
                ('current_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('current_value', models.FloatField(blank=True, null=True)),
                ('points', models.PositiveSmallIntegerField()),
                ('share_estimated', models.FloatField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('digest', models.CharField(max_length=64)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.area')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assessments', to='evidence.indicatortarget')),
            ],
            options={
                'ordering': ['target', 'area', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='indicatortarget',
            constraint=models.UniqueConstraint(fields=('indicator', 'year'), name='one_target_per_indicator_and_year'),
        ),
        migrations.AddConstraint(
            model_name='indicatortarget',
            constraint=models.CheckConstraint(condition=models.Q(('year__gt', models.F('base_year'))), name='target_after_its_base_year'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(fields=('target', 'area', 'method'), name='one_assessment_per_area_and_method'),
        ),
    ]
