"""Pages of request forms, for the secretariat."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from muntada.consultation.calls.forms.calls import question_set_form, questions_as_typed
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.errors import NotThere
from muntada.foundations.pages import refusals_shown_in
from muntada.people.rules import Role
from muntada.programme.requests.actions import request_forms as actions
from muntada.programme.requests.forms import RequestTermsForm, terms_as_typed
from muntada.programme.requests.queries import request_forms as forms
from muntada.programme.sessions.rules import SESSION_KIND_NAMES, SessionKind

PREFIX = "questions"


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME)
def request_forms(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """List the forms by kind and version."""
    return render(
        request, "programme/requests/request_forms.html", {"kinds": forms.forms_of(forum_request.forum)}
    )


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=("GET", "HEAD", "POST"))
def request_form(request: HttpRequest, forum_request: ForumRequest, kind: str) -> HttpResponse:
    """Edit the next version of a form; publish or delete it."""
    if kind not in {one.value for one in SessionKind}:
        raise NotThere(gettext("There is no such kind of session."), "kind")
    prepared = forms.form_prepared(forum_request.forum, kind)
    begun = prepared or forms.form_asked(forum_request.forum.pk, kind)
    items = begun.items if begun else []
    data = request.POST or None
    form = RequestTermsForm(data, initial=terms_as_typed(begun), languages=forum_request.forum.languages)
    more = 1 if request.method == "POST" or request.GET.get("more") or not items else 0
    questions = question_set_form(more)(
        data,
        initial=questions_as_typed(items),
        form_kwargs={"languages": forum_request.forum.languages},
        prefix=PREFIX,
    )
    if request.method == "POST":
        step = request.POST.get("step", "")
        if step == "drop" and prepared is not None:
            actions.drop_form(
                form=prepared, actor=forum_request.actor(Role.SECRETARIAT), now=forum_request.now
            )
            messages.success(request, gettext("The prepared version was dropped."))
            return redirect("programme:request_forms", forum_request.forum.slug)
        if form.is_valid() and questions.is_valid():
            asked = questions.questions(
                forms.codes_ever(forum_request.forum, kind), [item["code"] for item in items]
            )
            with refusals_shown_in(form):
                return _keep(request, forum_request, kind, form.plan(asked), step)
    context = {
        "kind": kind,
        "kind_name": SESSION_KIND_NAMES[SessionKind(kind)],
        "form": form,
        "questions": questions,
        "prepared": prepared,
        "asked": forms.form_asked(forum_request.forum.pk, kind),
    }
    is_wrong = request.method == "POST" and (bool(form.errors) or not questions.is_valid())
    return render(request, "programme/requests/request_form.html", context, status=422 if is_wrong else 200)


def _keep(
    request: HttpRequest, forum_request: ForumRequest, kind: str, plan: actions.FormPlan, step: str
) -> HttpResponse:
    actor = forum_request.actor(Role.SECRETARIAT)
    made = actions.prepare_form(
        forum=forum_request.forum, kind=kind, plan=plan, actor=actor, now=forum_request.now
    )
    if step == "publish":
        actions.publish_form(form=made, actor=actor, now=forum_request.now)
        sentence = gettext("Version %(version)s is asked from now on. What was submitted stays as it is.")
        messages.success(request, sentence % {"version": made.version})
        return redirect("programme:request_forms", forum_request.forum.slug)
    messages.success(request, gettext("Kept. Nobody is asked this until you publish it."))
    address = reverse("programme:request_form", args=[forum_request.forum.slug, kind])
    return redirect(f"{address}?more=1#last" if step == "more" else address)
