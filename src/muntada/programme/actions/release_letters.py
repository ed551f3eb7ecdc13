"""Telling those with a part in a session what a release changes for them: one letter for each, once."""

from datetime import datetime

from django.db import transaction
from django.utils import translation

from muntada.foundations.mail import send_letter
from muntada.programme.actions import task_types
from muntada.programme.models import Release, ReleaseLetter
from muntada.programme.queries.release_letters import affected_by, changes_for, letter_to_send
from muntada.programme.rules.releases import changes_in_words


def tell_of(*, release: Release) -> list[ReleaseLetter]:
    """Note who is to be told, and put one letter for each into the queue; in the publisher's transaction."""
    affected = affected_by(release.forum, release.difference)
    letters = ReleaseLetter.objects.bulk_create(
        [
            *(ReleaseLetter(release=release, person=one) for one in affected.people),
            *(ReleaseLetter(release=release, speaker=one) for one in affected.speakers),
        ]
    )
    for letter in letters:
        task_types.send_release_letter.order(letter_id=letter.pk)
    return letters


def send_release_letter(*, letter_id: int, now: datetime) -> bool:
    """Send one letter, inside the transaction that says so; one that was sent is not sent again."""
    with transaction.atomic():
        letter = letter_to_send(letter_id)
        if letter is None:
            return False
        ReleaseLetter.objects.filter(pk=letter.pk).update(sent_at=now)
        forum, reader = letter.release.forum, letter.person or letter.speaker
        # An address may be forgotten and an account closed between the release and its letters.
        if reader is None or not reader.email or (letter.person and not letter.person.is_active):
            return False
        with translation.override(reader.language):
            changes = changes_in_words(changes_for(letter), forum.timezone)
        if not changes:
            return False
        send_letter(
            to=reader.email,
            language=reader.language,
            template="programme/letters/release.txt",
            context={"release": letter.release, "forum": forum, "changes": changes},
        )
    return True
