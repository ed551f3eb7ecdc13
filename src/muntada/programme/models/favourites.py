"""The sessions a person has marked."""

from django.conf import settings
from django.db import models

from muntada.programme.models.sessions import Session


class Favourite(models.Model):
    """A person wants to be in this session. Nobody else sees it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourites")
    session = models.ForeignKey(Session, models.CASCADE, related_name="favourites")
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "session"], name="favourite_is_marked_once"),
        ]


class FavouriteCalendar(models.Model):
    """The address at which a person's calendar program reads what they marked. Who knows it can read it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    forum = models.ForeignKey("forums.Forum", models.CASCADE, related_name="+")
    key = models.CharField(max_length=43, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "forum"], name="one_favourite_calendar_per_person"),
        ]
