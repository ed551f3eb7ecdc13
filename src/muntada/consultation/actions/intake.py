"""Taking in what came by letter, in a meeting or in a table: with where it is from, and a receipt by mail."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.actions.contributions import answers_in, facts_of_who, put_on_record
from muntada.consultation.models import Call, CallMeeting, Contribution, QuestionSet
from muntada.consultation.queries.intake import known_ids
from muntada.consultation.rules.calls import CALLING_ROLES, require_role
from muntada.consultation.rules.contributions import CameBy
from muntada.consultation.rules.intake import PROVENANCE_LENGTH, Taken, require_taken
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.errors import Refused
from muntada.people.actions import register_organisation
from muntada.people.models import Organisation
from muntada.people.rules import OrganisationKind
from muntada.record import actions as record
from muntada.record.rules import Actor, Kind


def take_in(
    *, call: Call, rows: Sequence[Taken], file_name: str, actor: Actor, now: datetime
) -> list[Contribution]:
    """Take in a table: all of it or nothing. A row that was taken in before is left as it is."""
    require_role(actor, CALLING_ROLES)
    _require_taking(call)
    with transaction.atomic():
        # Two uploads of the same table at once: the second waits, and then finds the rows of the first.
        Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        known = known_ids(call, (row.external_id for row in rows))
        kept = []
        for row in rows:
            if row.external_id in known:
                continue
            source = ", ".join(filter(None, (row.provenance, f"{file_name}:{row.row}")))
            try:
                kept.append(_keep(call, row, CameBy.FILE, source, actor, now))
            except Refused as refusal:
                sentence = gettext("Row %(row)s: %(sentence)s")
                params = {"row": row.row, "sentence": str(refusal)}
                raise Refused(sentence % params, refusal.code, "table") from refusal
        change = {"call": call.slug, "file": file_name, "contributions": [one.symbol.short for one in kept]}
        record.write(forum_id=call.forum_id, actor=actor, verb="take_in", change=change, now=now)
    return kept


def enter_contribution(
    *,
    call: Call,
    taken: Taken,
    came_by: CameBy,
    actor: Actor,
    now: datetime,
    meeting: CallMeeting | None = None,
) -> Contribution:
    """Type in what came by letter or was said in a meeting. The same words from there twice are one."""
    require_role(actor, CALLING_ROLES)
    _require_taking(call)
    if not taken.provenance:
        sentence = gettext("Please say where it is from: which letter, of which day, kept where.")
        raise Refused(sentence, "provenance-missing", "provenance")
    with transaction.atomic():
        Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        before = Contribution.objects.filter(
            call=call,
            came_by=came_by,
            provenance=taken.provenance[:PROVENANCE_LENGTH],
            title=clean_line(taken.saying.title),
            text=clean_text(taken.saying.text),
        ).first()
        return before or _keep(call, taken, came_by, taken.provenance, actor, now, meeting)


def _require_taking(call: Call) -> None:
    if call.opened_at is None or not call.takes_contributions:
        sentence = gettext("This call takes no contributions. Please look for another one.")
        raise Refused(sentence, "call-takes-none")


def _keep(
    call: Call,
    taken: Taken,
    came_by: CameBy,
    source: str,
    actor: Actor,
    now: datetime,
    meeting: CallMeeting | None = None,
) -> Contribution:
    questions = QuestionSet.objects.filter(call=call).order_by("-version")[0]
    require_taken(taken, questions.items)
    saying = taken.saying
    organisation = _organisation(taken)
    symbol = record.give_symbol(
        forum_id=call.forum_id,
        kind=Kind.CONTRIBUTION,
        title=clean_line(saying.title),
        language=saying.language,
        is_public=saying.consent_to_publish,
        now=now,
    )
    contribution = Contribution.objects.create(
        symbol=symbol,
        call=call,
        author_name=taken.name,
        author_email=taken.email,
        organisation=organisation,
        **facts_of_who(saying, organisation),
        shown_as=saying.shown_as,
        language=saying.language,
        title=clean_line(saying.title),
        text=clean_text(saying.text),
        answers=answers_in(saying, questions),
        consent_to_publish=saying.consent_to_publish,
        question_set=questions,
        came_by=came_by,
        provenance=source[:PROVENANCE_LENGTH],
        meeting=meeting,
        entered_by_id=actor.person_id,
        external_id=taken.external_id,
        submitted_at=now,
    )
    put_on_record(contribution=contribution, saying=saying, verb="enter_contribution", actor=actor, now=now)
    return contribution


def _organisation(taken: Taken) -> Organisation | None:
    """Find the organisation by its name, or register it by what was said of it."""
    if not taken.organisation:
        return None
    named = Organisation.objects.filter(name__iexact=taken.organisation)
    there = named.filter(country=taken.saying.country) if taken.saying.country else named
    known = there.order_by("pk").first()
    if known is not None:
        return known
    if not taken.saying.kind:
        sentence = gettext("“%(name)s” is not known here yet. Please say of which kind it is.")
        raise Refused(sentence % {"name": taken.organisation}, "organisation-kind", "kind")
    return register_organisation(
        name=taken.organisation,
        kind=OrganisationKind(taken.saying.kind),
        country=taken.saying.country,
        language=taken.saying.language,
        is_international_headquarters=taken.saying.is_headquarters,
    )
