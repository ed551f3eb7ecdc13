"""Import session requests from a file: all, or none with the faulty line."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.queries import goals_of, lines_of
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.foundations.languages import LANGUAGE_CODES
from muntada.people.actions import register_organisation
from muntada.people.models import Organisation, Person
from muntada.people.rules import OrganisationKind
from muntada.programme.decisions.actions import accept_request
from muntada.programme.imports.adapter.files import (
    COLUMNS,
    EXAMPLE,
    MOST_FAULTS,
    FileRequest,
    at_line,
    read_requests,
)
from muntada.programme.imports.rules import ImportFault
from muntada.programme.requests.actions.requests import NewRequest, NewSpeaker, draft_from_file, hand_in
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.requests import SOURCE_ID_LENGTH
from muntada.programme.sessions.rules import NAME_LENGTH, TRACK_LENGTH, SessionKind
from muntada.record import actions as record
from muntada.record.rules import Actor


@dataclass(frozen=True)
class CellVocabulary:
    """The allowed values of cells in this forum, in all spellings."""

    kinds: Mapping[str, str]
    languages: Mapping[str, str]
    lines: Mapping[str, str]
    goals: Mapping[str, str]


def template_rows(forum: Forum) -> list[dict[str, str]]:
    """Return the example row of the template, skipped by the import."""
    shown = {
        "id": EXAMPLE,
        "title": "Community networks in rural areas",
        "organiser": "Village Net",
        "email": "amina@village.example",
        "kind": SessionKind.WORKSHOP.value,
        "minutes": "60",
        "audience": "80",
        "people": "Amina Diallo; Omar Haddad",
        "needs": "captions; hybrid",
        "lines": "; ".join(line.code for line in lines_of(forum)[:2]),
        "goals": "; ".join(goal.code for goal in goals_of(forum)[:2]),
        "language": forum.language_for_all,
    }
    return [{column: shown.get(column, "") for column in COLUMNS}]


@dataclass(frozen=True)
class RequestReading:
    """The requests of a file as they would be imported, and all faults."""

    rows: Sequence[FileRequest]
    news: Sequence[NewRequest]
    faults: Sequence[ImportFault]


def check_requests(*, path: Path, forum: Forum) -> RequestReading:
    """Check a file with the checks of the import, and list all faults."""
    rows, faults = read_requests(path)
    words = _words_of(forum)
    names = _source_ids(rows)
    news = []
    for row, name in zip(rows, names, strict=True):
        if len(faults) >= MOST_FAULTS:
            break
        wrong = [*_wrong_in(row, name, words, forum), *_wrong_citations(row, forum)]
        faults += wrong
        if not wrong:
            news.append(_new_request(path.name, row, name, words, forum))
    if len(news) == len(rows) and not faults:
        # Rows without an id can only be compared if all rows are readable.
        faults += _doubles(forum, rows, names)
    return RequestReading(rows, news, sorted(faults, key=lambda fault: fault.row or 0))


def import_requests(
    *, path: Path, forum: Forum, actor: Actor, now: datetime, accept: bool = False
) -> list[SessionRequest]:
    """Import the requests of a file, optionally accepting them."""
    require_role(actor, SECRETARIAT, forum.pk)
    with transaction.atomic():
        # The second of two concurrent imports waits and then finds the rows of the first.
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        reading = check_requests(path=path, forum=forum)
        if reading.faults:
            raise at_line(path.name, reading.faults[0].row, reading.faults[0].sentence)
        rows = reading.rows
        authors = _authors(rows)
        organisations: dict[str, Organisation] = {}
        requests = []
        for row, new in zip(rows, reading.news, strict=True):
            draft = draft_from_file(forum=forum, new=new, now=now, author=authors.get(row.email.lower()))
            draft.organisation = _organisation(row.organiser, draft.language, organisations)
            draft.save(update_fields=["organisation"])
            try:
                hand_in(draft, actor=actor, now=now)
            except Refused as refusal:
                raise at_line(path.name, row.line, str(refusal)) from refusal
            requests.append(draft)
        record.write(
            forum_id=forum.pk,
            actor=actor,
            verb="import_requests",
            change={"file": path.name, "requests": len(requests)},
            now=now,
        )
        if accept:
            for request in requests:
                accept_request(request=request, actor=actor, now=now)
    return requests


def _words_of(forum: Forum) -> CellVocabulary:
    kinds = {kind.value: kind.value for kind in SessionKind}
    return CellVocabulary(
        kinds=kinds,
        languages={code: code for code in LANGUAGE_CODES} | {"zh": "zh-hans"},
        lines={line.code.casefold(): line.code for line in lines_of(forum)},
        goals={goal.code.casefold(): goal.code for goal in goals_of(forum)},
    )


def _wrong_in(row: FileRequest, name: str, words: CellVocabulary, forum: Forum) -> Iterator[ImportFault]:
    """Yield values of a row not allowed in this forum."""
    for person in row.people:
        if len(person) > NAME_LENGTH:
            sentence = gettext("The name “%(name)s” is longer than %(limit)s characters.")
            params = {"name": f"{person[:40]}…", "limit": NAME_LENGTH}
            yield ImportFault(sentence % params, row=row.line, column="people")
    for column, text, limit in (("id", name, SOURCE_ID_LENGTH), ("track", row.track, TRACK_LENGTH)):
        if len(text) > limit:
            sentence = gettext("The id or the track is longer than %(limit)s characters.")
            yield ImportFault(sentence % {"limit": limit}, row=row.line, column=column)
    cells = (
        ("language", [_language_of(row, forum)], words.languages),
        ("kind", [_kind_of(row)], words.kinds),
        ("lines", [code.casefold() for code in row.lines], words.lines),
        ("goals", [code.casefold() for code in row.goals], words.goals),
    )
    for column, values, known in cells:
        for value in values:
            if value not in known:
                sentence = gettext(
                    "“%(value)s” in the column %(column)s is not known here. Known are: %(known)s."
                )
                every = ", ".join(dict.fromkeys(known.values()))
                params = {"value": value, "column": column, "known": every}
                yield ImportFault(sentence % params, row=row.line, column=column)


def _wrong_citations(row: FileRequest, forum: Forum) -> Iterator[ImportFault]:
    try:
        record.check_citations(forum_id=forum.pk, text=row.description)
    except Refused as refusal:
        yield ImportFault(str(refusal), row=row.line, column="description")


def _kind_of(row: FileRequest) -> str:
    return row.kind.casefold().replace(" ", "-") or SessionKind.WORKSHOP.value


def _language_of(row: FileRequest, forum: Forum) -> str:
    return (row.language or forum.language_for_all).casefold()


def _new_request(file: str, row: FileRequest, name: str, words: CellVocabulary, forum: Forum) -> NewRequest:
    return NewRequest(
        title=row.title,
        description=row.description,
        language=words.languages[_language_of(row, forum)],
        kind=words.kinds[_kind_of(row)],
        minutes=row.minutes,
        speakers=[NewSpeaker(person) for person in row.people],
        needs=sorted(row.needs),
        audience=row.audience,
        track=row.track,
        line_codes=[words.lines[code.casefold()] for code in row.lines],
        goal_codes=[words.goals[code.casefold()] for code in row.goals],
        source=file[:NAME_LENGTH],
        source_id=name,
    )


def _source_ids(rows: Sequence[FileRequest]) -> list[str]:
    """Return the identity of each row; rows without an id are identified by content."""
    if all(row.id == str(number) for number, row in enumerate(rows, start=1)):
        return [_digest(row) for row in rows]
    return [row.id for row in rows]


def _digest(row: FileRequest) -> str:
    said = "\n".join((row.title, row.organiser, row.description, *row.people))
    return f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"


def _doubles(forum: Forum, rows: Sequence[FileRequest], names: Sequence[str]) -> Iterator[ImportFault]:
    """Yield rows that repeat an earlier row or an import."""
    known = {
        request.source_id: request
        for request in SessionRequest.objects.filter(forum=forum, source_id__in=names).select_related(
            "symbol"
        )
    }
    seen: dict[str, int] = {}
    for row, name in zip(rows, names, strict=True):
        first = seen.setdefault(name, row.line)
        if first != row.line:
            sentence = gettext("This row says the same as line %(line)s.")
            yield ImportFault(sentence % {"line": first}, row=row.line)
        if name in known:
            symbol = known[name].symbol
            sentence = gettext("This request was imported before, as %(symbol)s.")
            yield ImportFault(sentence % {"symbol": symbol.short if symbol else "P"}, row=row.line)


def _authors(rows: Iterable[FileRequest]) -> dict[str, Person]:
    """Return the people with the addresses in the file; no accounts are created."""
    wanted = {row.email.lower() for row in rows if row.email}
    people = Person.objects.annotate(address=Lower("email")).filter(is_active=True, address__in=wanted)
    return {person.email.lower(): person for person in people}


def _organisation(name: str, language: str, known: dict[str, Organisation]) -> Organisation:
    """Find an organization by name, or register it without further facts."""
    key = name.casefold()
    if key not in known:
        found = Organisation.objects.filter(name__iexact=name).order_by("pk").first()
        known[key] = found or register_organisation(
            name=name, kind=OrganisationKind.OTHER, country="", language=language
        )
    return known[key]
