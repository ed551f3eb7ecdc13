"""Import a table of contributions atomically, with a short lock."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call, QuestionSet
from muntada.consultation.calls.queries import call_topic
from muntada.consultation.calls.rules.calls import CALLING_ROLES, require_language
from muntada.consultation.contributions import task_types
from muntada.consultation.contributions.actions.campaigns import ask_for_campaigns
from muntada.consultation.contributions.actions.contributions import change_of
from muntada.consultation.contributions.actions.entries import (
    CleanedTexts,
    clean_texts,
    organisation_of,
    received_contribution,
    require_open_to_imports,
)
from muntada.consultation.contributions.models import Contribution, ContributionVersion
from muntada.consultation.contributions.queries.imports import known_ids
from muntada.consultation.contributions.rules.contributions import CameBy, answer_field, whole_text
from muntada.consultation.contributions.rules.imports import (
    ContributionFault,
    ReceivedContribution,
    column_of_field,
    require_complete,
)
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.jobs.running import TellProgress
from muntada.foundations.live import announce
from muntada.people.models import Organisation
from muntada.record import actions as record
from muntada.record.actions import Findable, LogAction, NewSymbol
from muntada.record.models import Symbol
from muntada.record.rules import Actor, Relation, SymbolKind, citations_in


@dataclass(frozen=True)
class RowCut:
    """A row with precomputed texts and index terms."""

    row: ReceivedContribution
    texts: CleanedTexts
    whole: str
    found_by: Findable


class _Bodies:
    """The organizations of the rows, looked up once each."""

    def __init__(self, *, is_tried: bool = False) -> None:
        self.is_tried = is_tried
        self.found: dict[tuple[str, str], Organisation | None] = {}

    def of(self, row: ReceivedContribution) -> Organisation | None:
        key = (row.organisation.lower(), row.saying.country)
        if row.organisation and key not in self.found:
            self.found[key] = organisation_of(row, is_tried=self.is_tried)
        return self.found.get(key)


def nobody(share: float) -> None:
    """Report no progress."""


def take_in(
    *, call: Call, rows: Sequence[ReceivedContribution], file_name: str, actor: Actor, now: datetime
) -> list[Contribution]:
    """Import a table atomically. Rows imported before are skipped."""
    require_role(actor, CALLING_ROLES, call.forum_id)
    return store(cut_rows(call, rows), call=call, file_name=file_name, actor=actor, now=now)


def cut_rows(call: Call, rows: Sequence[ReceivedContribution], tell: TellProgress = nobody) -> list[RowCut]:
    """Precompute everything slow before any lock is taken."""
    questions = QuestionSet.objects.filter(call=call).order_by("-version")[0]
    cut = []
    for place, row in enumerate(rows, start=1):
        with _in_row(row):
            require_language(row.saying.language, call.languages)
            require_complete(row, questions.items)
        cut.append(_cut(row, questions))
        tell(place / len(rows))
    return cut


def store(
    cut: Sequence[RowCut], *, call: Call, file_name: str, actor: Actor, now: datetime
) -> list[Contribution]:
    """Store precomputed rows atomically."""
    require_role(actor, CALLING_ROLES, call.forum_id)
    require_open_to_imports(call)
    with transaction.atomic():
        # The second of two concurrent imports waits and then finds the rows of the first.
        Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        known = known_ids(call, (one.row.external_id for one in cut))
        new = [one for one in cut if one.row.external_id not in known]
        kept = _keep_all(call, new, file_name, actor, now)
        announce(call_topic(call))
    return kept


def wrong_here(call: Call, rows: Sequence[ReceivedContribution]) -> list[ContributionFault]:
    """Return faults that only the database reveals."""
    items = QuestionSet.objects.filter(call=call).order_by("-version")[0].items
    bodies = _Bodies(is_tried=True)
    return [
        ContributionFault(row.row, str(refusal), column_of_field(refusal.field or "", items))
        for row in rows
        for refusal in (_refusal_of(_cited, call, row), _refusal_of(bodies.of, row))
        if refusal is not None
    ]


def _refusal_of[**Given](
    action: Callable[Given, object], *args: Given.args, **named: Given.kwargs
) -> Refused | None:
    try:
        action(*args, **named)
    except Refused as refusal:
        return refusal
    return None


@contextmanager
def _in_row(row: ReceivedContribution) -> Iterator[None]:
    """Add the row to a refusal."""
    try:
        yield
    except Refused as refusal:
        sentence = gettext("Row %(row)s: %(sentence)s")
        params = {"row": row.row, "sentence": str(refusal)}
        raise Refused(sentence % params, refusal.code, "table") from refusal


def _cut(row: ReceivedContribution, questions: QuestionSet) -> RowCut:
    texts = clean_texts(row, questions)
    whole = whole_text(texts.text, texts.answers, questions.items)
    found_by = record.findable(title=texts.title, language=row.saying.language, text=whole)
    return RowCut(row, texts, whole, found_by)


def _cited(call: Call, row: ReceivedContribution) -> list[Symbol]:
    """Return the citations of a row; refuse unknown ones."""
    texts = {"text": row.saying.text}
    texts |= {answer_field(code): text for code, text in row.saying.answers.items()}
    cited: dict[int, Symbol] = {}
    for field, text in texts.items():
        # Parsing Markdown is slow, and without a bracket there is no citation.
        if "[" in text and citations_in(text):
            found = record.check_citations(forum_id=call.forum_id, text=clean_text(text), field=field)
            cited |= {symbol.pk: symbol for symbol in found}
    return list(cited.values())


def _keep_all(
    call: Call, cut: Sequence[RowCut], file_name: str, actor: Actor, now: datetime
) -> list[Contribution]:
    """Store all rows at once, to hold numbers and log briefly."""
    cited, bodies, known = [], [], _Bodies()
    for one in cut:
        with _in_row(one.row):
            cited.append(_cited(call, one.row))
            bodies.append(known.of(one.row))
    named = [
        NewSymbol(one.texts.title, one.row.saying.language, one.row.saying.consent_to_publish, one.found_by)
        for one in cut
    ]
    symbols = record.give_symbols(forum_id=call.forum_id, kind=SymbolKind.CONTRIBUTION, named=named, now=now)
    kept = Contribution.objects.bulk_create(
        received_contribution(
            call,
            one.row,
            one.texts,
            symbol=symbol,
            organisation=body,
            source=", ".join(filter(None, (one.row.provenance, f"{file_name}:{one.row.row}"))),
            came_by=CameBy.FILE,
            actor=actor,
            now=now,
        )
        for one, symbol, body in zip(cut, symbols, bodies, strict=True)
    )
    _tie(kept, cut, cited, now)
    _put_all_on_record(kept, cut, file_name, actor, now)
    if any(one.consent_to_publish for one in kept):
        ask_for_campaigns(call)
    return kept


def _tie(
    kept: Sequence[Contribution], cut: Sequence[RowCut], cited: Sequence[Sequence[Symbol]], now: datetime
) -> None:
    """Link each row to its lines, goals and citations."""
    lines, goals = Contribution.lines.through, Contribution.goals.through
    rows = list(zip(kept, (one.row.saying for one in cut), strict=True))
    lines.objects.bulk_create(
        lines(contribution_id=one.pk, line_id=pk)
        for one, saying in rows
        for pk in dict.fromkeys(saying.line_ids)
    )
    goals.objects.bulk_create(
        goals(contribution_id=one.pk, goal_id=pk)
        for one, saying in rows
        for pk in dict.fromkeys(saying.goal_ids)
    )
    pairs = [(one.symbol, target) for one, found in zip(kept, cited, strict=True) for target in found]
    record.link_pairs(pairs=pairs, relation=Relation.CITES, now=now)


def _put_all_on_record(
    kept: Sequence[Contribution], cut: Sequence[RowCut], file_name: str, actor: Actor, now: datetime
) -> None:
    """Log all rows, and create their first versions and receipts."""
    if not kept:
        return
    call = kept[0].call
    entries = [LogAction(actor, "enter_contribution", change_of(one), now, one.symbol) for one in kept]
    whole = {"call": call.slug, "file": file_name, "contributions": [one.symbol.short for one in kept]}
    *written, _ = record.write_all(
        forum_id=call.forum_id, entries=[*entries, LogAction(actor, "take_in", whole, now)]
    )
    receipts = record.give_receipts(
        [(entry, one.whole) for entry, one in zip(written, cut, strict=True)], now=now
    )
    versions = ContributionVersion.objects.bulk_create(
        ContributionVersion(
            contribution=one,
            number=1,
            language=one.language,
            title=one.title,
            text=one.text,
            answers=one.answers,
            submitted_at=now,
            receipt=receipt,
        )
        for one, receipt in zip(kept, receipts, strict=True)
    )
    receipts_by_letter = [version.pk for version, one in zip(versions, kept, strict=True) if one.author_email]
    send = task_types.send_receipt
    send.order_all(send.arguments_of(version_id=version) for version in receipts_by_letter)
