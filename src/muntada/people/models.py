from typing import ClassVar

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext

from muntada.foundations.cleaning import clean_line
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.people import rules


class PersonManager(BaseUserManager["Person"]):
    """Creates persons without passwords."""

    def create_user(self, email: str, name: str = "", language: str = "en") -> "Person":
        person = self.model(email=self.normalize_email(email), name=clean_line(name), language=language)
        person.set_unusable_password()
        person.save(using=self._db)
        # The code sent to this address verifies it; without this row, a second code would be required.
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=False)
        return person


class Person(AbstractBaseUser):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES, default="en")
    country = models.CharField(max_length=2, blank=True)
    wants_notices = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    is_invented = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    # From then on the row contains no personal data; it remains the author of what the person did.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = PersonManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_address")]

    def __str__(self) -> str:
        if self.withdrawn_at is not None:
            return gettext("Name withdrawn")
        return self.name or self.email.partition("@")[0]


class Organisation(models.Model):
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=12, default="en")
    kind = models.CharField(
        max_length=24, choices=[(kind.value, kind.value) for kind in rules.OrganisationKind]
    )
    country = models.CharField(max_length=2, blank=True)
    is_international_headquarters = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), "country", name="one_organisation_per_name")]

    def __str__(self) -> str:
        return self.name


class Affiliation(models.Model):
    """A claim to belong to an organization; its focal point confirms it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="affiliations")
    is_focal_point = models.BooleanField(default=False)
    claimed_at = models.DateTimeField()
    vouched_at = models.DateTimeField(null=True, blank=True)
    vouched_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(ended_at=None), name="affiliation_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(is_focal_point=False) | Q(vouched_at__isnull=False), name="focal_point_is_vouched"
            ),
        ]


class RoleHeld(models.Model):
    """A role of a person in a forum."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    forum = models.ForeignKey("forums.Forum", models.CASCADE, related_name="roles")
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in rules.Role])
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "forum", "role"], name="role_held_once")]


class SignInLink(models.Model):
    """A sign-in link with an expiry; only the digest of its token is stored."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()


class NameWithdrawal(models.Model):
    """A request to withdraw a person's name, carried out by a secretariat."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="withdrawal")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at"]
