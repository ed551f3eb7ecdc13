"""What somebody is still writing, and what they typed in other windows meanwhile."""

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
    """One question with the answer to it; without labels where the question is no longer asked."""

    labels: dict[str, str]
    text: str


def draft_of(
    forum_request: ForumRequest, call: Call, contribution: Contribution | None
) -> ContributionDraft | None:
    """Return what this person is still writing, if anything, with its files and copies."""
    drafts = ContributionDraft.objects.filter(
        author=forum_request.person, call=call, contribution=contribution
    )
    return drafts.select_related("question_set").prefetch_related("attachments", "copies").first()


def submitted_last(
    forum_request: ForumRequest, call: Call, contribution: Contribution | None
) -> Contribution | None:
    """Return what this person submitted to a call last; of something that is improved, itself."""
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
    """Return the answers under their questions, in the order of the questions, the empty ones left out."""
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
    """Return what a draft answered to questions that are no longer asked, so that it can be taken over."""
    if draft is None:
        return []
    codes = {question.code for question in questions_in(asked)} or {UNASKED}
    texts = by_question(draft.text, draft.answers, draft.question_set.items)
    return [text for code, text in texts.items() if code not in codes and text]
