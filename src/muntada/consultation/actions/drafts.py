"""What somebody is still writing: kept at every pause, with the files that go with it."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.models import Attachment, Call, Contribution, ContributionDraft
from muntada.consultation.rules.contributions import (
    ATTACHMENTS_PER_CONTRIBUTION,
    TITLE_LENGTH,
    Saying,
    require_author,
)
from muntada.forums.queries import Here
from muntada.foundations.errors import NotAllowed, Refused, SignInFirst
from muntada.foundations.files import CheckedFile
from muntada.people.models import Person


def save_draft(
    *, here: Here, call: Call, saying: Saying, contribution: Contribution | None = None
) -> ContributionDraft:
    """Keep what is typed, for its author alone. A draft may be kept after the call closed, too."""
    person = require_person(here)
    if contribution is not None:
        require_author(is_author=contribution.author_id == person.pk)
    with transaction.atomic():
        draft, _ = ContributionDraft.objects.update_or_create(
            call=call,
            author=person,
            contribution=contribution,
            defaults={
                "title": saying.title[:TITLE_LENGTH],
                "text": saying.text,
                "language": saying.language,
                "consent_to_publish": saying.consent_to_publish,
                "shown_as": saying.shown_as,
                "organisation_id": saying.organisation_id,
                "line_ids": list(saying.line_ids),
                "goal_ids": list(saying.goal_ids),
                "saved_at": here.now,
            },
        )
    return draft


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
        return Attachment.objects.create(
            draft=draft,
            file=place,
            name=checked.name,
            media_type=checked.media_type,
            size=checked.size,
            sha256=checked.sha256,
            added_at=here.now,
        )


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
