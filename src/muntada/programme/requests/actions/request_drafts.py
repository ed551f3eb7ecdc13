"""Save drafts automatically, with copies of other windows."""

from dataclasses import dataclass, replace

from django.db import transaction

from muntada.consultation.contributions.rules.drafts import WINDOW_LENGTH, has_gone_on
from muntada.forums.queries import ForumRequest
from muntada.people.models import Person
from muntada.programme.requests.actions.request_texts import request_from, words_typed
from muntada.programme.requests.actions.requests import (
    NewRequest,
    locked_draft,
    require_own_organisation,
    words_of,
    write_down,
)
from muntada.programme.requests.models.request_versions import RequestCopy
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.requests import RequestState, require_author, require_state


@dataclass(frozen=True)
class SavedDraft:
    """The draft, and a copy if another window had saved it."""

    request: SessionRequest
    copy: RequestCopy | None = None
    is_same: bool = False


def save_draft_request(
    *,
    forum_request: ForumRequest,
    new: NewRequest,
    request: SessionRequest | None = None,
    revision: int | None = None,
    window: str = "",
) -> SavedDraft:
    """Save a draft for its author, also after the stage has closed.

    `window` identifies the browser window, and finds a new request again. If another window has saved
    since `revision`, the draft stays and the input is kept as a copy.
    """
    person = forum_request.require_person(request.forum_id if request else forum_request.forum.pk)
    window = window[:WINDOW_LENGTH]
    with transaction.atomic():
        # Two windows saving for the first time wait here for each other.
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if request is None:
            known = _begun_in(forum_request, person, window)
            if known is None:
                require_own_organisation(forum_request, new)
                draft = SessionRequest(forum=forum_request.forum, author=person, window=window)
                write_down(draft, new, forum_request.now)
                return SavedDraft(draft)
            if known.state != RequestState.DRAFT:
                return SavedDraft(known, is_same=True)
            request = known
        draft = locked_draft(request, forum_request)
        require_own_organisation(forum_request, new)
        # Fields without a form field, such as an imported track, are kept.
        new = replace(new, track=draft.track, source=draft.source, source_id=draft.source_id)
        new = replace(new, said=draft.said | dict(new.said))
        before, typed = words_of(draft), words_typed(new)
        if has_gone_on(draft.revision, draft.window, revision, window) and before != typed:
            return SavedDraft(draft, _copy(draft, typed, window, forum_request))
        draft.revision, draft.window = draft.revision + 1, window
        write_down(draft, new, forum_request.now)
        draft.copies.filter(window=window).exclude(window="").delete()
    return SavedDraft(draft, is_same=before == typed)


def save_changed_request(
    *, forum_request: ForumRequest, new: NewRequest, request: SessionRequest, window: str
) -> RequestCopy:
    """Save the input for the next version of a submitted request, by window."""
    person = forum_request.require_person(request.forum_id)
    with transaction.atomic():
        kept = SessionRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
        require_author(author_id=kept.author_id, person_id=person.pk)
        require_state(kept.state, [RequestState.SUBMITTED])
        return _copy(kept, words_typed(new), window[:WINDOW_LENGTH], forum_request)


def take_copy(*, forum_request: ForumRequest, copy: RequestCopy) -> None:
    """Exchange draft and copy; the former draft becomes the copy until deleted."""
    forum_request.require_person(copy.request.forum_id)
    with transaction.atomic():
        draft = locked_draft(copy.request, forum_request)
        kept = RequestCopy.objects.select_for_update(no_key=True).get(pk=copy.pk)
        before, taken = words_of(draft), request_from(kept.typed)
        require_own_organisation(forum_request, taken)
        # A new window id: a window that keeps typing gets its own copy.
        kept.typed, kept.window, kept.saved_at = before, f"kept {draft.revision}", draft.saved_at
        kept.save()
        draft.revision, draft.window = draft.revision + 1, ""
        write_down(draft, taken, forum_request.now)


def drop_copy(*, forum_request: ForumRequest, copy: RequestCopy) -> None:
    """Delete the copy of another window."""
    person = forum_request.require_person(copy.request.forum_id)
    require_author(author_id=copy.request.author_id, person_id=person.pk)
    copy.delete()


def drop_draft(*, forum_request: ForumRequest, request: SessionRequest) -> None:
    """Delete a draft with its speakers; nobody is asked in its name any more."""
    forum_request.require_person(request.forum_id)
    with transaction.atomic():
        locked_draft(request, forum_request).delete()


def _begun_in(forum_request: ForumRequest, person: Person, window: str) -> SessionRequest | None:
    if not window:
        return None
    return SessionRequest.objects.filter(forum=forum_request.forum, author=person, window=window).first()


def _copy(
    request: SessionRequest, typed: dict[str, object], window: str, forum_request: ForumRequest
) -> RequestCopy:
    """Store the input of a window in one copy, updated by each save."""
    copy, _ = RequestCopy.objects.update_or_create(
        request=request, window=window, defaults={"typed": typed, "saved_at": forum_request.now}
    )
    return copy
