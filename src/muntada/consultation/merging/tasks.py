"""E-mails about merges."""

from muntada.consultation.contributions.models import Merge
from muntada.consultation.merging import task_types
from muntada.foundations.mail import send_letter
from muntada.people.models import Person


@task_types.send_merge_letter.carried_out_by
def send_merge_letter(*, merge_id: int, person_id: int, news: str) -> None:
    """Ask an author for consent, or notify them of a decision."""
    merge = Merge.objects.select_related(
        "first__symbol__forum", "second__symbol__forum", "joint__symbol__forum", "first__call__forum"
    ).get(pk=merge_id)
    person = Person.objects.get(pk=person_id)
    send_letter(
        to=person.email,
        language=person.language,
        template=f"consultation/merging/letters/merge_{'asked' if news == 'asked' else 'news'}.txt",
        context={"merge": merge, "forum": merge.first.call.forum, "news": news},
    )
