"""Ask authors yearly whether their entries are still correct."""

from datetime import datetime
from itertools import groupby

from django.db import transaction

from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.queries.lists import due_of_authors
from muntada.foundations.mail import send_letter
from muntada.people.models import Person


def ask_authors(*, now: datetime) -> int:
    """Send each author one e-mail about all entries due; return the number of e-mails."""
    letters = 0
    for author, entries in groupby(due_of_authors(now), key=lambda one: one.registered_by):
        if author is not None:
            _ask(author, list(entries), now)
            letters += 1
    return letters


def _ask(author: Person, entries: list[Initiative], now: datetime) -> None:
    """Mark and queue together; if this fails, the next day tries again."""
    with transaction.atomic():
        Initiative.objects.filter(pk__in=[one.pk for one in entries]).update(asked_at=now)
        send_letter(
            to=author.email,
            language=author.language,
            template="evidence/initiatives/letters/yearly.txt",
            context={"initiatives": entries},
        )
