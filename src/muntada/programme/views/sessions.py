"""A session after it was accepted: changed, given other people, taken out of the programme."""

from collections.abc import Sequence

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext

from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.languages import listed
from muntada.foundations.pages import answer_form, put_refusal
from muntada.people.rules import Role
from muntada.programme.actions import session_changes as actions
from muntada.programme.actions.decisions import cancel_session
from muntada.programme.forms.sessions import CancelForm, PersonForm, SessionForm
from muntada.programme.models import Session
from muntada.programme.rules.sessions import Part
from muntada.programme.views.decisions import SECRETARIAT
from muntada.programme.views.requests import WRITE

PAGE = "programme:edit_session"


@forum_page(may=SECRETARIAT, stage=Stage.PROGRAMME, methods=WRITE)
def edit_session(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Change what a session is, who has a part in it; or take it out of the programme."""
    session = _session_at(here, number)
    wanted = next((name for name in ("cancel", "add", "remove") if name in request.POST), "change")
    sent = request.POST if request.method == "POST" else None
    change = SessionForm(sent if wanted == "change" else None, session=session)
    person = PersonForm(sent if wanted == "add" else None)
    cancel = CancelForm(sent if wanted == "cancel" else None)
    form: Form = {"cancel": cancel, "add": person}.get(wanted, change)
    if sent is not None and (wanted == "remove" or form.is_valid()):
        try:
            return _step(request, here, session, form, wanted)
        except Refused as refusal:
            if wanted == "remove":
                messages.error(request, str(refusal.sentence))
                return redirect(PAGE, here.forum.slug, number)
            put_refusal(form, refusal)
    context = {
        "session": session,
        "people": session.people.all(),
        "form": change,
        "person_form": person,
        "cancel_form": cancel,
    }
    return answer_form(request, "programme/edit_session.html", form, context)


def _step(request: HttpRequest, here: Here, session: Session, form: Form, wanted: str) -> HttpResponse:
    """Do what was asked for and go on where it shows."""
    actor, now = here.actor(Role.SECRETARIAT), here.now
    if wanted == "cancel":
        cancel_session(session=session, reason=form.cleaned_data["reason"], actor=actor, now=now)
        messages.success(request, _changed())
        return redirect("programme:waiting", here.forum.slug)
    if wanted == "remove":
        removed = session.people.filter(pk=_number(request.POST["remove"])).first()
        if removed is not None:
            actions.remove_person(person=removed, actor=actor, now=now)
        lost: Sequence[int] = ()
    elif isinstance(form, SessionForm):
        lost = actions.change_session(session=session, facts=form.facts(), actor=actor, now=now)
    else:
        said = form.cleaned_data
        lost = actions.add_person(
            session=session, name=said["name"], part=Part(said["part"]), actor=actor, now=now
        )
    messages.success(request, _changed())
    if lost:
        messages.warning(request, _lost(lost))
    return redirect(PAGE, here.forum.slug, session.symbol.number)


def _changed() -> str:
    return gettext("Changed. The public programme shows it with the next release.")


def _lost(drafts: Sequence[int]) -> str:
    sentence = ngettext(
        "In draft %(drafts)s it no longer fits where it stood. It waits there for another place.",
        "In drafts %(drafts)s it no longer fits where it stood. It waits there for another place.",
        len(drafts),
    )
    return sentence % {"drafts": listed([str(number) for number in drafts])}


def _session_at(here: Here, number: int) -> Session:
    sessions = Session.objects.filter(forum=here.forum, symbol__number=number)
    session = sessions.select_related("symbol__forum").first()
    if session is None:
        raise NotThere(gettext("There is no session with this number."), "session")
    return session


def _number(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0  # noqa: PLR2004
