"""What somebody is still writing: kept at every pause, and beside it what they type in another window."""

from dataclasses import dataclass, replace

from django.db import transaction

from muntada.consultation.contributions.rules.drafts import WINDOW_LENGTH, has_gone_on
from muntada.forums.queries import ForumRequest
from muntada.people.models import Person
from muntada.programme.requests.actions.request_words import request_from, words_typed
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
    """The draft as it stands, and the copy made because it had gone on in another window."""

    request: SessionRequest
    copy: RequestCopy | None = None
    is_same: bool = False


def keep_draft(
    *,
    forum_request: ForumRequest,
    new: NewRequest,
    request: SessionRequest | None = None,
    revision: int | None = None,
    window: str = "",
) -> SavedDraft:
    """Keep what is typed, for its author alone; after the stage has closed, too.

    `window` names the browser window, by which a request that is not there yet is found again. If another
    window has saved since `revision`, the draft stays and what was typed is kept as a copy beside it.
    """
    person = forum_request.require_person(request.forum_id if request else forum_request.forum.pk)
    window = window[:WINDOW_LENGTH]
    with transaction.atomic():
        # Two windows that save the first words at once wait here for each other.
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
        # What no form asks stays as it is: a track, where a file brought it.
        new = replace(new, track=draft.track, source=draft.source, source_id=draft.source_id)
        new = replace(new, said=draft.said | dict(new.said))
        before, typed = words_of(draft), words_typed(new)
        if has_gone_on(draft.revision, draft.window, revision, window) and before != typed:
            return SavedDraft(draft, _copy(draft, typed, window, forum_request))
        draft.revision, draft.window = draft.revision + 1, window
        write_down(draft, new, forum_request.now)
        draft.copies.filter(window=window).exclude(window="").delete()
    return SavedDraft(draft, is_same=before == typed)


def keep_change(
    *, forum_request: ForumRequest, new: NewRequest, request: SessionRequest, window: str
) -> RequestCopy:
    """Keep what is typed for the next version of a submitted request, window by window."""
    person = forum_request.require_person(request.forum_id)
    with transaction.atomic():
        kept = SessionRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
        require_author(author_id=kept.author_id, person_id=person.pk)
        require_state(kept.state, [RequestState.SUBMITTED])
        return _copy(kept, words_typed(new), window[:WINDOW_LENGTH], forum_request)


def take_copy(*, forum_request: ForumRequest, copy: RequestCopy) -> None:
    """Exchange the draft and the copy: what was in the draft is kept as the copy until it is thrown away."""
    forum_request.require_person(copy.request.forum_id)
    with transaction.atomic():
        draft = locked_draft(copy.request, forum_request)
        kept = RequestCopy.objects.select_for_update(no_key=True).get(pk=copy.pk)
        before, taken = words_of(draft), request_from(kept.typed)
        require_own_organisation(forum_request, taken)
        # A window of neither: whichever is still open and goes on typing keeps a copy of its own.
        kept.typed, kept.window, kept.saved_at = before, f"kept {draft.revision}", draft.saved_at
        kept.save()
        draft.revision, draft.window = draft.revision + 1, ""
        write_down(draft, taken, forum_request.now)


def drop_copy(*, forum_request: ForumRequest, copy: RequestCopy) -> None:
    """Throw away what was typed in another window, once its author has seen it."""
    person = forum_request.require_person(copy.request.forum_id)
    require_author(author_id=copy.request.author_id, person_id=person.pk)
    copy.delete()


def drop_draft(*, forum_request: ForumRequest, request: SessionRequest) -> None:
    """Throw a draft away, with whom it names: nobody is asked in its name any more."""
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
    """Keep what one window typed in one copy, so that saving every two seconds does not pile them up."""
    copy, _ = RequestCopy.objects.update_or_create(
        request=request, window=window, defaults={"typed": typed, "saved_at": forum_request.now}
    )
    return copy
