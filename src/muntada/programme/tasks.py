"""What a queue or the calendar starts: the making of a timetable, letters to those who are asked."""

from datetime import datetime

from django.utils import timezone

from muntada.foundations.jobs.running import Run, carries_out
from muntada.foundations.mail import send_letter
from muntada.foundations.tasks import on_calendar
from muntada.people.models import Person
from muntada.programme.actions import (
    books,
    choosing,
    incoming,
    release_letters,
    selection_decisions,
    speakers,
    task_types,
    timetable_runs,
)
from muntada.programme.models import (
    CoOrganiser,
    FreePlace,
    Release,
    RequestMerge,
    RequestSpeaker,
    Selection,
    Timetable,
)
from muntada.programme.queries.free_places import free_places, shown_places
from muntada.programme.rules.speakers import Answer


@carries_out(task_types.run_timetable)
def run_timetable(run: Run, *, timetable_id: int) -> None:
    """Make a timetable that was ordered."""
    timetable = Timetable.objects.select_related("forum", "made_from").get(pk=timetable_id)
    timetable_runs.run_timetable(run=run, timetable=timetable)


@carries_out(task_types.make_book)
def make_book(run: Run, *, release_id: int, language: str) -> None:
    """Set a printed programme."""
    release = Release.objects.select_related("forum").get(pk=release_id)
    books.make_book(run=run, release=release, language=language)


@carries_out(task_types.take_in_file)
def take_in_file(run: Run) -> None:
    """Take in a file somebody looked at."""
    incoming.carry_out_file(run=run)


@task_types.send_asking.carried_out_by
def send_asking(*, kind: str, pk: int, round_: int) -> None:
    """Write to somebody who is asked to take part; not to one left out or asked anew meanwhile."""
    model = RequestSpeaker if kind == speakers.SPEAKER else CoOrganiser
    rows = model.objects.select_related("request__forum", "request__author", "request__organisation")
    one = rows.filter(pk=pk, round=round_, answer=Answer.ASKED).exclude(email="").first()
    if one is None:
        return
    request = one.request
    link = f"/{request.forum.slug}/programme/asked/{speakers.token_of(one)}"
    who = [str(who) for who in (request.author, request.organisation) if who]
    send_letter(
        to=one.email,
        language=one.language,
        template="programme/letters/asked.txt",
        context={
            "asked": one,
            "is_organiser": isinstance(one, CoOrganiser),
            "request": request,
            "forum": request.forum,
            "who": ", ".join(who),
            "link": f"{link}?lang={one.language}",
        },
    )


@task_types.send_merge_letter.carried_out_by
def send_merge_letter(*, merge_id: int, person_id: int, news: str) -> None:
    """Tell somebody concerned what is proposed for two requests, or what became of it."""
    columns = ("first__symbol__forum", "second__symbol__forum", "joint__symbol__forum", "first__forum")
    merge = RequestMerge.objects.select_related(*columns).get(pk=merge_id)
    person = Person.objects.filter(pk=person_id, is_active=True, is_invented=False).first()
    if person is None:
        return
    send_letter(
        to=person.email,
        language=person.language,
        template=f"programme/letters/merge_{'asked' if news == 'asked' else 'news'}.txt",
        context={"merge": merge, "news": news, "forum": merge.first.forum},
    )


@task_types.send_place_letter.carried_out_by
def send_place_letter(*, place_id: int, person_id: int) -> None:
    """Tell one of the secretariat that a place became free, and who comes first, if it is still free."""
    place = FreePlace.objects.select_related("session__symbol__forum", "session__forum").get(pk=place_id)
    forum = place.session.forum
    if not free_places(forum).filter(pk=place.pk).exists():
        return
    person = Person.objects.get(pk=person_id)
    (shown,) = shown_places(forum, [place])
    send_letter(
        to=person.email,
        language=person.language,
        template="programme/letters/place_free.txt",
        context={"place": place, "first": shown.first, "forum": forum},
    )


@on_calendar("23 3 * * *")
def forget_addresses(*, now: datetime) -> None:
    """Each night: empty the addresses of people asked to take part that no letter needs any more."""
    speakers.forget_addresses(now=now)


@task_types.send_release_letter.carried_out_by
def send_release_letter(*, letter_id: int) -> None:
    """Tell one person what a release changes for them."""
    release_letters.send_release_letter(letter_id=letter_id, now=timezone.now())


@carries_out(task_types.run_selection)
def run_selection(run: Run, *, selection_id: int) -> None:
    """Make a selection that was ordered."""
    selection = Selection.objects.select_related("forum").get(pk=selection_id)
    choosing.run_selection(run=run, selection=selection)


@carries_out(task_types.publish_decisions)
def publish_decisions(run: Run, *, selection_id: int) -> None:
    """Publish what a selection decides; a thousand decisions with their letters keep no page waiting."""
    selection = Selection.objects.select_related("forum").get(pk=selection_id)
    selection_decisions.carry_out_publication(run=run, selection=selection)
