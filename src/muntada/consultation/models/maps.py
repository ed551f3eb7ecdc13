from django.db import models

from muntada.consultation.models.calls import Call


class OpinionMap(models.Model):
    """A map of a call as it was drawn at a moment: the same votes and seed give the same again.

    The newest is the one shown; of the earlier ones those of each day's end are kept as the history.
    `voices` is the same seen by declared groups, raw and re-weighted.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="opinion_maps")
    seed = models.PositiveIntegerField()
    settings = models.JSONField()
    voters = models.PositiveIntegerField()
    votes = models.PositiveIntegerField()
    statements = models.PositiveIntegerField()
    # What pages ask for alone stands alone: the points are many, the priorities are asked for at each vote.
    points = models.JSONField()
    priorities = models.JSONField()
    result = models.JSONField()
    voices = models.JSONField(default=dict, blank=True)
    # Votes up to this row went into it, so that the drawing can be repeated after later votes.
    last_vote = models.PositiveBigIntegerField(default=0)
    # Whose votes did not count, and who had declared what, when it was drawn: both may change later. Null
    # where that was not kept yet; then what is known now stands in. `declared` holds kind, country, whether
    # at a headquarters, and the voters who said just that.
    left_out_voters = models.JSONField(null=True, blank=True)
    declared = models.JSONField(null=True, blank=True)
    # The archive of its votes, once somebody asked for it.
    open_data = models.FileField(upload_to="open-data", max_length=200, blank=True)
    is_latest = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(is_latest=True), name="one_latest_map_per_call"
            )
        ]
