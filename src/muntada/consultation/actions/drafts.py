"""What somebody is still writing: kept at every pause, with the files that go with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext
from procrastinate.contrib.django import app as queue

from muntada.consultation.models import Attachment, Call, Contribution, ContributionDraft, DraftCopy
from muntada.consultation.rules.contributions import (
    ATTACHMENTS_PER_CONTRIBUTION,
    TITLE_LENGTH,
    WINDOW_LENGTH,
    Saying,
    has_gone_on,
    require_author,
)
from muntada.forums.queries import Here
from muntada.foundations.errors import NotAllowed, Refused, SignInFirst
from muntada.foundations.files import CheckedFile
from muntada.people.models import Person

READ_FILE = "muntada.consultation.tasks.read_file"


@dataclass(frozen=True)
class Saved:
    """The draft as it stands, and the copy that was made because it had gone on in another window."""

    draft: ContributionDraft
    copy: DraftCopy | None = None


def save_draft(
    *,
    here: Here,
    call: Call,
    saying: Saying,
    contribution: Contribution | None = None,
    revision: int | None = None,
    window: str = "",
) -> Saved:
    """Keep what is typed, for its author alone. A draft may be kept after the call closed, too.

    `window` names the browser window and `revision` what the draft was when that window last heard of it. If
    another window has saved since, the draft stays as it is and what was typed here is kept as a copy of it.
    """
    person = require_person(here)
    if contribution is not None:
        require_author(is_author=contribution.author_id == person.pk)
    with transaction.atomic():
        # Two windows that save the first words at once wait here for each other.
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        kept = ContributionDraft.objects.filter(call=call, author=person, contribution=contribution).first()
        if kept is None:
            return Saved(
                ContributionDraft.objects.create(
                    call=call,
                    author=person,
                    contribution=contribution,
                    window=window[:WINDOW_LENGTH],
                    saved_at=here.now,
                    **_typed(saying, {}),
                )
            )
        if has_gone_on(kept.revision, kept.window, revision, window) and not _same_words(kept, saying):
            return Saved(kept, _copy(kept, saying, window, here))
        for name, value in _typed(saying, kept.answers).items():
            setattr(kept, name, value)
        kept.revision, kept.window, kept.saved_at = kept.revision + 1, window[:WINDOW_LENGTH], here.now
        kept.save()
        # What this window saves now holds all that its copy did.
        kept.copies.filter(window=window).exclude(window="").delete()
    return Saved(kept)


def take_copy(*, here: Here, copy: DraftCopy) -> None:
    """Exchange the draft and the copy: what was in the draft is kept as the copy until it is thrown away."""
    _require_own(here, copy.draft)
    with transaction.atomic():
        draft = ContributionDraft.objects.select_for_update(no_key=True).get(pk=copy.draft_id)
        kept = DraftCopy.objects.select_for_update(no_key=True).get(pk=copy.pk)
        draft.title, kept.title = kept.title, draft.title
        draft.text, kept.text = kept.text, draft.text
        draft.answers, kept.answers = {**draft.answers, **kept.answers}, draft.answers
        # A window of neither: whichever is still open and goes on typing keeps a copy of its own.
        draft.revision, draft.window, kept.window = draft.revision + 1, "", f"kept {draft.revision}"
        draft.saved_at, kept.saved_at = here.now, draft.saved_at
        draft.save()
        kept.save()


def drop_copy(*, here: Here, copy: DraftCopy) -> None:
    """Throw away what was typed in a second window, once its author has seen it."""
    _require_own(here, copy.draft)
    copy.delete()


def _typed(saying: Saying, before: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": saying.title[:TITLE_LENGTH],
        "text": saying.text,
        # An answer to a question that is no longer asked stays with the draft.
        "answers": {**before, **saying.answers},
        "language": saying.language,
        "consent_to_publish": saying.consent_to_publish,
        "shown_as": saying.shown_as,
        "organisation_id": saying.organisation_id,
        "kind": saying.kind,
        "country": saying.country,
        "is_headquarters": saying.is_headquarters,
        "line_ids": list(saying.line_ids),
        "goal_ids": list(saying.goal_ids),
    }


def _same_words(draft: ContributionDraft, saying: Saying) -> bool:
    return (
        draft.title == saying.title[:TITLE_LENGTH]
        and draft.text == saying.text
        and draft.answers == {**draft.answers, **saying.answers}
    )


def _copy(draft: ContributionDraft, saying: Saying, window: str, here: Here) -> DraftCopy:
    """Keep what one window typed in one copy, so that saving every two seconds does not pile them up."""
    words = {
        "title": saying.title[:TITLE_LENGTH],
        "text": saying.text,
        "answers": dict(saying.answers),
        "saved_at": here.now,
    }
    copy, _ = DraftCopy.objects.update_or_create(draft=draft, window=window[:WINDOW_LENGTH], defaults=words)
    return copy


def attach_file(*, here: Here, draft: ContributionDraft, checked: CheckedFile) -> Attachment:
    """Put a file to a draft. It is stored under its digest, so the same file is stored once."""
    _require_own(here, draft)
    with transaction.atomic():
        ContributionDraft.objects.select_for_update(no_key=True).get(pk=draft.pk)
        known = draft.attachments.filter(sha256=checked.sha256).first()
        if known is not None:
            return known
        if _files_with(draft) >= ATTACHMENTS_PER_CONTRIBUTION:
            sentence = gettext("A contribution has at most %(limit)s files. Please remove one first.")
            params = {"limit": ATTACHMENTS_PER_CONTRIBUTION}
            raise Refused(sentence % params, "too-many-files", "attachment")
        place = f"consultation/{checked.sha256}"
        if not default_storage.exists(place):
            place = default_storage.save(place, ContentFile(checked.content))
        attachment = Attachment.objects.create(
            draft=draft,
            file=place,
            name=checked.name,
            media_type=checked.media_type,
            size=checked.size,
            sha256=checked.sha256,
            added_at=here.now,
        )
        queue.configure_task(READ_FILE).defer(attachment_id=attachment.pk)
    return attachment


def detach_file(*, here: Here, attachment: Attachment) -> None:
    """Take a file from a draft again; what was submitted stays."""
    if attachment.draft is None:
        raise NotAllowed(gettext("A file that was submitted stays with its contribution."), "file-submitted")
    _require_own(here, attachment.draft)
    attachment.delete()


def require_person(here: Here) -> Person:
    if here.person is None:
        raise SignInFirst(gettext("Please sign in to go on."), "sign-in")
    return here.person


def _require_own(here: Here, draft: ContributionDraft) -> None:
    require_author(is_author=draft.author_id == require_person(here).pk)


def _files_with(draft: ContributionDraft) -> int:
    before = draft.contribution
    return draft.attachments.count() + (before.attachments.count() if before else 0)
