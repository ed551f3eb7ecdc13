"""Pages of the people of a request; they answer by link, without an account."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import Refused
from muntada.foundations.pages import (
    ANYONE,
    READS_AND_WRITES,
    SIGNED_IN,
    answer_form,
    refusals_as_messages,
    refusals_shown_in,
)
from muntada.foundations.sent_forms import edits
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import CoOrganiser, RequestSpeaker
from muntada.programme.requests.queries import speakers
from muntada.programme.requests.queries.merging import standing_request
from muntada.programme.requests.queries.requests import hours_of_speaker
from muntada.programme.requests.rules.speakers import SPEAKING_PARTS, require_answerable
from muntada.programme.sessions.pages import ZONES
from muntada.programme.speakers.actions import speakers as actions
from muntada.programme.speakers.forms import (
    ADD_ROW,
    PARTS,
    AvailabilityForm,
    CoOrganiserForm,
    InvitationReplyForm,
    SpeakerForm,
    SpeakerReplyForm,
    TheirAvailabilityForm,
    availability_as_typed,
    body_as_typed,
    reply_as_typed,
    spans_as_typed,
    speaker_as_typed,
)

PEOPLE = "programme:people"


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME)
def people(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Show whom a request names, what each was asked and what they said."""
    kept = speakers.own_request(forum_request, pk)
    context = {
        "kept": kept,
        "named": [(one, _is_mine(forum_request, one)) for one in speakers.people_of_request(kept)],
        "co_organisers": list(kept.co_organisers.all()),
        "can_be_changed": kept.can_be_changed,
        "can_be_asked": standing_request(kept).state in actions.ASKING,
        # The request cannot be changed any more, but its people can still be asked.
        "is_asked_only": not kept.can_be_changed and standing_request(kept).state in actions.ASKING,
        "parts": PARTS,
        "i_take_part": kept.speakers.filter(person=forum_request.person).exists(),
    }
    return render(request, "programme/speakers/people.html", context)


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
@edits(lambda speaker, **_: actions.lock_name(actions.SPEAKER, speaker))
def hours(request: HttpRequest, forum_request: ForumRequest, pk: int, speaker: int) -> HttpResponse:
    """Say when somebody can take part whom one names, or oneself."""
    kept = speakers.own_request(forum_request, pk)
    one = speakers.speaker_at(kept, speaker)
    days = {"first": forum_request.forum.starts_date, "last": forum_request.forum.ends_date}
    kind = AvailabilityForm if _is_mine(forum_request, one) else TheirAvailabilityForm
    said = one.availability
    form = kind(request.POST or None, initial=availability_as_typed(said), rows=spans_as_typed(said), **days)
    if ADD_ROW in request.POST:
        form = form.with_another_row()
    if request.method == "POST" and form.is_bound and form.is_valid():
        with refusals_shown_in(form):
            actions.say_when(
                forum_request=forum_request, request=kept, speaker=one, availability=form.availability()
            )
            messages.success(request, gettext("Kept."))
            return redirect(PEOPLE, forum_request.forum.slug, kept.pk)
    back = {"address": reverse(PEOPLE, args=[forum_request.forum.slug, kept.pk]), "name": gettext("People")}
    context = {"name": one.name, "back": back, "form": form, "zones": ZONES}
    return answer_form(request, "programme/speakers/speaker_hours.html", form, context)


