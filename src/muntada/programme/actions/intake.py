"""Session requests from a file: all of them, or none and the line that stood in the way."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
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
from muntada.programme.actions.decisions import accept_request
from muntada.programme.actions.requests import NewRequest, NewSpeaker, draft_from_file, hand_in
from muntada.programme.engine.files import FileRequest, at_line, read_requests
from muntada.programme.models import SessionRequest
from muntada.programme.rules.requests import SOURCE_ID_LENGTH
from muntada.programme.rules.sessions import NAME_LENGTH, TRACK_LENGTH, SessionKind
from muntada.record import actions as record
from muntada.record.rules import Actor


@dataclass(frozen=True)
class Words:
    """What the cells of a file may say in this forum, by how they may be written."""

    kinds: Mapping[str, str]
    languages: Mapping[str, str]
    lines: Mapping[str, str]
    goals: Mapping[str, str]


def import_requests(
    *, path: Path, forum: Forum, actor: Actor, now: datetime, accept: bool = False
) -> list[SessionRequest]:
    """Take over the session requests of a file, and accept them at once where that is asked for."""
    require_role(actor, SECRETARIAT, forum.pk)
    rows = read_requests(path)
    words = _words_of(forum)
    names = _source_ids(rows)
    news = [_new_request(path.name, row, name, words, forum) for row, name in zip(rows, names, strict=True)]
    with transaction.atomic():
        # Two imports of the same file at once: the second waits, and then finds the rows of the first.
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        _require_new(path.name, forum, rows, names)
        authors = _authors(rows)
        organisations: dict[str, Organisation] = {}
        requests = []
        for row, new in zip(rows, news, strict=True):
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


def _words_of(forum: Forum) -> Words:
    kinds = {kind.value: kind.value for kind in SessionKind}
    return Words(
        kinds=kinds,
        languages={code: code for code in LANGUAGE_CODES} | {"zh": "zh-hans"},
        lines={line.code.casefold(): line.code for line in lines_of(forum)},
        goals={goal.code.casefold(): goal.code for goal in goals_of(forum)},
    )


def _new_request(file: str, row: FileRequest, name: str, words: Words, forum: Forum) -> NewRequest:
    for person in row.people:
        if len(person) > NAME_LENGTH:
            sentence = gettext("The name “%(name)s” is longer than %(limit)s characters.")
            params = {"name": f"{person[:40]}…", "limit": NAME_LENGTH}
            raise at_line(file, row.line, sentence % params)
    if len(name) > SOURCE_ID_LENGTH or len(row.track) > TRACK_LENGTH:
        sentence = gettext("The id or the track is longer than %(limit)s characters.")
        raise at_line(file, row.line, sentence % {"limit": TRACK_LENGTH})
    kind = row.kind.casefold().replace(" ", "-") or SessionKind.WORKSHOP.value
    return NewRequest(
        title=row.title,
        description=row.description,
        language=_known(
            file, row, "language", (row.language or forum.language_for_all).casefold(), words.languages
        ),
        kind=_known(file, row, "kind", kind, words.kinds),
        minutes=row.minutes,
        speakers=[NewSpeaker(person) for person in row.people],
        needs=sorted(row.needs),
        audience=row.audience,
        track=row.track,
        line_codes=[_known(file, row, "lines", code.casefold(), words.lines) for code in row.lines],
        goal_codes=[_known(file, row, "goals", code.casefold(), words.goals) for code in row.goals],
        source=file[:NAME_LENGTH],
        source_id=name,
    )


def _known(file: str, row: FileRequest, column: str, value: str, known: Mapping[str, str]) -> str:
    if value not in known:
        sentence = gettext("“%(value)s” in the column %(column)s is not known here. Known are: %(known)s.")
        params = {"value": value, "column": column, "known": ", ".join(dict.fromkeys(known.values()))}
        raise at_line(file, row.line, sentence % params)
    return known[value]


def _source_ids(rows: Sequence[FileRequest]) -> list[str]:
    """Return by what each row is known again. Rows that are only counted are known by what they say."""
    if all(row.id == str(number) for number, row in enumerate(rows, start=1)):
        return [_digest(row) for row in rows]
    return [row.id for row in rows]


def _digest(row: FileRequest) -> str:
    said = "\n".join((row.title, row.organiser, row.description, *row.people))
    return f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"


def _require_new(file: str, forum: Forum, rows: Sequence[FileRequest], names: Sequence[str]) -> None:
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
            raise at_line(file, row.line, sentence % {"line": first})
        if name in known:
            symbol = known[name].symbol
            sentence = gettext("This request was imported before, as %(symbol)s.")
            raise at_line(file, row.line, sentence % {"symbol": symbol.short if symbol else "P"})


def _authors(rows: Iterable[FileRequest]) -> dict[str, Person]:
    """Find the people behind the addresses in the file; who has no account here is not given one."""
    wanted = {row.email.lower() for row in rows if row.email}
    people = Person.objects.annotate(address=Lower("email")).filter(is_active=True, address__in=wanted)
    return {person.email.lower(): person for person in people}


def _organisation(name: str, language: str, known: dict[str, Organisation]) -> Organisation:
    """Find an organisation by its name, or note it as one of which nothing more is known."""
    key = name.casefold()
    if key not in known:
        found = Organisation.objects.filter(name__iexact=name).order_by("pk").first()
        known[key] = found or register_organisation(
            name=name, kind=OrganisationKind.OTHER, country="", language=language
        )
    return known[key]
