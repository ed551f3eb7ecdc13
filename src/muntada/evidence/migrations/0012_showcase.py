"""A showcase: its rules, its phases, its categories, who is entered, who judges, who votes, who wins."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# A vote, a pick and an entry belong to one category, and a category to one showcase: no row mixes two.
WHOLE = """
ALTER TABLE evidence_showcasecategory ADD CONSTRAINT category_of_showcase UNIQUE (id, showcase_id);
ALTER TABLE evidence_showcaseentry ADD CONSTRAINT entry_of_category UNIQUE (id, category_id);
ALTER TABLE evidence_showcaseentry ADD CONSTRAINT entry_in_category_of_its_showcase
    FOREIGN KEY (category_id, showcase_id) REFERENCES evidence_showcasecategory (id, showcase_id);
ALTER TABLE evidence_showcasevote ADD CONSTRAINT vote_for_entry_of_its_category
    FOREIGN KEY (entry_id, category_id) REFERENCES evidence_showcaseentry (id, category_id);
ALTER TABLE evidence_winnerpick ADD CONSTRAINT pick_of_entry_of_its_category
    FOREIGN KEY (entry_id, category_id) REFERENCES evidence_showcaseentry (id, category_id);
"""
APART = """
ALTER TABLE evidence_winnerpick DROP CONSTRAINT pick_of_entry_of_its_category;
ALTER TABLE evidence_showcasevote DROP CONSTRAINT vote_for_entry_of_its_category;
ALTER TABLE evidence_showcaseentry DROP CONSTRAINT entry_in_category_of_its_showcase;
ALTER TABLE evidence_showcaseentry DROP CONSTRAINT entry_of_category;
ALTER TABLE evidence_showcasecategory DROP CONSTRAINT category_of_showcase;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0011_indicators_of_lines'),
        ('forums', '0002_extensions'),
        ('people', '0002_names_withdrawn'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Showcase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.SlugField(max_length=32)),
                ('titles', models.JSONField()),
                ('abouts', models.JSONField(blank=True, default=dict)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list)),
                ('states', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list)),
                ('is_one_per_organisation', models.BooleanField(default=True)),
                ('lets_winners_again', models.BooleanField(default=False)),
                ('judged_by', models.CharField(choices=[('marks', 'marks'), ('picks', 'picks')], max_length=8)),
                ('criteria', models.JSONField(blank=True, default=list)),
                ('lowest', models.PositiveSmallIntegerField(default=1)),
                ('highest', models.PositiveSmallIntegerField(default=5)),
                ('fewest_judgements', models.PositiveSmallIntegerField(default=2)),
                ('nominees', models.PositiveSmallIntegerField(default=10)),
                ('votes_open_to', models.CharField(choices=[('anyone', 'anyone'), ('signed-in', 'signed-in'), ('vouched', 'vouched')], max_length=12)),
                ('champions', models.PositiveSmallIntegerField(default=5)),
                ('winner_by', models.CharField(choices=[('vote', 'vote'), ('experts', 'experts')], max_length=8)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('nominees_at', models.DateTimeField(blank=True, null=True)),
                ('champions_at', models.DateTimeField(blank=True, null=True)),
                ('winners_at', models.DateTimeField(blank=True, null=True)),
                ('voters', models.PositiveIntegerField(blank=True, null=True)),
                ('made_at', models.DateTimeField()),
                ('is_invented', models.BooleanField(default=False)),
                ('forum', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='showcases', to='forums.forum')),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ShowcaseCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('titles', models.JSONField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forums.line')),
                ('showcase', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='categories', to='evidence.showcase')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ShowcaseEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.TextField()),
                ('entered_at', models.DateTimeField()),
                ('consented_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('award', models.CharField(blank=True, choices=[('nominee', 'nominee'), ('champion', 'champion'), ('winner', 'winner')], max_length=8)),
                ('score', models.DecimalField(blank=True, decimal_places=3, max_digits=8, null=True)),
                ('judgements_counted', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('votes', models.PositiveIntegerField(blank=True, null=True)),
                ('picks', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='evidence.showcasecategory')),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='evidence.initiative')),
                ('showcase', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='evidence.showcase')),
                ('sole_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
            ],
            options={
                'ordering': ['category', 'entered_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ShowcaseExpert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('named_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('categories', models.ManyToManyField(blank=True, related_name='experts', to='evidence.showcasecategory')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('showcase', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='experts', to='evidence.showcase')),
            ],
            options={
                'ordering': ['named_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ShowcaseJudgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marks', models.JSONField(blank=True, default=dict)),
                ('conflict', models.CharField(blank=True, max_length=300)),
                ('given_at', models.DateTimeField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='judgements', to='evidence.showcaseentry')),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='judgements', to='evidence.showcaseexpert')),
            ],
            options={
                'ordering': ['given_at'],
            },
        ),
        migrations.CreateModel(
            name='ShowcasePhase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phase', models.CharField(choices=[('entry', 'entry'), ('nomination', 'nomination'), ('vote', 'vote'), ('choice', 'choice')], max_length=12)),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('showcase', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='evidence.showcase')),
            ],
            options={
                'ordering': ['opens_at'],
            },
        ),
        migrations.CreateModel(
            name='PhaseChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens_at_before', models.DateTimeField()),
                ('closes_at_before', models.DateTimeField()),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('reason', models.TextField()),
                ('decided_at', models.DateTimeField()),
                ('phase', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='evidence.showcasephase')),
            ],
            options={
                'ordering': ['decided_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ShowcaseVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('browser', models.CharField(blank=True, max_length=64, null=True)),
                ('cast_at', models.DateTimeField()),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ballots', to='evidence.showcasecategory')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='evidence.showcaseentry')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TieSettled',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('award', models.CharField(choices=[('nominee', 'nominee'), ('champion', 'champion'), ('winner', 'winner')], max_length=8)),
                ('tied', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
                ('places', models.PositiveSmallIntegerField()),
                ('chosen', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
                ('reason', models.TextField()),
                ('decided_at', models.DateTimeField()),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ties', to='evidence.showcasecategory')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='WinnerPick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('picked_at', models.DateTimeField()),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='picks', to='evidence.showcasecategory')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='picked', to='evidence.showcaseentry')),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='picks', to='evidence.showcaseexpert')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='showcase',
            constraint=models.UniqueConstraint(models.F('forum'), models.F('edition'), name='one_showcase_per_edition'),
        ),
        migrations.AddConstraint(
            model_name='showcase',
            constraint=models.CheckConstraint(condition=models.Q(('champions__gte', 1), ('nominees__gte', models.F('champions'))), name='showcase_has_places'),
        ),
        migrations.AddConstraint(
            model_name='showcase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('nominees_at', None), ('opened_at__isnull', False), _connector='OR'), models.Q(('champions_at', None), ('nominees_at__isnull', False), _connector='OR'), models.Q(('winners_at', None), ('champions_at__isnull', False), _connector='OR')), name='showcase_announces_in_order'),
        ),
        migrations.AddConstraint(
            model_name='showcasecategory',
            constraint=models.UniqueConstraint(models.F('showcase'), models.F('line'), name='one_category_per_line'),
        ),
        migrations.AddConstraint(
            model_name='showcaseentry',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('showcase', 'initiative'), name='initiative_is_entered_once'),
        ),
        migrations.AddConstraint(
            model_name='showcaseentry',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('category', 'sole_of'), name='one_entry_per_organisation'),
        ),
        migrations.AddConstraint(
            model_name='showcaseentry',
            constraint=models.UniqueConstraint(condition=models.Q(('award', 'winner')), fields=('category',), name='one_winner_per_category'),
        ),
        migrations.AddConstraint(
            model_name='showcaseentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('award__in', ['champion', 'winner']), _negated=True), ('votes__gt', 0), _connector='OR'), name='champion_has_votes'),
        ),
        migrations.AddConstraint(
            model_name='showcaseentry',
            constraint=models.CheckConstraint(condition=models.Q(('case', ''), _negated=True), name='entry_makes_its_case'),
        ),
        migrations.AddConstraint(
            model_name='showcaseexpert',
            constraint=models.UniqueConstraint(models.F('showcase'), models.F('person'), name='expert_is_named_once'),
        ),
        migrations.AddConstraint(
            model_name='showcasejudgement',
            constraint=models.UniqueConstraint(models.F('entry'), models.F('expert'), name='one_judgement_per_expert'),
        ),
        migrations.AddConstraint(
            model_name='showcasejudgement',
            constraint=models.CheckConstraint(condition=models.Q(('conflict', ''), ('marks', {}), _connector='OR'), name='no_marks_where_interests_conflict'),
        ),
        migrations.AddConstraint(
            model_name='showcasephase',
            constraint=models.UniqueConstraint(models.F('showcase'), models.F('phase'), name='one_period_per_phase'),
        ),
        migrations.AddConstraint(
            model_name='showcasephase',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='phase_closes_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='showcasephase',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('showcase', '='), (models.Func(models.F('opens_at'), models.F('closes_at'), django.contrib.postgres.fields.ranges.RangeBoundary(), function='TSTZRANGE', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='one_phase_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='phasechange',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='phase_is_moved_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='showcasevote',
            constraint=models.UniqueConstraint(fields=('category', 'person'), name='one_vote_per_category_and_person'),
        ),
        migrations.AddConstraint(
            model_name='showcasevote',
            constraint=models.UniqueConstraint(fields=('category', 'browser'), name='one_vote_per_category_and_browser'),
        ),
        migrations.AddConstraint(
            model_name='showcasevote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('browser__isnull', False), ('person', None)), models.Q(('browser', None), ('person__isnull', False)), _connector='OR'), name='vote_is_of_a_person_or_a_browser'),
        ),
        migrations.AddConstraint(
            model_name='tiesettled',
            constraint=models.UniqueConstraint(models.F('category'), models.F('award'), name='tie_is_settled_once'),
        ),
        migrations.AddConstraint(
            model_name='tiesettled',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='tie_is_settled_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='winnerpick',
            constraint=models.UniqueConstraint(models.F('category'), models.F('expert'), name='one_pick_per_category'),
        ),
        migrations.RunSQL(WHOLE, APART),
    ]
