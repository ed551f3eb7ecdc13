"""E-mails of introductions."""

from muntada.evidence.partnering import task_types
from muntada.evidence.partnering.models import Introduction
from muntada.foundations.mail import send_letter
from muntada.people.models import Person


@task_types.send_introduction.carried_out_by
def send_introduction(*, letter_id: int) -> None:
    """Notify the author of an entry of an introduction, without an address."""
    letter = _letter(letter_id)
    if letter is not None and letter.entry.entered_by is not None:
        _send_to(letter.entry.entered_by, "evidence/partnering/letters/introduction.txt", letter)


@task_types.send_answer.carried_out_by
def send_answer(*, letter_id: int) -> None:
    """Notify the sender of the answer."""
    letter = _letter(letter_id)
    if letter is not None and letter.answered_at is not None:
        _send_to(letter.sender, "evidence/partnering/letters/introduction_answer.txt", letter)


def _letter(letter_id: int) -> Introduction | None:
    rows = Introduction.objects.select_related(
        "sender", "entry__forum", "entry__organisation", "entry__entered_by"
    )
    return rows.filter(pk=letter_id).first()


def _send_to(person: Person, template: str, letter: Introduction) -> None:
    if person.is_active and not person.is_invented:
        send_letter(to=person.email, language=person.language, template=template, context={"letter": letter})