def _is_mine(forum_request: ForumRequest, one: RequestSpeaker) -> bool:
    return forum_request.person is not None and one.person_id == forum_request.person.pk


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def new_speaker(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Name somebody to be heard; ask them at once if that button was pressed."""
    return _name(request, forum_request, speakers.own_request(forum_request, pk), None)


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
@edits(lambda speaker, **_: actions.lock_name(actions.SPEAKER, speaker))
def speaker(request: HttpRequest, forum_request: ForumRequest, pk: int, speaker: int) -> HttpResponse:
    """Say otherwise what somebody is asked."""
    kept = speakers.own_request(forum_request, pk)
    return _name(request, forum_request, kept, speakers.speaker_at(kept, speaker))


def _name(
    request: HttpRequest, forum_request: ForumRequest, kept: SessionRequest, one: RequestSpeaker | None
) -> HttpResponse:
    form = SpeakerForm(request.POST or None, initial=speaker_as_typed(one))
    if one is None:
        form.suggests()
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            named = actions.name_speaker(
                forum_request=forum_request, request=kept, naming=form.naming(), speaker=one
            )
            _ask_if_wanted(request, forum_request, kept, named)
            return redirect(PEOPLE, forum_request.forum.slug, kept.pk)
    context = {"kept": kept, "form": form, "speaker": one}
    return answer_form(request, "programme/speakers/name_person.html", form, context)


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def new_co_organiser(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Name a body or a person to organise with."""
    return _name_body(request, forum_request, speakers.own_request(forum_request, pk), None)


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
@edits(lambda organiser, **_: actions.lock_name(actions.ORGANISER, organiser))
def co_organiser(request: HttpRequest, forum_request: ForumRequest, pk: int, organiser: int) -> HttpResponse:
    """Say otherwise with whom one organises."""
    kept = speakers.own_request(forum_request, pk)
    return _name_body(request, forum_request, kept, speakers.co_organiser_at(kept, organiser))


def _name_body(
    request: HttpRequest, forum_request: ForumRequest, kept: SessionRequest, one: CoOrganiser | None
) -> HttpResponse:
    form = CoOrganiserForm(request.POST or None, initial=body_as_typed(one))
    if one is None:
        form.suggests()
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            named = actions.name_body(
                forum_request=forum_request, request=kept, naming=form.naming(), co_organiser=one
            )
            _ask_if_wanted(request, forum_request, kept, named)
            return redirect(PEOPLE, forum_request.forum.slug, kept.pk)
    context = {"kept": kept, "form": form, "co_organiser": one}
    return answer_form(request, "programme/speakers/name_person.html", form, context)


def _ask_if_wanted(
    request: HttpRequest, forum_request: ForumRequest, kept: SessionRequest, one: RequestSpeaker | CoOrganiser
) -> None:
    if "ask" not in request.POST:
        messages.success(request, gettext("Kept. They are not asked yet."))
        return
    with refusals_as_messages(request):
        actions.ask(forum_request=forum_request, request=kept, asked=one)
        messages.success(request, gettext("A letter with a link is on its way to them."))


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=("POST",))
def myself(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Take part oneself."""
    kept = speakers.own_request(forum_request, pk)
    part = request.POST.get("part", SPEAKING_PARTS[0])
    actions.name_myself(forum_request=forum_request, request=kept, part=part)
    return redirect(PEOPLE, forum_request.forum.slug, kept.pk)


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=("POST",))
def step(request: HttpRequest, forum_request: ForumRequest, pk: int) -> HttpResponse:
    """Ask somebody by letter or leave them out, as the button says."""
    kept = speakers.own_request(forum_request, pk)
    one = _one_of(request, kept)
    with refusals_as_messages(request):
        if "leave" in request.POST:
            actions.leave_out(forum_request=forum_request, request=kept, asked=one)
            messages.success(request, gettext("Left out. Their link answers nothing any more."))
        else:
            actions.ask(forum_request=forum_request, request=kept, asked=one)
            messages.success(request, gettext("A letter with a link is on its way to them."))
    return redirect(PEOPLE, forum_request.forum.slug, kept.pk)


def _one_of(request: HttpRequest, kept: SessionRequest) -> RequestSpeaker | CoOrganiser:
    for name, find in (("speaker", speakers.speaker_at), ("organiser", speakers.co_organiser_at)):
        number = request.POST.get(name, "")
        if number.isdecimal() and number.isascii():
            return find(kept, int(number[:18]))
    raise Refused(gettext("Please choose somebody on this page."), "person")


@forum_page(may=ANYONE, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
@edits(lambda token, **_: actions.lock_name_of(token))
def asked(request: HttpRequest, forum_request: ForumRequest, token: str) -> HttpResponse:
    """Show somebody what they are asked, and take down their answer. The link is all they need."""
    one = actions.asked_by(token, forum_request.forum.pk, forum_request.now)
    form = _reply_form(request, forum_request, one)
    if ADD_ROW in request.POST and isinstance(form, SpeakerReplyForm):
        form = form.with_another_row()
    refused = ""
    try:
        require_answerable(standing_request(one.request).state)
    except Refused as refusal:
        refused = str(refusal)
    if request.method == "POST" and not refused and form.is_valid():
        with refusals_shown_in(form):
            actions.answer(asked=one, reply=form.reply(), now=forum_request.now)
            messages.success(request, gettext("Thank you. Your answer is kept; you can change it here."))
            return redirect("programme:asked", forum_request.forum.slug, token)
    context = {
        "asked": one,
        "is_organiser": isinstance(one, CoOrganiser),
        "kept": one.request,
        "form": form,
        "refused": refused,
        "zones": ZONES,
    }
    response = answer_form(request, "programme/speakers/asked.html", form, context)
    # The address is the key: nobody in between keeps it. Every page tells it to pages of this house alone.
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _reply_form(
    request: HttpRequest, forum_request: ForumRequest, one: RequestSpeaker | CoOrganiser
) -> InvitationReplyForm:
    typed, initial = request.POST or None, reply_as_typed(one)
    if isinstance(one, CoOrganiser):
        return InvitationReplyForm(typed, initial=initial)
    form: Form = SpeakerReplyForm(
        typed,
        initial=initial,
        rows=spans_as_typed(hours_of_speaker(one).availability),
        first=forum_request.forum.starts_date,
        last=forum_request.forum.ends_date,
    )
    return form  # type: ignore[return-value]
