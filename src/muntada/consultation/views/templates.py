"""Words for replies that come again, kept by those who answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.consultation.actions import templates as actions
from muntada.consultation.forms.replies import TemplateForm
from muntada.consultation.models import ReplyTemplate
from muntada.consultation.queries import replies
from muntada.consultation.rules.calls import ANSWERING_ROLES
from muntada.consultation.views.calls import typed
from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.errors import Refused
from muntada.foundations.pages import answer_form, put_refusal


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION)
def template_list(request: HttpRequest, here: Here) -> HttpResponse:
    """Show all reply templates of the forum, those retired last."""
    kept = sorted(
        replies.templates_of(here.forum, with_retired=True), key=lambda one: one.retired_at is not None
    )
    return render(request, "consultation/reply_templates.html", {"kept": kept})


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("GET", "HEAD", "POST"))
def new_template(request: HttpRequest, here: Here) -> HttpResponse:
    """Keep words for a reply that comes again."""
    return _template_page(request, here, None)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("GET", "HEAD", "POST"))
def edit_template(request: HttpRequest, here: Here, pk: int) -> HttpResponse:
    """Say a template better."""
    return _template_page(request, here, replies.template_at(here.forum, pk))


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("POST",))
def retire_template(request: HttpRequest, here: Here, pk: int) -> HttpResponse:
    """Offer a template no longer, or again."""
    template = replies.template_at(here.forum, pk)
    actor = here.actor(*ANSWERING_ROLES)
    if template.retired_at is None:
        actions.retire_template(template=template, actor=actor, now=here.now)
        messages.success(request, gettext("The template is retired. You can bring it back."))
    else:
        actions.bring_back_template(template=template, actor=actor, now=here.now)
        messages.success(request, gettext("The template is offered again."))
    return redirect("consultation:reply_templates", here.forum.slug)


def _template_page(request: HttpRequest, here: Here, template: ReplyTemplate | None) -> HttpResponse:
    form = TemplateForm(typed(request), languages=here.forum.languages, template=template)
    if template is None:
        form.suggests()
    if request.method == "POST" and form.is_valid():
        actor = here.actor(*ANSWERING_ROLES)
        try:
            if template is None:
                actions.make_template(forum=here.forum, words=form.words(), actor=actor, now=here.now)
            else:
                actions.edit_template(template=template, words=form.words(), actor=actor, now=here.now)
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, gettext("The template is kept."))
            return redirect("consultation:reply_templates", here.forum.slug)
    context = {"form": form, "template": template}
    return answer_form(request, "consultation/reply_template.html", form, context)
