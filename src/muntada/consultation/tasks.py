"""What the queue starts: letters, and the opinion map drawn anew."""

from django.utils import timezone
from procrastinate.contrib.django import app as queue

from muntada.consultation.actions.maps import redraw_opinion_map
from muntada.consultation.models import Call, ContributionVersion, Reply
from muntada.consultation.rules.replies import DISPOSITION_WORDS, Disposition
from muntada.foundations.mail import send_letter


@queue.task(name="muntada.consultation.tasks.send_receipt", retry=5)
def send_receipt(version_id: int) -> None:
    """Send the author the receipt for what they submitted."""
    version = ContributionVersion.objects.select_related(
        "receipt", "contribution__author", "contribution__call__forum", "contribution__symbol__forum"
    ).get(pk=version_id)
    author = version.contribution.author
    if author is None:
        return
    send_letter(
        to=author.email,
        language=author.language,
        template="consultation/letters/receipt.txt",
        context={
            "version": version,
            "contribution": version.contribution,
            "call": version.contribution.call,
            "forum": version.contribution.call.forum,
            "code": version.receipt.code,
        },
    )


@queue.task(name="muntada.consultation.tasks.send_reply", retry=5)
def send_reply(reply_id: int) -> None:
    """Tell the author what became of their contribution."""
    reply = Reply.objects.select_related(
        "leads_to__forum",
        "contribution__author",
        "contribution__call__forum",
        "contribution__symbol__forum",
    ).get(pk=reply_id)
    contribution = reply.contribution
    author = contribution.author if contribution else None
    if contribution is None or author is None:
        return
    send_letter(
        to=author.email,
        language=author.language,
        template="consultation/letters/reply.txt",
        context={
            "reply": reply,
            "contribution": contribution,
            "forum": contribution.call.forum,
            "disposition": DISPOSITION_WORDS[Disposition(reply.disposition)],
        },
    )


@queue.task(name="muntada.consultation.tasks.redraw_map", retry=3)
def redraw_map(call_id: int) -> None:
    """Draw the opinion map of a call from the votes as they stand."""
    redraw_opinion_map(call=Call.objects.select_related("forum").get(pk=call_id), now=timezone.now())
