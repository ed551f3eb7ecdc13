from datetime import datetime

from muntada.foundations.mail import send_letter
from muntada.foundations.tasks import on_calendar
from muntada.programme.requests.models.speakers import CoOrganiser, RequestSpeaker
from muntada.programme.requests.rules.speakers import SpeakerAnswer
from muntada.programme.speakers import task_types
from muntada.programme.speakers.actions import speakers


@task_types.send_asking.carried_out_by
def send_asking(*, kind: str, pk: int, round_: int) -> None:
    """Write to somebody who is asked to take part; not to one left out or asked anew meanwhile."""
    model = RequestSpeaker if kind == speakers.SPEAKER else CoOrganiser
    rows = model.objects.select_related("request__forum", "request__author", "request__organisation")
    one = rows.filter(pk=pk, round=round_, answer=SpeakerAnswer.ASKED).exclude(email="").first()
    if one is None:
        return
    request = one.request
    link = f"/{request.forum.slug}/programme/asked/{speakers.token_of(one)}"
    who = [str(who) for who in (request.author, request.organisation) if who]
    send_letter(
        to=one.email,
        language=one.language,
        template="programme/speakers/letters/asked.txt",
        context={
            "asked": one,
            "is_organiser": isinstance(one, CoOrganiser),
            "request": request,
            "forum": request.forum,
            "who": ", ".join(who),
            "link": f"{link}?lang={one.language}",
        },
    )


@on_calendar("23 3 * * *")
def forget_addresses(*, now: datetime) -> None:
    """Each night: empty the addresses of people asked to take part that no letter needs any more."""
    speakers.forget_addresses(now=now)
