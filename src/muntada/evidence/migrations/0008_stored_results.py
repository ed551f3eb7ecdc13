"""What is computed of an indicator's numbers, kept until they change."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0007_charts_are_not_kept'),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('divides', 'divides'), ('trends', 'trends'), ('known', 'known'), ('forecast', 'forecast')], max_length=12)),
                ('version', models.PositiveSmallIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('result', models.JSONField()),
                ('computed_at', models.DateTimeField()),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='results', to='evidence.indicator')),
                ('target', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='results', to='evidence.indicatortarget')),
                ('vintage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.vintage')),
                ('weights', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.vintage')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('indicator', 'kind', 'target'), name='one_result_per_indicator_and_kind', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'forecast'), ('target__isnull', False)), models.Q(models.Q(('kind', 'forecast'), _negated=True), ('target', None)), _connector='OR'), name='only_a_forecast_has_a_target')],
            },
        ),
    ]
