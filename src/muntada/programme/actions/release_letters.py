"""Telling those with a part in a session what a release changes for them: one letter for each, once."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from procrastinate.contrib.django import app as queue

from muntada.foundations.mail import send_letter
from muntada.programme.models import Release, ReleaseLetter
from muntada.programme.queries.release_letters import changes_for, letter_to_send, people_affected
from muntada.programme.rules.releases import changes_in_words

SEND = "programme.send_release_letter"


def tell_of(*, release: Release) -> list[ReleaseLetter]:
    """Note who is to be told, and put one letter for each into the queue; in the publisher's transaction."""
    letters = ReleaseLetter.objects.bulk_create(
        ReleaseLetter(release=release, person=person)
        for person in people_affected(release.forum, release.difference)
    )
    for letter in letters:
        queue.configure_task(SEND).defer(letter_id=letter.pk)
    return letters


def send_release_letter(*, letter_id: int, now: datetime) -> bool:
    """Send one letter, inside the transaction that says so; one that was sent is not sent again."""
    with transaction.atomic():
        letter = letter_to_send(letter_id)
        if letter is None:
            return False
        ReleaseLetter.objects.filter(pk=letter.pk).update(sent_at=now)
        forum, person = letter.release.forum, letter.person
        with translation.override(person.language):
            changes = changes_in_words(changes_for(letter.release, person), forum.timezone)
        if not changes or not person.is_active:
            return False
        send_letter(
            to=person.email,
            language=person.language,
            template="programme/letters/release.txt",
            context={"release": letter.release, "forum": forum, "changes": changes},
        )
    return True
