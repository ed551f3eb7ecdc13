"""Tables are taken in by the queue; records of meetings have versions, and calendars hear of each change."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import CASCADE, SET_NULL

STATES = ("looked", "waiting", "running", "done", "refused", "failed")

FORWARD = """
UPDATE consultation_callmeeting SET sequence = 1, changed_at = cancelled_at WHERE cancelled_at IS NOT NULL;
INSERT INTO consultation_meetingrecord (meeting_id, number, text, language, filed_at)
    SELECT id, 1, record, record_language, recorded_at FROM consultation_callmeeting WHERE record <> '';

CREATE FUNCTION consultation_record_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a record that was filed is kept' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consultation_record_kept BEFORE UPDATE ON consultation_meetingrecord
    FOR EACH ROW EXECUTE FUNCTION consultation_record_never_changes();
"""
BACKWARD = """
DROP TRIGGER consultation_record_kept ON consultation_meetingrecord;
DROP FUNCTION consultation_record_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consultation", "0008_reply_letters"),
        ("record", "0003_found_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("callmeeting", "sequence", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("callmeeting", "changed_at", models.DateTimeField(blank=True, null=True)),
        migrations.CreateModel(
            name="IntakeTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("file", models.FileField(blank=True, max_length=200, upload_to="")),
                ("rows", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(choices=[(one, one) for one in STATES], default="looked", max_length=8),
                ),
                ("progress", models.FloatField(default=0)),
                ("taken", models.PositiveIntegerField(default=0)),
                ("sentence", models.TextField(blank=True)),
                ("looked_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "call",
                    models.ForeignKey(on_delete=CASCADE, related_name="tables", to="consultation.call"),
                ),
                (
                    "looked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(state__in=["waiting", "running"]),
                        fields=("call",),
                        name="one_table_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=Q(progress__gte=0) & Q(progress__lte=1), name="share_of_a_table_is_a_share"
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="done") | Q(file="") & Q(ended_at__isnull=False),
                        name="a_table_taken_in_is_kept_no_longer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField(max_length=100_000)),
                ("language", models.CharField(max_length=12)),
                ("filed_at", models.DateTimeField()),
                (
                    "cites",
                    models.ManyToManyField(blank=True, related_name="cited_in_meetings", to="record.symbol"),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=CASCADE, related_name="records", to="consultation.callmeeting"
                    ),
                ),
            ],
            options={
                "ordering": ["meeting", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "number"), name="meeting_record_has_one_number"
                    ),
                    models.CheckConstraint(condition=~Q(text=""), name="a_meeting_record_says_something"),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
