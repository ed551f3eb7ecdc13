"""Submit, improve and withdraw contributions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call, QuestionSet
from muntada.consultation.calls.queries import call_topic
from muntada.consultation.calls.rules.calls import require_call_open, require_language
from muntada.consultation.contributions import task_types
from muntada.consultation.contributions.actions.attachments import find_by_all_words
from muntada.consultation.contributions.actions.campaigns import ask_for_campaigns
from muntada.consultation.contributions.models import (
    Attachment,
    Contribution,
    ContributionDraft,
    ContributionVersion,
)
from muntada.consultation.contributions.queries.drafts import submitted_last
from muntada.consultation.contributions.queries.merges import joint_of
from muntada.consultation.contributions.rules.contributions import (
    Saying,
    answer_field,
    require_answers,
    require_author,
    require_something_said,
)
from muntada.consultation.contributions.rules.drafts import QUESTIONS_CHANGED, said_meanwhile
from muntada.consultation.contributions.rules.merges import require_not_joined
from muntada.forums.models import Forum, Goal, Line
from muntada.forums.queries import ForumRequest, require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import ANY_ROLE, require_role
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.people.models import Organisation, Person
from muntada.people.queries import organisations_of
from muntada.people.rules import Role
from muntada.record import actions as record
from muntada.record.rules import Actor, SymbolKind

# The fields covered by a receipt.
WORDS = ("title", "text", "answers", "language")


def submit_contribution(*, forum_request: ForumRequest, call: Call, saying: Saying) -> Contribution:
    """Submit a contribution: it gets a number and a receipt. An equal second one is ignored."""
    person = forum_request.require_person(call.forum_id)
    require_something_said(saying)
    with transaction.atomic():
        require_writable(forum_request, call)
        require_language(saying.language, call.languages)
        questions = _questions_for(call, saying)
        # One submission per person at a time: a repeated request finds the first.
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        before = _said_already(person, call, saying)
        if before is not None:
            _drop_repeated_draft(person, before, saying)
            return before
        _require_seen(submitted_last(forum_request, call, None), saying)
        contribution = _create(forum_request, person, call, questions, saying)
        _take_over_draft(person, contribution, before=None)
        put_on_record(
            contribution=contribution,
            saying=saying,
            verb="submit_contribution",
            actor=forum_request.actor(Role.PARTICIPANT),
            now=forum_request.now,
        )
    return contribution


def resubmit_contribution(
    *, forum_request: ForumRequest, contribution: Contribution, saying: Saying
) -> Contribution:
    """Submit a new version while the call is open. The number stays, former versions are kept."""
    person = forum_request.require_person(contribution.symbol.forum_id)
    require_author(is_author=contribution.author_id == person.pk)
    require_something_said(saying)
    require_answers(saying, contribution.question_set.items)
    with transaction.atomic():
        require_writable(forum_request, contribution.call)
        kept = Contribution.objects.select_for_update(of=("self",), no_key=True).get(pk=contribution.pk)
        if kept.withdrawn_at is not None:
            sentence = gettext("This contribution was withdrawn. Please write a new one.")
            raise Refused(sentence, "contribution-withdrawn")
        if saying.language != kept.language:
            require_language(saying.language, contribution.call.languages)
        if not saying.consent_to_publish:
            require_not_joined(joint_of(kept))
        organisation = _organisation(person, saying)
        words = _words(person, saying, organisation, kept.question_set)
        if any(getattr(kept, name) != words[name] for name in WORDS):
            _require_seen(kept, saying, is_improved=True)
        for name, value in words.items():
            setattr(kept, name, value)
        kept.revised_at = forum_request.now
        kept.save()
        record.retitle(
            kept.symbol, title=kept.title, language=kept.language, is_public=kept.consent_to_publish
        )
        _take_over_draft(person, kept, before=kept)
        kept.attachments.filter(pk__in=saying.left_out, removed_at=None).update(removed_at=forum_request.now)
        put_on_record(
            contribution=kept,
            saying=saying,
            verb="resubmit_contribution",
            actor=forum_request.actor(Role.PARTICIPANT),
            now=forum_request.now,
        )
        # Consent to publication is no text change, but decides about the comparison.
        ask_for_campaigns(kept.call)
    return kept


def withdraw_contribution(*, forum_request: ForumRequest, contribution: Contribution) -> None:
    """Withdraw a contribution: its number stays, its text is no longer shown."""
    person = forum_request.require_person(contribution.symbol.forum_id)
    require_author(is_author=contribution.author_id == person.pk)
    with transaction.atomic():
        kept = Contribution.objects.select_for_update(of=("self",), no_key=True).get(pk=contribution.pk)
        if kept.withdrawn_at is not None:
            return
        require_not_joined(joint_of(kept))
        kept.withdrawn_at = forum_request.now
        kept.save(update_fields=["withdrawn_at"])
        kept.drafts.all().delete()
        record.retitle(kept.symbol, title=kept.title, language=kept.language, is_public=False)
        record.withdraw_symbol(kept.symbol, now=forum_request.now)
        record.write(
            forum_id=forum_request.forum.pk,
            actor=forum_request.actor(Role.PARTICIPANT),
            verb="withdraw_contribution",
            symbol=kept.symbol,
            change={},
            now=forum_request.now,
        )
        ask_for_campaigns(kept.call)
    announce(call_topic(kept.call))


def require_writable(forum_request: ForumRequest, call: Call) -> None:
    """Refuse contributions while stage or call is closed, or the call takes none."""
    forum_request.require_forum(call.forum_id)
    require_open(forum_request.forum, Stage.CONSULTATION, forum_request.now)
    # The current row, because it may just have been extended.
    current = Call.objects.get(pk=call.pk)
    if not current.takes_contributions or current.opened_at is None:
        sentence = gettext("This call takes no contributions. Please look for another one that is open.")
        raise Refused(sentence, "call-takes-none")
    require_call_open(current.window, forum_request.now)


def _questions_for(call: Call, saying: Saying) -> QuestionSet:
    """Return the current questions; refuse answers to an earlier version."""
    questions = QuestionSet.objects.filter(call=call).order_by("-version")[0]
    if saying.question_set not in {None, questions.version}:
        raise Refused(QUESTIONS_CHANGED, "questions-changed")
    require_answers(saying, questions.items)
    return questions


def _require_seen(last: Contribution | None, saying: Saying, *, is_improved: bool = False) -> None:
    """Refuse to overwrite a submission from another window before its author has seen it."""
    if last is None:
        return
    number = last.versions.count() if is_improved else last.symbol.number
    sentence = said_meanwhile(
        last=number, seen=saying.seen, symbol=last.symbol.short, is_improved=is_improved
    )
    if sentence:
        raise Refused(sentence, "submitted-meanwhile")


def _said_already(person: Person, call: Call, saying: Saying) -> Contribution | None:
    """Return an earlier contribution by this person with the same text, subjects and files."""
    said = Contribution.objects.filter(author=person, call=call, withdrawn_at=None)
    alike = list(
        said.filter(title=clean_line(saying.title), text=clean_text(saying.text)).select_related(
            "question_set"
        )
    )
    files = _files_of_draft(person, call) if alike else set()
    return next((one for one in alike if _is_repeated(one, saying, files)), None)


def _is_repeated(said: Contribution, saying: Saying, files: set[str]) -> bool:
    return (
        said.answers == answers_in(saying, said.question_set)
        and said.language == saying.language
        and said.organisation_id == saying.organisation_id
        and said.shown_as == saying.shown_as
        and said.consent_to_publish == saying.consent_to_publish
        and {line.pk for line in said.lines.all()} == set(saying.line_ids)
        and {goal.pk for goal in said.goals.all()} == set(saying.goal_ids)
        and files <= {file.sha256 for file in said.files}
    )


def _files_of_draft(person: Person, call: Call) -> set[str]:
    files = Attachment.objects.filter(draft__author=person, draft__call=call, draft__contribution=None)
    return set(files.values_list("sha256", flat=True))


def _drop_repeated_draft(person: Person, before: Contribution, saying: Saying) -> None:
    """Delete the draft left by a repeated request."""
    ContributionDraft.objects.filter(
        author=person,
        call_id=before.call_id,
        contribution=None,
        title=saying.title,
        text=saying.text,
        copies=None,
    ).delete()


def _create(
    forum_request: ForumRequest,
    person: Person,
    call: Call,
    questions: QuestionSet,
    saying: Saying,
) -> Contribution:
    organisation = _organisation(person, saying)
    symbol = record.give_symbol(
        forum_id=forum_request.forum.pk,
        kind=SymbolKind.CONTRIBUTION,
        title=clean_line(saying.title),
        language=saying.language,
        is_public=saying.consent_to_publish,
        now=forum_request.now,
    )
    return Contribution.objects.create(
        symbol=symbol,
        call=call,
        author=person,
        question_set=questions,
        submitted_at=forum_request.now,
        **_words(person, saying, organisation, questions),
    )


def _words(
    person: Person, saying: Saying, organisation: Organisation | None, questions: QuestionSet
) -> dict[str, Any]:
    vouched = organisation is not None and organisation in organisations_of(person, vouched_only=True)
    return {
        "organisation": organisation,
        "organisation_vouched": vouched,
        **facts_of_who(saying, organisation),
        "shown_as": saying.shown_as,
        "language": saying.language,
        "title": clean_line(saying.title),
        "text": clean_text(saying.text),
        "answers": answers_in(saying, questions),
        "consent_to_publish": saying.consent_to_publish,
    }


def facts_of_who(saying: Saying, organisation: Organisation | None) -> dict[str, object]:
    """Return the facts of the author: of the organization, else as given."""
    if organisation is None:
        return {
            "kind": saying.kind,
            "country": saying.country,
            "is_headquarters": saying.is_headquarters,
        }
    return {
        "kind": organisation.kind,
        "country": organisation.country,
        "is_headquarters": organisation.is_international_headquarters,
    }


def answers_in(saying: Saying, questions: QuestionSet) -> dict[str, str]:
    """Return the non-empty answers in the order of the questions."""
    answers = {item["code"]: clean_text(saying.answers.get(item["code"], "")) for item in questions.items[1:]}
    return {code: answer for code, answer in answers.items() if answer}


def _organisation(person: Person, saying: Saying) -> Organisation | None:
    if saying.organisation_id is None:
        return None
    theirs = {organisation.pk: organisation for organisation in organisations_of(person)}
    if saying.organisation_id not in theirs:
        sentence = gettext("You can only write in the name of an organization you belong to.")
        raise Refused(sentence, "organisation-not-theirs", "organisation")
    return theirs[saying.organisation_id]


def put_on_record(
    *, contribution: Contribution, saying: Saying, verb: str, actor: Actor, now: datetime
) -> None:
    """Store everything of a submission: citations, lines, index terms, version, receipt, e-mail."""
    require_role(actor, ANY_ROLE, contribution.symbol.forum_id)
    forum = contribution.call.forum
    for code, answer in contribution.answers.items():
        record.check_citations(
            forum_id=forum.pk, text=answer, field=answer_field(code), itself=contribution.symbol
        )
    record.store_citations(source=contribution.symbol, text=contribution.whole_text, now=now)
    contribution.lines.set(_of_framework(forum, Line, saying.line_ids, "lines"))
    contribution.goals.set(_of_framework(forum, Goal, saying.goal_ids, "goals"))
    files = contribution.files
    find_by_all_words(contribution, files)
    entry = record.write(
        forum_id=forum.pk,
        actor=actor,
        verb=verb,
        symbol=contribution.symbol,
        change=change_of(contribution, [file.sha256 for file in files]),
        now=now,
    )
    last = contribution.versions.last()
    if last is not None and _same_words(last, contribution):
        # After a repeated request, or changes of lines and files only, the receipt stays valid.
        return
    version = ContributionVersion.objects.create(
        contribution=contribution,
        number=last.number + 1 if last else 1,
        language=contribution.language,
        title=contribution.title,
        text=contribution.text,
        answers=contribution.answers,
        submitted_at=now,
        receipt=record.give_receipt(entry=entry, content=contribution.whole_text, now=now),
    )
    task_types.send_receipt.order(version_id=version.pk)
    announce(call_topic(contribution.call))
    ask_for_campaigns(contribution.call)


def change_of(contribution: Contribution, files: Sequence[str] = ()) -> dict[str, object]:
    """Return the log entry of a submitted contribution."""
    return {
        "title": contribution.title,
        "text": contribution.text,
        "answers": contribution.answers,
        "questions": contribution.question_set.version,
        "language": contribution.language,
        "files": list(files),
        "provenance": contribution.provenance,
    }


def _same_words(version: ContributionVersion, contribution: Contribution) -> bool:
    return all(getattr(version, word) == getattr(contribution, word) for word in WORDS)


def _of_framework[Row: (Line, Goal)](
    forum: Forum, model: type[Row], ids: Sequence[int], field: str
) -> list[Row]:
    wanted = set(ids)
    found = list(model.objects.filter(pk__in=wanted, framework_id=forum.framework_id))
    if len(found) != len(wanted):
        sentence = gettext("One of these does not belong to this forum. Please choose again.")
        raise Refused(sentence, "not-of-framework", field)
    return found


def _take_over_draft(person: Person, contribution: Contribution, before: Contribution | None) -> None:
    draft = ContributionDraft.objects.filter(
        author=person, call=contribution.call, contribution=before
    ).first()
    if draft is not None:
        if draft.copies.exists():
            sentence = gettext(
                "You also wrote in another window, and what you typed there is kept below. "
                "Please take over what you need or throw it away, then submit."
            )
            raise Refused(sentence, "copies-left")
        Attachment.objects.filter(draft=draft).update(contribution=contribution, draft=None)
        draft.delete()
