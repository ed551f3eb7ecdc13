from django.db.models import QuerySet

from muntada.forums.models import Forum
from muntada.people.models import Person
from muntada.people.rules import Role


def secretariat_of(forum: Forum) -> QuerySet[Person]:
    """Return the members of the secretariat with an e-mail address."""
    held = Person.objects.filter(roles__forum=forum, roles__role=Role.SECRETARIAT)
    return held.filter(is_active=True, is_invented=False).distinct()
