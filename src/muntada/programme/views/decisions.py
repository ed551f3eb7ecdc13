"""What the secretariat decides: on one request, on a session."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.pages import answer_form, put_refusal
from muntada.people.rules import Role
from muntada.programme.actions import decisions
from muntada.programme.forms.decisions import CancelForm, DecisionForm, SessionForm
from muntada.programme.models import Session, SessionRequest
from muntada.programme.views.requests import WRITE, request_at, request_page

SECRETARIAT = role(Role.SECRETARIAT)


@forum_page(may=SECRETARIAT, stage=Stage.PROGRAMME, methods=("POST",))
def decide(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Accept, decline or refer one request, by the button that was pressed."""
    kept = request_at(here, number)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            _decide(request, here, kept, form)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return redirect(kept.symbol)  # type: ignore[arg-type]
    return request_page(request, here, kept, form, status=422)


def _decide(request: HttpRequest, here: Here, kept: SessionRequest, form: DecisionForm) -> None:
    actor, why = here.actor(Role.SECRETARIAT), form.why()
    if "accept" in request.POST:
        decisions.accept_request(request=kept, reason=why, actor=actor, now=here.now)
        messages.success(request, gettext("Accepted. The session can be placed in a timetable now."))
    elif "refer" in request.POST:
        decisions.refer_request(request=kept, reason=why, actor=actor, now=here.now)
        messages.success(request, gettext("Referred. The reason is public."))
    elif "decline" in request.POST:
        decisions.decline_request(request=kept, reason=why, actor=actor, now=here.now)
        messages.success(request, gettext("Declined. The reason is public."))
    else:
        raise Refused(gettext("Please choose what to decide."), "decision")


@forum_page(may=SECRETARIAT, stage=Stage.PROGRAMME, methods=WRITE)
def edit_session(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    """Give a session another title, or take it out of the programme."""
    session = (
        Session.objects.filter(forum=here.forum, symbol__number=number)
        .select_related("symbol__forum")
        .first()
    )
    if session is None:
        raise NotThere(gettext("There is no session with this number."), "session")
    wants_cancel = "cancel" in request.POST
    posted = request.method == "POST"
    title = SessionForm(
        request.POST if posted and not wants_cancel else None,
        initial={"title": session.title, "language": session.language},
    )
    cancel = CancelForm(request.POST if wants_cancel else None)
    form = cancel if wants_cancel else title
    if posted and form.is_valid():
        try:
            _edit(here, session, form)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(
                request, gettext("Changed. The public programme shows it with the next release.")
            )
            return redirect("programme:waiting", here.forum.slug) if wants_cancel else redirect(session)
    context = {"session": session, "title_form": title, "cancel_form": cancel}
    return answer_form(request, "programme/edit_session.html", form, context)


def _edit(here: Here, session: Session, form: SessionForm | CancelForm) -> None:
    actor = here.actor(Role.SECRETARIAT)
    if isinstance(form, CancelForm):
        decisions.cancel_session(
            session=session, reason=form.cleaned_data["reason"], actor=actor, now=here.now
        )
        return
    decisions.retitle_session(
        session=session,
        title=form.cleaned_data["title"],
        language=form.cleaned_data["language"],
        actor=actor,
        now=here.now,
    )
