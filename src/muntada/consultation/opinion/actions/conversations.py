"""Import a consultation held elsewhere as a call, completely or not at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext

from muntada.consultation.calls.actions.calls import NewCall, open_call
from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import (
    CALLING_ROLES,
    RESERVED_SLUGS,
    TITLE_LENGTH,
    CallVotesOpenTo,
)
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.consultation.contributions.rules.contributions import language_of_letters
from muntada.consultation.opinion.actions.maps import redraw_opinion_map
from muntada.consultation.opinion.adapter.conversations import Conversation, read_conversation
from muntada.consultation.statements.models import Statement, Vote, Voter
from muntada.consultation.statements.rules.statements import StatementState
from muntada.forums.models import Forum
from muntada.forums.rules.roles import require_role
from muntada.foundations.bulk_rows import copy_in
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.record import actions as record
from muntada.record.actions import NewSymbol
from muntada.record.rules import Actor, SymbolKind

BATCH = 5_000
SLUG_LENGTH = 56
HIDDEN_THERE = "Moderated out on the platform where it was written."


@dataclass(frozen=True)
class Origin:
    """The origin of an export, as its licence requires; the language of its texts, if known."""

    source: str = ""
    source_url: str = ""
    language: str = ""


@dataclass(frozen=True)
class ImportedConversation:
    """The result of an import."""

    call: Call
    statements: int
    voters: int
    votes: int
    current_votes: int


NO_ORIGIN = Origin()


def import_polis(
    *, folder: Path, forum: Forum, actor: Actor, now: datetime, origin: Origin = NO_ORIGIN
) -> ImportedConversation:
    """Import a Polis export as a call of this forum, then compute its map."""
    require_role(actor, CALLING_ROLES, forum.pk)
    conversation = read_conversation(folder)
    with transaction.atomic():
        _require_new(forum, conversation)
        call = _open(forum, conversation, origin, actor, now)
        language = call_language(conversation, origin)
        statements = _put_statements(call, conversation, language, now)
        voters = _enrol_voters(call, conversation)
        votes = _cast_votes(conversation, statements, voters)
        record.write(
            forum_id=forum.pk,
            actor=actor,
            verb="import_polis",
            change={"call": call.slug, "digest": conversation.digest, "statements": len(statements)}
            | {"voters": len(voters), "votes": len(votes)},
            now=now,
        )
    redraw_opinion_map(call=call, now=now)
    current = sum(vote.is_current for vote in votes)
    return ImportedConversation(call, len(statements), len(voters), len(votes), current)


def call_language(conversation: Conversation, origin: Origin) -> str:
    """Return the stated language, else that of the script."""
    letters = "".join(one.text for one in conversation.statements[:100])
    return origin.language or language_of_letters(conversation.topic + letters)


def _require_new(forum: Forum, conversation: Conversation) -> None:
    # One import per forum at a time: the same export started twice finds the first.
    Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
    before = Call.objects.filter(forum=forum, import_digest=conversation.digest).first()
    if before is not None:
        sentence = gettext(
            "This export was imported already, on %(date)s, as “%(call)s” (%(address)s). Nothing was changed."
        )
        params = {
            "date": date_format(before.prepared_at, "DATE_FORMAT"),
            "call": before.title_here,
            "address": before.get_absolute_url(),
        }
        raise Refused(sentence % params, "imported-already")


def _open(forum: Forum, conversation: Conversation, origin: Origin, actor: Actor, now: datetime) -> Call:
    language = call_language(conversation, origin)
    moments = [vote.cast_at for vote in conversation.votes] + [one.put_at for one in conversation.statements]
    description = clean_text(conversation.description)
    new = NewCall(
        slug=_free_slug(forum, conversation.topic),
        titles={language: conversation.topic[:TITLE_LENGTH]},
        introductions={language: description} if description else {},
        questions=(),
        opens_at=min(moments),
        closes_at=max(moments) + timedelta(seconds=1),
        takes_contributions=False,
        votes_open_to=CallVotesOpenTo.NOBODY,
        # These rows are public already, and contain no declarations.
        gives_out=GivesOut.ROWS,
        source=origin.source or "Polis export",
        source_url=origin.source_url,
        import_digest=conversation.digest,
    )
    return open_call(forum=forum, new=new, actor=actor, now=now)


def _free_slug(forum: Forum, topic: str) -> str:
    """Return an address from the Latin letters of the topic, numbered if taken."""
    apart = "".join(letter if letter.isalnum() else " " for letter in topic)
    stem = slugify(apart)[:SLUG_LENGTH].strip("-") or "consultation"
    taken = set(Call.objects.filter(forum=forum).values_list("slug", flat=True)) | RESERVED_SLUGS
    candidates = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(slug for slug in candidates if slug not in taken)


def _put_statements(
    call: Call, conversation: Conversation, language: str, now: datetime
) -> dict[str, Statement]:
    symbols = record.give_symbols(
        forum_id=call.forum_id,
        kind=SymbolKind.STATEMENT,
        named=[NewSymbol(one.text, language, not one.is_hidden) for one in conversation.statements],
        now=now,
    )
    statements = Statement.objects.bulk_create(
        Statement(
            symbol=symbol,
            call=call,
            text=one.text,
            language=language,
            state=StatementState.HIDDEN if one.is_hidden else StatementState.OPEN,
            hidden_reason=HIDDEN_THERE if one.is_hidden else "",
            external_id=one.id,
            put_at=one.put_at,
        )
        for one, symbol in zip(conversation.statements, symbols, strict=True)
    )
    return {statement.external_id: statement for statement in statements}


def _enrol_voters(call: Call, conversation: Conversation) -> dict[str, Voter]:
    voters = Voter.objects.bulk_create(
        (Voter(call=call, external_id=name, alias=name) for name in conversation.voters), batch_size=BATCH
    )
    return {voter.external_id: voter for voter in voters}


def _cast_votes(
    conversation: Conversation, statements: dict[str, Statement], voters: dict[str, Voter]
) -> list[Vote]:
    """Store the votes in order of time; at equal times in order of the file."""
    in_time = sorted(conversation.votes, key=lambda vote: vote.cast_at)
    votes = [
        Vote(
            voter_id=voters[vote.voter].pk,
            statement_id=statements[vote.statement].pk,
            value=vote.value,
            is_current=vote.is_current,
            cast_at=vote.cast_at,
        )
        for vote in in_time
    ]
    copy_in(votes)
    return votes
