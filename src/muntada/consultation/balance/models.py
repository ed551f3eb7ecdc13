from django.db import models
from django.db.models import Q

from muntada.consultation.opinion.rules import Basis
from muntada.forums.models import Forum


class Reference(models.Model):
    """The reference shares of a forum: percent per group of a scheme."""

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="references")
    scheme = models.CharField(max_length=32)
    basis = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Basis])
    shares = models.JSONField()
    source = models.CharField(max_length=500)
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ["forum", "scheme"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "scheme"], name="one_reference_per_scheme"),
            models.CheckConstraint(condition=~Q(source=""), name="a_reference_names_its_source"),
        ]
