"""E-mails to experts and awarded entrants."""

from muntada.evidence.prizes import task_types
from muntada.evidence.prizes.models import ShowcaseEntry, ShowcaseExpert
from muntada.foundations.mail import send_letter


@task_types.send_expert_named.carried_out_by
def send_expert_named(*, expert_id: int) -> None:
    """Notify an expert of their appointment."""
    rows = ShowcaseExpert.objects.select_related("showcase__forum", "person")
    one = rows.filter(pk=expert_id, ended_at=None, person__is_active=True).first()
    if one is not None and not one.person.is_invented:
        send_letter(
            to=one.person.email,
            language=one.person.language,
            template="evidence/prizes/letters/expert.txt",
            context={"showcase": one.showcase, "forum": one.showcase.forum},
        )


@task_types.send_award.carried_out_by
def send_award(*, entry_id: int, award: str) -> None:
    """Notify the owner of an entry of an award."""
    rows = ShowcaseEntry.objects.select_related("showcase__forum", "initiative__symbol__forum", "entered_by")
    one = rows.select_related("category").filter(pk=entry_id, entered_by__is_active=True).first()
    if one is None or one.entered_by is None or one.entered_by.is_invented:
        return
    send_letter(
        to=one.entered_by.email,
        language=one.entered_by.language,
        template="evidence/prizes/letters/award.txt",
        context={"entry": one, "award": award, "showcase": one.showcase},
    )
