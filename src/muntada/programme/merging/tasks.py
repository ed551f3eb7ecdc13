from muntada.foundations.mail import send_letter
from muntada.people.models import Person
from muntada.programme.merging import task_types
from muntada.programme.requests.models.merging import RequestMerge


@task_types.send_merge_letter.carried_out_by
def send_merge_letter(*, merge_id: int, person_id: int, news: str) -> None:
    """Notify a person of a proposal or its outcome."""
    columns = ("first__symbol__forum", "second__symbol__forum", "joint__symbol__forum", "first__forum")
    merge = RequestMerge.objects.select_related(*columns).get(pk=merge_id)
    person = Person.objects.filter(pk=person_id, is_active=True, is_invented=False).first()
    if person is None:
        return
    send_letter(
        to=person.email,
        language=person.language,
        template=f"programme/merging/letters/merge_{'asked' if news == 'asked' else 'news'}.txt",
        context={"merge": merge, "news": news, "forum": merge.first.forum},
    )
