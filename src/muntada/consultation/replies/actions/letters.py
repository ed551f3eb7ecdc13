"""E-mails about replies: one for several replies in a short time."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from muntada.consultation.contributions.models import Contribution
from muntada.consultation.replies import task_types
from muntada.consultation.replies.actions.notices import stop_address
from muntada.consultation.replies.models import Reply, ReplyLetter
from muntada.consultation.replies.queries.letters import gathered_with, letters_of
from muntada.consultation.replies.rules import DISPOSITION_WORDS, GATHERED_WITHIN, Disposition
from muntada.consultation.statements.models import Statement
from muntada.foundations.mail import send_letter


def tell_of(*, replies: Sequence[Reply], said: Sequence[Contribution | Statement]) -> None:
    """Order e-mails to the authors, combined with replies of the next minutes."""
    pairs = zip(replies, said, strict=True)
    letters = [letter for reply, one in pairs for letter in letters_of(reply, one)]
    if not letters:
        return
    ReplyLetter.objects.bulk_create(letters)
    # A waiting task will include these.
    task_types.write_reply_letters.order_after(GATHERED_WITHIN)


def send_reply_letter(*, letter_id: int, now: datetime) -> int:
    """Send an e-mail with all waiting replies to an address; return their number.

    The e-mail is sent inside the transaction that records it, so a failure is retried.
    """
    with transaction.atomic():
        gathered = gathered_with(letter_id)
        if not gathered:
            return 0
        ReplyLetter.objects.filter(pk__in=[one.pk for one in gathered]).update(sent_at=now)
        replies = list({one.reply_id: one.reply for one in gathered}.values())
        email, language = _addressee(gathered[0])
        send_letter(
            to=email,
            language=language,
            template="consultation/replies/letters/reply.txt",
            context={"replies": [(one, DISPOSITION_WORDS[Disposition(one.disposition)]) for one in replies]},
            stop=stop_address(replies[0].said.call.forum.slug, email),
        )
    return len(replies)


def _addressee(letter: ReplyLetter) -> tuple[str, str]:
    if letter.person is not None:
        return letter.person.email, letter.person.language
    if letter.contribution is None:
        raise ValueError("the database keeps an addressee for each letter")
    return letter.contribution.author_email, letter.contribution.language
