"""The recipients of e-mails about replies: both authors of a joint text, one e-mail each."""

from datetime import datetime
from typing import Any

from django.db.models import F, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower

from muntada.consultation.contributions.models import Contribution
from muntada.consultation.replies.models import Reply, ReplyLetter
from muntada.consultation.replies.queries.notices import wanted
from muntada.consultation.statements.models import Statement

# The paths from a contribution to its authors.
AUTHORS = ("author", "merge_made__first__author", "merge_made__second__author")
_SHOWN = ("symbol__forum", "call__forum")


def letters_of(reply: Reply, said: Contribution | Statement) -> list[ReplyLetter]:
    """Return the recipients of a reply; none for withdrawn texts or without address."""
    if isinstance(said, Statement) and said.author_id is not None:
        return [ReplyLetter(reply=reply, person_id=said.author_id)]
    spoken = said if isinstance(said, Contribution) else said.taken_from
    if spoken is None or spoken.withdrawn_at is not None:
        return []
    voices = spoken.voices or (spoken,)
    people = dict.fromkeys(one.author_id for one in voices if one.author_id is not None)
    known_by_letter = [one for one in voices if one.author_id is None and one.author_email]
    return [
        *(ReplyLetter(reply=reply, person_id=one) for one in people),
        *(ReplyLetter(reply=reply, contribution=one) for one in known_by_letter),
    ]


def waiting() -> QuerySet[Any]:
    """Return waiting entries with addresses, for texts not withdrawn."""
    stands = Q(reply__contribution__isnull=False, reply__contribution__withdrawn_at=None)
    put = Q(reply__statement__isnull=False) & (
        Q(reply__statement__author__isnull=False) | Q(reply__statement__taken_from__withdrawn_at=None)
    )
    address = Lower(Coalesce(F("person__email"), F("contribution__author_email"), Value("")))
    rows = ReplyLetter.objects.filter(stands | put, sent_at=None).annotate(address=address)
    return rows.exclude(address="")


def one_for_each_address(since: datetime) -> list[int]:
    """Return one waiting entry for each subscribed address."""
    rows = (
        wanted(waiting())
        .filter(reply__replied_at__gte=since)
        .order_by()
        .values("address")
        .annotate(first=Min("pk"))
    )
    return sorted(rows.values_list("first", flat=True))


def gathered_with(letter_id: int) -> list[ReplyLetter]:
    """Lock and return all waiting entries of the same address; empty if already sent.

    Concurrent callers wait and find nothing.
    """
    address = waiting().filter(pk=letter_id).values("address")
    rows = wanted(waiting()).filter(address__in=address).select_for_update(of=("self",), no_key=True)
    rows = rows.select_related(
        "person",
        "contribution",
        "reply__leads_to__forum",
        *(f"reply__{said}__{shown}" for said in ("contribution", "statement") for shown in _SHOWN),
    )
    return list(rows.order_by("reply__replied_at", "pk"))
