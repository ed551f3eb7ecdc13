"""Save drafts automatically, with their files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call, QuestionSet
from muntada.consultation.calls.queries import questions_shown
from muntada.consultation.calls.rules.calls import TITLE_LENGTH
from muntada.consultation.contributions import task_types
from muntada.consultation.contributions.actions.stored_files import ATTACHMENTS, store_file
from muntada.consultation.contributions.models import Attachment, Contribution, ContributionDraft, DraftCopy
from muntada.consultation.contributions.rules.contributions import (
    ATTACHMENTS_PER_CONTRIBUTION,
    Saying,
    require_author,
)
from muntada.consultation.contributions.rules.drafts import (
    WINDOW_LENGTH,
    by_question,
    has_gone_on,
    under_questions,
)
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.files import CheckedFile
from muntada.people.models import Person


@dataclass(frozen=True)
class Saved:
    """The draft, and a copy if another window had saved it.

    `is_same` means that nothing changed since the last save.
    """

    draft: ContributionDraft
    copy: DraftCopy | None = None
    is_same: bool = False


def save_draft(
    *,
    forum_request: ForumRequest,
    call: Call,
    saying: Saying,
    contribution: Contribution | None = None,
    revision: int | None = None,
    window: str = "",
) -> Saved:
    """Save a draft for its author, also after the call has closed.

    `window` identifies the browser window, and `revision` the draft it last knew. If another window has
    saved since, the draft stays and the input is kept as a copy.
    """
    person = forum_request.require_person(call.forum_id)
    if contribution is not None:
        require_author(is_author=contribution.author_id == person.pk)
    with transaction.atomic():
        # Two windows saving for the first time wait here for each other.
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        drafts = ContributionDraft.objects.select_related("question_set")
        kept = drafts.filter(call=call, author=person, contribution=contribution).first()
        shown = contribution.question_set if contribution else questions_shown(call, saying.question_set)
        if kept is None:
            return Saved(
                ContributionDraft.objects.create(
                    call=call,
                    author=person,
                    contribution=contribution,
                    window=window[:WINDOW_LENGTH],
                    saved_at=forum_request.now,
                    **_typed(saying, shown, {}),
                )
            )
        before = by_question(kept.text, kept.answers, kept.question_set.items)
        typed = _typed(saying, shown, before)
        if has_gone_on(kept.revision, kept.window, revision, window) and not _same_words(kept, typed):
            return Saved(kept, _copy(kept, saying, shown, window, forum_request))
        is_same = all(getattr(kept, name) == value for name, value in typed.items())
        for name, value in typed.items():
            setattr(kept, name, value)
        kept.revision, kept.window, kept.saved_at = (
            kept.revision + 1,
            window[:WINDOW_LENGTH],
            forum_request.now,
        )
        kept.save()
        # The save includes everything in this window's copy.
        kept.copies.filter(window=window).exclude(window="").delete()
    return Saved(kept, is_same=is_same)


def take_copy(*, forum_request: ForumRequest, copy: DraftCopy) -> None:
    """Exchange draft and copy; the former draft becomes the copy until deleted."""
    _require_own(forum_request, copy.draft)
    with transaction.atomic():
        draft = ContributionDraft.objects.select_for_update(no_key=True).get(pk=copy.draft_id)
        kept = DraftCopy.objects.select_for_update(no_key=True).get(pk=copy.pk)
        before = by_question(draft.text, draft.answers, draft.question_set.items)
        taken = before | by_question(kept.text, kept.answers, kept.question_set.items)
        draft.title, kept.title = kept.title, draft.title
        draft.question_set, kept.question_set = kept.question_set, draft.question_set
        draft.text, draft.answers = under_questions(taken, draft.question_set.items)
        kept.text, kept.answers = under_questions(before, kept.question_set.items)
        # A new window id: a window that keeps typing gets its own copy.
        draft.revision, draft.window, kept.window = draft.revision + 1, "", f"kept {draft.revision}"
        draft.saved_at, kept.saved_at = forum_request.now, draft.saved_at
        draft.save()
        kept.save()


def drop_copy(*, forum_request: ForumRequest, copy: DraftCopy) -> None:
    """Delete the copy of a second window."""
    _require_own(forum_request, copy.draft)
    copy.delete()


def _typed(saying: Saying, shown: QuestionSet, before: Mapping[str, str]) -> dict[str, Any]:
    # Answers to questions no longer asked stay in the draft.
    texts = {**before, **by_question(saying.text, saying.answers, shown.items)}
    text, answers = under_questions(texts, shown.items)
    return {
        "title": saying.title[:TITLE_LENGTH],
        "question_set": shown,
        "text": text,
        "answers": answers,
        "language": saying.language,
        "consent_to_publish": saying.consent_to_publish,
        "shown_as": saying.shown_as,
        "organisation_id": saying.organisation_id,
        "kind": saying.kind,
        "country": saying.country,
        "is_headquarters": saying.is_headquarters,
        "line_ids": list(saying.line_ids),
        "goal_ids": list(saying.goal_ids),
        "left_out": list(saying.left_out),
    }


def _same_words(draft: ContributionDraft, typed: Mapping[str, Any]) -> bool:
    return all(getattr(draft, name) == typed[name] for name in ("title", "question_set", "text", "answers"))


def _copy(
    draft: ContributionDraft, saying: Saying, shown: QuestionSet, window: str, forum_request: ForumRequest
) -> DraftCopy:
    """Store the input of a window in one copy, updated by each save."""
    words = {
        "title": saying.title[:TITLE_LENGTH],
        "question_set": shown,
        "text": saying.text,
        "answers": dict(saying.answers),
        "saved_at": forum_request.now,
    }
    copy, _ = DraftCopy.objects.update_or_create(draft=draft, window=window[:WINDOW_LENGTH], defaults=words)
    return copy


def attach_file(*, forum_request: ForumRequest, draft: ContributionDraft, checked: CheckedFile) -> Attachment:
    """Attach a file to a draft; equal files are stored once, by digest."""
    _require_own(forum_request, draft)
    with transaction.atomic():
        draft = ContributionDraft.objects.select_for_update(no_key=True).get(pk=draft.pk)
        known = draft.attachments.filter(sha256=checked.sha256).first()
        if known is not None:
            return known
        if _files_with(draft) >= ATTACHMENTS_PER_CONTRIBUTION:
            sentence = gettext("A contribution has at most %(limit)s files. Please remove one first.")
            params = {"limit": ATTACHMENTS_PER_CONTRIBUTION}
            raise Refused(sentence % params, "too-many-files", "attachment")
        attachment = Attachment.objects.create(
            draft=draft,
            file=store_file(ATTACHMENTS, checked.sha256, checked.content),
            name=checked.name,
            media_type=checked.media_type,
            size=checked.size,
            sha256=checked.sha256,
            added_at=forum_request.now,
        )
        task_types.read_file.order(attachment_id=attachment.pk)
    return attachment


def detach_file(*, forum_request: ForumRequest, attachment: Attachment) -> None:
    """Detach a file from a draft; submitted versions keep it."""
    if attachment.draft is None:
        raise NotAllowed(gettext("A file that was submitted stays with its contribution."), "file-submitted")
    _require_own(forum_request, attachment.draft)
    attachment.delete()


def _require_own(forum_request: ForumRequest, draft: ContributionDraft) -> None:
    require_author(is_author=draft.author_id == forum_request.require_person(draft.call.forum_id).pk)


def _files_with(draft: ContributionDraft) -> int:
    before = draft.contribution
    stay = [one for one in before.files if one.pk not in draft.left_out] if before else []
    return draft.attachments.count() + len(stay)
