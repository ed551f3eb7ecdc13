"""Buildings and opening hours, locks, moves with versions, and letters about a release."""


import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('forums', '0002_extensions'),
        ('programme', '0002_true_placements'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='room',
            name='closed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='room',
            name='floor',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='timetable',
            name='blame',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='timetable',
            name='discarded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='timetable',
            name='discarded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='timetable',
            name='is_repair',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='timetable',
            name='judged_by',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='timetable',
            name='stop_asked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='timetable',
            name='version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='Building',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('forum', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='buildings', to='forums.forum')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='room',
            name='building',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rooms', to='programme.building'),
        ),
        migrations.CreateModel(
            name='Move',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('moved_at', models.DateTimeField()),
                ('from_period', django.contrib.postgres.fields.ranges.DateTimeRangeField(blank=True, null=True)),
                ('to_period', django.contrib.postgres.fields.ranges.DateTimeRangeField(blank=True, null=True)),
                ('is_undo', models.BooleanField(default=False)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('from_room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.room')),
                ('moved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.session')),
                ('timetable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='programme.timetable')),
                ('to_room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.room')),
            ],
            options={
                'ordering': ['-version', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ReleaseLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='programme.release')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='RoomOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='programme.room')),
            ],
            options={
                'ordering': ['period'],
            },
        ),
        migrations.CreateModel(
            name='SessionLock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('locked_at', models.DateTimeField()),
                ('locked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='locks', to='programme.room')),
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='lock', to='programme.session')),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='locks', to='programme.slot')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Walk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveSmallIntegerField()),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programme.building')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programme.building')),
            ],
            options={
                'ordering': ['first', 'second'],
            },
        ),
        migrations.AddConstraint(
            model_name='building',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), models.F('forum'), name='one_building_per_name'),
        ),
        migrations.AddConstraint(
            model_name='move',
            constraint=models.UniqueConstraint(fields=('timetable', 'version', 'session'), name='session_moves_once_at_once'),
        ),
        migrations.AddConstraint(
            model_name='releaseletter',
            constraint=models.UniqueConstraint(fields=('release', 'person'), name='person_told_once_of_a_release'),
        ),
        migrations.AddConstraint(
            model_name='roomopening',
            constraint=models.CheckConstraint(condition=models.Q(('period__isempty', False), ('period__lower_inf', False), ('period__upper_inf', False)), name='opening_has_start_and_end'),
        ),
        migrations.AddConstraint(
            model_name='roomopening',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('room', '='), ('period', '&&')], name='openings_do_not_overlap'),
        ),
        migrations.AddConstraint(
            model_name='walk',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='one_walk_per_two_buildings'),
        ),
        migrations.AddConstraint(
            model_name='walk',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='walk_stands_in_one_order'),
        ),
    ]
