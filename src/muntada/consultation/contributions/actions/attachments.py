"""Extract the text of uploaded files for the search."""

from collections.abc import Sequence

from django.db import transaction

from muntada.consultation.contributions.models import Attachment, Contribution
from muntada.consultation.contributions.rules.contributions import AttachmentText
from muntada.foundations.cleaning import clean_text
from muntada.foundations.extracts import Extract, ExtractState, extract
from muntada.record import actions as record


def read_attachment(*, attachment: Attachment) -> Attachment:
    """Read a file, unless the same file was read before."""
    known = (
        Attachment.objects.filter(sha256=attachment.sha256, text_state__in=list(ExtractState))
        .exclude(pk=attachment.pk)
        .first()
    )
    found = Extract(ExtractState(known.text_state), known.text) if known else _read(attachment)
    attachment.text = clean_text(found.text)
    attachment.text_state = AttachmentText(found.found.value)
    with transaction.atomic():
        attachment.save(update_fields=["text", "text_state"])
        # Reloaded: the draft may have been submitted meanwhile.
        contribution = Contribution.objects.filter(attachments=attachment).first()
        if contribution is not None:
            find_by_all_words(contribution, contribution.files)
    return attachment


def find_by_all_words(contribution: Contribution, files: Sequence[Attachment]) -> None:
    """Index a contribution by its answers and files."""
    texts = [file.text for file in files if file.text]
    record.put_words(contribution.symbol, contribution.whole_text, files=texts)


def _read(attachment: Attachment) -> Extract:
    with attachment.file.open("rb") as stored:
        return extract(stored.read(), attachment.media_type)
