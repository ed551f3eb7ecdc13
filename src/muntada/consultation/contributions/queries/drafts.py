"""Drafts and copies of a person."""

from dataclasses import dataclass

from django.utils.translation import gettext

from muntada.consultation.calls.models import Call, QuestionSet
from muntada.consultation.calls.queries import questions_in
from muntada.consultation.contributions.models import Contribution, ContributionDraft, DraftCopy
from muntada.consultation.contributions.rules.drafts import UNASKED, by_question
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotThere


@dataclass(frozen=True)
class AnswerShown:
    """A question with its answer; without labels if no longer asked."""

    labels: dict[str, str]
    text: str


def draft_of(
    forum_request: ForumRequest, call: Call, contribution: Contribution | None
) -> ContributionDraft | None:
    """Return this person's draft with files and copies, if any."""
    drafts = ContributionDraft.objects.filter(
        author=forum_request.person, call=call, contribution=contribution
    )
    return drafts.select_related("question_set").prefetch_related("attachments", "copies").first()


def submitted_last(
    forum_request: ForumRequest, call: Call, contribution: Contribution | None
) -> Contribution | None:
    """Return the last submission of this person to a call, or the one being improved."""
    if contribution is not None:
        return contribution
    said = Contribution.objects.filter(author=forum_request.person, call=call, withdrawn_at=None)
    return said.select_related("symbol__forum").order_by("-symbol__number").first()


def copy_at(forum_request: ForumRequest, pk: int) -> DraftCopy:
    """Return a copy of a draft of this person."""
    copies = DraftCopy.objects.select_related("draft__call__forum", "draft__contribution__symbol__forum")
    found = copies.filter(
        pk=pk, draft__author=forum_request.person, draft__call__forum=forum_request.forum
    ).first()
    if found is None:
        sentence = gettext("There is no such copy. It may have been taken over or thrown away already.")
        raise NotThere(sentence, "copy")
    return found


def answered(text: str, answers: dict[str, str], asked: QuestionSet | None) -> list[AnswerShown]:
    """Return the non-empty answers with their questions, in order."""
    questions = questions_in(asked)
    if not questions:
        return [AnswerShown({}, text)]
    texts = [text, *(answers.get(question.code, "") for question in questions[1:])]
    return [
        AnswerShown(question.labels, answer)
        for question, answer in zip(questions, texts, strict=True)
        if answer
    ]


def no_longer_asked(draft: ContributionDraft | None, asked: QuestionSet | None) -> list[str]:
    """Return a draft's answers to questions no longer asked."""
    if draft is None:
        return []
    codes = {question.code for question in questions_in(asked)} or {UNASKED}
    texts = by_question(draft.text, draft.answers, draft.question_set.items)
    return [text for code, text in texts.items() if code not in codes and text]
