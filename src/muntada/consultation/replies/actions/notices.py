"""Notify authors of whatever is based on their texts: one e-mail a day."""

from datetime import datetime

from django.core import signing
from django.db import connection, transaction
from django.utils.translation import gettext

from muntada.consultation.replies.models import LettersStopped, Notice, NoticeRound
from muntada.consultation.replies.queries import notices
from muntada.consultation.replies.rules import NOTICE_STEPS, is_due
from muntada.foundations.errors import Refused
from muntada.foundations.mail import send_letter
from muntada.people.models import Person

STOP_SALT = "muntada.consultation.letters"
# Edges may be committed out of order, so this many are checked again.
LOOK_AGAIN = 10_000

# From each new edge down to contributions and statements. Content of replies counts as told; that
# about a joint text, to both authors.
_NOTE = """
WITH RECURSIVE
reach(edge_id, led_to, thing, steps) AS (
    SELECT id, source_id, target_id, 1 FROM record_edge WHERE id > %(after)s AND id <= %(until)s
    UNION
    SELECT reach.edge_id, reach.led_to, edge.target_id, reach.steps + 1
    FROM reach JOIN record_edge edge ON edge.source_id = reach.thing
    WHERE reach.steps < %(steps)s
),
found AS (
    SELECT DISTINCT reach.edge_id, reach.led_to, said.id AS contribution_id, put.id AS statement_id
    FROM reach
    JOIN record_symbol later ON later.id = reach.led_to AND later.is_public AND later.withdrawn_at IS NULL
    LEFT JOIN consultation_contributions_contribution said
        ON said.symbol_id = reach.thing AND said.withdrawn_at IS NULL
    LEFT JOIN consultation_statements_statement put ON put.symbol_id = reach.thing
    WHERE said.id IS NOT NULL OR put.id IS NOT NULL
)
INSERT INTO consultation_replies_notice (edge_id, contribution_id, statement_id, noted_at, sent_at)
SELECT edge_id, contribution_id, statement_id, %(now)s,
    CASE WHEN EXISTS (
        SELECT 1 FROM consultation_replies_reply reply
        WHERE reply.leads_to_id = found.led_to AND (
            reply.contribution_id = found.contribution_id OR reply.statement_id = found.statement_id
            OR reply.contribution_id IN (
                SELECT merge.joint_id FROM consultation_contributions_merge merge
                WHERE found.contribution_id IN (merge.first_id, merge.second_id)
            )
        )
    ) THEN %(now)s::timestamptz END
FROM found
ON CONFLICT DO NOTHING
"""


def note_what_came(*, now: datetime) -> int:
    """Record a notice for each new edge based on contributions or statements; return their number."""
    with transaction.atomic(), connection.cursor() as cursor:
        # One run at a time: a second one waits and finds nothing.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('consultation.notices'))")
        cursor.execute("SELECT coalesce(max(id), 0) FROM record_edge")
        (until,) = cursor.fetchone()
        last, first = NoticeRound.objects.first(), NoticeRound.objects.last()
        if last is None or first is None:
            # Existing edges are not news, for instance after an import.
            NoticeRound.objects.create(last_edge=until, notices=0, looked_at=now)
            return 0
        after = max(last.last_edge - LOOK_AGAIN, first.last_edge)
        cursor.execute(_NOTE, {"after": after, "until": until, "steps": NOTICE_STEPS, "now": now})
        noted: int = cursor.rowcount
        if noted or last == first:
            NoticeRound.objects.create(last_edge=until, notices=noted, looked_at=now)
        else:
            NoticeRound.objects.filter(pk=last.pk).update(last_edge=until, looked_at=now)
    return noted


def send_notices(*, email: str, now: datetime) -> int:
    """Send an e-mail with all waiting notices to an address; return their number.

    The e-mail is sent inside the transaction that records it, so a failure is retried.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            lock = "SELECT pg_advisory_xact_lock(hashtext('consultation.letter'), hashtext(%s))"
            cursor.execute(lock, [email])
        waiting = notices.notices_to(email)
        if not waiting or not notices.wants_letters(email) or not is_due(notices.last_letter_to(email), now):
            return 0
        Notice.objects.filter(pk__in=[one.pk for one in waiting]).update(sent_at=now)
        came = notices.what_came(waiting)
        addressee = notices.addressee_of(came[0][0])
        if addressee is None:
            return 0
        send_letter(
            to=addressee.email,
            language=addressee.language,
            template="consultation/replies/letters/notices.txt",
            context={"came": came},
            stop=stop_address(came[0][0].call.forum.slug, addressee.email),
        )
    return len(waiting)


def stop_address(slug: str, email: str) -> str:
    """Return the unsubscribe address, which needs no sign-in."""
    return f"/{slug}/consultation/letters/{signing.dumps(email.lower(), salt=STOP_SALT)}"


def stop_letters(*, token: str, now: datetime) -> None:
    """Unsubscribe the address in a signed link."""
    email = address_in(token)
    with transaction.atomic():
        if not Person.objects.filter(email__iexact=email).update(wants_notices=False):
            LettersStopped.objects.get_or_create(email=email, defaults={"stopped_at": now})


def address_in(token: str) -> str:
    """Return the address in a signed link; refuse a forged one."""
    try:
        return str(signing.loads(token, salt=STOP_SALT))
    except signing.BadSignature as wrong:
        sentence = gettext("This link is not whole. Please copy all of it from the letter.")
        raise Refused(sentence, "link-broken") from wrong
