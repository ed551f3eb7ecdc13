"""A contribution knows which campaign it was taken out of; a reply can say that a merge was undone."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import SET_NULL

REPLIES = ("accepted", "merged", "clustered", "referred", "declined", "undone")


class Migration(migrations.Migration):
    dependencies = [("consultation", "0005_one_voter")]
    operations = [
        migrations.AddField(
            "contribution",
            "left_campaign",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=SET_NULL,
                related_name="left_by",
                to="consultation.campaign",
            ),
        ),
        migrations.AddConstraint(
            "contribution",
            models.CheckConstraint(
                condition=Q(stands_alone=False) | Q(campaign=None), name="what_stands_alone_is_in_no_campaign"
            ),
        ),
        migrations.AddConstraint(
            "contribution",
            models.CheckConstraint(
                condition=Q(stands_alone=True) | Q(left_campaign=None),
                name="what_left_a_campaign_stands_alone",
            ),
        ),
        migrations.AlterField(
            "reply",
            "disposition",
            models.CharField(choices=[(one, one) for one in REPLIES], max_length=12),
        ),
    ]
