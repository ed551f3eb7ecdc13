"""What a queue or the calendar starts: the making of a timetable, letters to those who are asked."""

from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from muntada.forums.models import Forum
from muntada.foundations.mail import send_letter
from muntada.foundations.tasks import LETTER_RETRY, LONG, PATIENT
from muntada.people.models import Person
from muntada.programme.actions import (
    books,
    decisions,
    incoming,
    merging,
    release_letters,
    selection_decisions,
    selections,
    speakers,
    timetables,
)
from muntada.programme.models import (
    Book,
    CoOrganiser,
    FreePlace,
    IncomingFile,
    RequestMerge,
    RequestSpeaker,
    Selection,
    Timetable,
)
from muntada.programme.queries.free_places import free_places, shown_places
from muntada.programme.rules.selections import Terms
from muntada.programme.rules.speakers import Answer
from muntada.record.rules import Actor


@app.task(name="programme.run_timetable", queue=LONG)
def run_timetable(timetable_id: int) -> None:
    """Make a timetable that was ordered."""
    timetable = Timetable.objects.select_related("forum").get(pk=timetable_id)
    timetables.run_timetable(timetable=timetable)


@app.task(name=books.MAKE_BOOK, queue=LONG, retry=2)
def make_book(book_id: int) -> None:
    """Set a printed programme."""
    ordered = Book.objects.select_related("release__forum").filter(pk=book_id).first()
    if ordered is not None:
        books.make_book(ordered=ordered, clock=timezone.now)


@app.task(name=incoming.TAKE_IN, queue=LONG)
def take_in_file(file_id: int) -> None:
    """Take in a file somebody looked at; one that was thrown away meanwhile needs nothing."""
    file = IncomingFile.objects.select_related("forum", "looked_by").filter(pk=file_id).first()
    if file is not None:
        incoming.carry_out_file(file=file, clock=timezone.now)


@app.periodic(cron="37 3 * * *")
@app.task(name="muntada.programme.tasks.drop_old_files", queueing_lock="drop-old-files")
def drop_old_files(timestamp: int) -> None:
    """Each night: throw away files nobody took in."""
    incoming.drop_old_files(now=datetime.fromtimestamp(timestamp, tz=UTC))


@app.task(name=speakers.SEND_ASKING, retry=LETTER_RETRY)
def send_asking(kind: str, pk: int, round_: int) -> None:
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


@app.task(name=merging.LAW.letter, retry=LETTER_RETRY)
def send_merge_letter(merge_id: int, person_id: int, news: str) -> None:
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


@app.task(name=decisions.SEND_PLACE_LETTER, retry=LETTER_RETRY)
def send_place_letter(place_id: int, person_id: int) -> None:
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


@app.periodic(cron="23 3 * * *")
@app.task(name="muntada.programme.tasks.forget_addresses", queueing_lock="forget-addresses")
def forget_addresses(timestamp: int) -> None:
    """Each night: empty the addresses of people asked to take part that no letter needs any more."""
    speakers.forget_addresses(now=datetime.fromtimestamp(timestamp, tz=UTC))


@app.task(name=release_letters.SEND, retry=LETTER_RETRY)
def send_release_letter(letter_id: int) -> None:
    """Tell one person what a release changes for them."""
    release_letters.send_release_letter(letter_id=letter_id, now=timezone.now())


def order_timetable(*, forum: Forum, actor: Actor, now: datetime, seed: int, effort: float) -> Timetable:
    """Order a timetable and put it into the queue, both or neither."""
    with transaction.atomic():
        timetable = timetables.order_timetable(forum=forum, actor=actor, now=now, seed=seed, effort=effort)
        run_timetable.defer(timetable_id=timetable.pk)
    return timetable


def order_repair(*, timetable: Timetable, actor: Actor, now: datetime) -> Timetable:
    """Order the repair of a timetable and put it into the queue, both or neither."""
    with transaction.atomic():
        draft = timetables.order_repair(timetable=timetable, actor=actor, now=now)
        run_timetable.defer(timetable_id=draft.pk)
    return draft


def start_again(*, timetable: Timetable, actor: Actor, now: datetime) -> None:
    """Put a timetable whose making was broken off into the queue anew."""
    with transaction.atomic():
        timetables.reopen_timetable(timetable=timetable, actor=actor, now=now)
        run_timetable.defer(timetable_id=timetable.pk)


@app.task(name="programme.run_selection", queue=PATIENT)
def run_selection(selection_id: int) -> None:
    """Make a selection that was ordered."""
    selection = Selection.objects.select_related("forum").get(pk=selection_id)
    selections.run_selection(selection=selection)


@app.task(name="programme.publish_decisions", queue=LONG)
def publish_decisions(selection_id: int, person_id: int | None) -> None:
    """Publish what a selection decides; a thousand decisions with their letters keep no page waiting."""
    selection = Selection.objects.select_related("forum").get(pk=selection_id)
    person = Person.objects.filter(pk=person_id).first() if person_id else None
    selection_decisions.carry_out_publication(selection=selection, person=person, now=timezone.now())


def order_publication(*, selection: Selection, actor: Actor, now: datetime) -> bool:
    """Order the publication and put it into the queue, both or neither; not where it was published before."""
    with transaction.atomic():
        is_ordered = selection_decisions.order_publication(selection=selection, actor=actor, now=now)
        if is_ordered:
            publish_decisions.defer(selection_id=selection.pk, person_id=actor.person_id)
    return is_ordered


def order_selection(*, forum: Forum, actor: Actor, now: datetime, seed: int, terms: Terms) -> Selection:
    """Order a selection and put it into the queue, both or neither."""
    with transaction.atomic():
        made = selections.order_selection(forum=forum, actor=actor, now=now, seed=seed, terms=terms)
        run_selection.defer(selection_id=made.pk)
    return made


def start_selection_again(*, selection: Selection, actor: Actor, now: datetime) -> None:
    """Put a selection whose making was broken off into the queue anew."""
    with transaction.atomic():
        selections.reopen_selection(selection=selection, actor=actor, now=now)
        run_selection.defer(selection_id=selection.pk)
