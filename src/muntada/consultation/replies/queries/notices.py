"""Recipients and content of notices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower

from muntada.consultation.contributions.models import Contribution
from muntada.consultation.replies.models import LettersStopped, Notice
from muntada.consultation.statements.models import Statement
from muntada.people.models import Person

# The paths from a notice to its author's account or address.
_AUTHORS = ("contribution__author", "statement__author", "statement__taken_from__author")
_ADDRESSES = ("contribution__author_email", "statement__taken_from__author_email")


@dataclass(frozen=True)
class Addressee:
    """The address and language of an e-mail."""

    email: str
    language: str


def addressee_of(said: Contribution | Statement) -> Addressee | None:
    """Return the recipient for a text; None if withdrawn or without address."""
    spoken = said if isinstance(said, Contribution) else said.taken_from
    if isinstance(said, Statement) and said.author is not None:
        return Addressee(said.author.email, said.author.language)
    if spoken is None or spoken.withdrawn_at is not None:
        return None
    if spoken.author is not None:
        return Addressee(spoken.author.email, spoken.author.language)
    return Addressee(spoken.author_email, spoken.language) if spoken.author_email else None


def wants_letters(email: str) -> bool:
    """Return whether an address is subscribed."""
    if LettersStopped.objects.filter(email=email.lower()).exists():
        return False
    return not Person.objects.filter(email__iexact=email).exclude(wants_notices=True, is_active=True).exists()


def who_want_letters(addressees: Iterable[Addressee]) -> list[Addressee]:
    """Return the subscribed recipients, in two queries."""
    asked = list(addressees)
    addresses = [one.email.lower() for one in asked]
    stopped = set(LettersStopped.objects.filter(email__in=addresses).values_list("email", flat=True))
    people = Person.objects.annotate(address=Lower("email")).filter(address__in=addresses)
    without = people.exclude(wants_notices=True, is_active=True).values_list("address", flat=True)
    unwanted = stopped | set(without)
    return [one for one in asked if one.email.lower() not in unwanted]


def wanted(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Keep rows of subscribed addresses."""
    people = Person.objects.exclude(wants_notices=True, is_active=True).annotate(lowered=Lower("email"))
    unwanted = people.filter(lowered=OuterRef("address"))
    stopped = LettersStopped.objects.filter(email=OuterRef("address"))
    return rows.filter(~Exists(unwanted), ~Exists(stopped))


def untold() -> QuerySet[Any]:
    """Return what somebody could still be told: of words that stand, by nobody invented, with an address."""
    stands = Q(contribution__isnull=False, contribution__withdrawn_at=None)
    put = Q(statement__isnull=False) & (
        Q(statement__taken_from=None) | Q(statement__taken_from__withdrawn_at=None)
    )
    invented = Person.objects.filter(is_invented=True).annotate(lowered=Lower("email"))
    invented = invented.filter(lowered=OuterRef("address"))
    return (
        _with_address(Notice.objects.filter(sent_at=None).filter(stands | put))
        .exclude(address="")
        .filter(~Exists(invented))
        .filter(edge__source__is_public=True, edge__source__withdrawn_at=None)
    )


def addresses_untold() -> list[str]:
    """Return the subscribed addresses with waiting notices."""
    return sorted(set(wanted(untold()).values_list("address", flat=True)))


def last_letter_to(email: str) -> datetime | None:
    told = _with_address(Notice.objects.exclude(sent_at=None)).filter(address=email.lower())
    last: datetime | None = told.aggregate(last=Max("sent_at"))["last"]
    return last


def notices_to(email: str) -> list[Notice]:
    """Return all notices of one e-mail, ordered by text."""
    rows = untold().filter(address=email.lower())
    return list(
        rows.select_related(
            "contribution__symbol__forum",
            "contribution__call__forum",
            "contribution__author",
            "statement__symbol__forum",
            "statement__call__forum",
            "statement__author",
            "statement__taken_from__author",
            "edge__source__forum",
        ).order_by("contribution", "statement", "noted_at", "pk")
    )


def what_came(notices: Iterable[Notice]) -> list[tuple[Contribution | Statement, list[Notice]]]:
    """Group notices by text, each result once."""
    grouped: dict[int, tuple[Contribution | Statement, dict[int, Notice]]] = {}
    for notice in notices:
        said = notice.contribution or notice.statement
        if said is not None:
            grouped.setdefault(said.symbol_id, (said, {}))[1].setdefault(notice.edge.source_id, notice)
    return [(said, list(came.values())) for said, came in grouped.values()]


def _with_address(rows: QuerySet[Notice]) -> QuerySet[Any]:
    """Add the address of the author: of the account, else of the letter."""
    columns = [F(f"{author}__email") for author in _AUTHORS] + [F(address) for address in _ADDRESSES]
    return rows.annotate(address=Lower(Coalesce(*columns, Value(""))))
