"""Enter contributions made by letter or in a meeting, with provenance and a receipt by e-mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call, CallMeeting, QuestionSet
from muntada.consultation.calls.rules.calls import CALLING_ROLES, require_language
from muntada.consultation.contributions.actions.contributions import answers_in, facts_of_who, put_on_record
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.contributions.rules.contributions import CameBy
from muntada.consultation.contributions.rules.imports import (
    PROVENANCE_LENGTH,
    ReceivedContribution,
    require_complete,
)
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.errors import Refused
from muntada.people.actions import register_organisation
from muntada.people.models import Organisation
from muntada.people.rules import OrganisationKind
from muntada.record import actions as record
from muntada.record.models import Symbol
from muntada.record.rules import Actor, SymbolKind


def enter_contribution(
    *,
    call: Call,
    taken: ReceivedContribution,
    came_by: CameBy,
    actor: Actor,
    now: datetime,
    meeting: CallMeeting | None = None,
) -> Contribution:
    """Enter a contribution on behalf of its author; an equal second one is ignored."""
    require_role(actor, CALLING_ROLES, call.forum_id)
    require_open_to_imports(call)
    if not taken.provenance:
        sentence = gettext("Please say where it is from: which letter, of which day, kept where.")
        raise Refused(sentence, "provenance-missing", "provenance")
    require_language(taken.saying.language, call.languages)
    with transaction.atomic():
        Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        before = _entered_already(call, taken, came_by)
        return before or _keep(call, taken, came_by, taken.provenance, actor, now, meeting)


def _entered_already(call: Call, taken: ReceivedContribution, came_by: CameBy) -> Contribution | None:
    """Return an equal contribution entered before with the same provenance and author."""
    saying = taken.saying
    questions = QuestionSet.objects.filter(call=call).order_by("-version")[0]
    alike = Contribution.objects.filter(
        call=call,
        came_by=came_by,
        provenance=taken.provenance[:PROVENANCE_LENGTH],
        author_name=taken.name,
        author_email=taken.email,
        language=saying.language,
        title=clean_line(saying.title),
        text=clean_text(saying.text),
        answers=answers_in(saying, questions),
        withdrawn_at=None,
    ).prefetch_related("lines", "goals")
    about = (set(saying.line_ids), set(saying.goal_ids))
    return next((one for one in alike if _about(one) == about), None)


def _about(contribution: Contribution) -> tuple[set[int], set[int]]:
    return {one.pk for one in contribution.lines.all()}, {one.pk for one in contribution.goals.all()}


def require_open_to_imports(call: Call) -> None:
    """Refuse imports if a call takes no contributions."""
    if call.opened_at is None or not call.takes_contributions:
        sentence = gettext("This call takes no contributions. Please look for another one.")
        raise Refused(sentence, "call-takes-none")


@dataclass(frozen=True)
class CleanedTexts:
    """Cleaned texts, with their question set."""

    questions: QuestionSet
    title: str
    text: str
    answers: Mapping[str, str]


def clean_texts(taken: ReceivedContribution, questions: QuestionSet) -> CleanedTexts:
    saying = taken.saying
    answers = answers_in(saying, questions)
    return CleanedTexts(questions, clean_line(saying.title), clean_text(saying.text), answers)


def received_contribution(
    call: Call,
    taken: ReceivedContribution,
    texts: CleanedTexts,
    *,
    symbol: Symbol,
    organisation: Organisation | None,
    source: str,
    came_by: CameBy,
    actor: Actor,
    now: datetime,
    meeting: CallMeeting | None = None,
) -> Contribution:
    """Return an unsaved contribution made elsewhere."""
    require_role(actor, CALLING_ROLES, call.forum_id)
    saying = taken.saying
    return Contribution(
        symbol=symbol,
        call=call,
        author_name=taken.name,
        author_email=taken.email,
        organisation=organisation,
        **facts_of_who(saying, organisation),
        shown_as=saying.shown_as,
        language=saying.language,
        title=texts.title,
        text=texts.text,
        answers=dict(texts.answers),
        consent_to_publish=saying.consent_to_publish,
        question_set=texts.questions,
        came_by=came_by,
        provenance=source[:PROVENANCE_LENGTH],
        meeting=meeting,
        entered_by_id=actor.person_id,
        external_id=taken.external_id,
        submitted_at=now,
    )


def _keep(
    call: Call,
    taken: ReceivedContribution,
    came_by: CameBy,
    source: str,
    actor: Actor,
    now: datetime,
    meeting: CallMeeting | None = None,
) -> Contribution:
    questions = QuestionSet.objects.filter(call=call).order_by("-version")[0]
    require_complete(taken, questions.items)
    saying, texts = taken.saying, clean_texts(taken, questions)
    organisation = organisation_of(taken)
    symbol = record.give_symbol(
        forum_id=call.forum_id,
        kind=SymbolKind.CONTRIBUTION,
        title=texts.title,
        language=saying.language,
        is_public=saying.consent_to_publish,
        now=now,
    )
    contribution = received_contribution(
        call,
        taken,
        texts,
        symbol=symbol,
        organisation=organisation,
        source=source,
        came_by=came_by,
        meeting=meeting,
        actor=actor,
        now=now,
    )
    contribution.save()
    put_on_record(contribution=contribution, saying=saying, verb="enter_contribution", actor=actor, now=now)
    return contribution


def organisation_of(taken: ReceivedContribution, *, is_tried: bool = False) -> Organisation | None:
    """Find an organization by name, or register it unless `is_tried`."""
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
    if is_tried:
        return None
    return register_organisation(
        name=taken.organisation,
        kind=OrganisationKind(taken.saying.kind),
        country=taken.saying.country,
        language=taken.saying.language,
        is_international_headquarters=taken.saying.is_headquarters,
    )
