from muntada.foundations.mail import send_letter
from muntada.people.models import Person
from muntada.programme.changes.queries import free_places, shown_places
from muntada.programme.decisions import task_types as decisions
from muntada.programme.decisions.models import FreePlace


@decisions.send_place_letter.carried_out_by
def send_place_letter(*, place_id: int, person_id: int) -> None:
    """Notify a member of the secretariat of a free place and its first candidate, if still free."""
    place = FreePlace.objects.select_related("session__symbol__forum", "session__forum").get(pk=place_id)
    forum = place.session.forum
    if not free_places(forum).filter(pk=place.pk).exists():
        return
    person = Person.objects.get(pk=person_id)
    (shown,) = shown_places(forum, [place])
    send_letter(
        to=person.email,
        language=person.language,
        template="programme/changes/letters/place_free.txt",
        context={"place": place, "first": shown.first, "forum": forum},
    )
