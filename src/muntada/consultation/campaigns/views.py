"""Pages of campaigns."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.consultation.calls import queries as calls
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.calls.views.calls import call_context, typed
from muntada.consultation.campaigns import actions, queries
from muntada.consultation.campaigns.forms import CampaignForm
from muntada.consultation.contributions.queries import campaigns, contributions
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.pages import ANYONE, refusals_shown_in

PER_PAGE = 25


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def campaign_list(request: HttpRequest, forum_request: ForumRequest, slug: str) -> HttpResponse:
    """Show the campaigns of a call, the largest first."""
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    context = call_context(forum_request, card, "contributions") | {
        "page": Paginator(queries.campaigns_of(card.call), PER_PAGE).get_page(request.GET.get("page")),
        "campaigns": queries.campaigns_in(card.call),
    }
    return render(request, "consultation/campaigns/campaigns.html", context)


@forum_page(may=ANYONE, stage=Stage.CONSULTATION)
def campaign(request: HttpRequest, forum_request: ForumRequest, slug: str, pk: int) -> HttpResponse:
    """Show a campaign and its senders."""
    return _campaign_page(request, forum_request, slug, pk, None)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("POST",))
def name_campaign(request: HttpRequest, forum_request: ForumRequest, slug: str, pk: int) -> HttpResponse:
    """Name a campaign."""
    call = calls.card_at(forum_request.forum, slug, forum_request.now).call
    kept = campaigns.campaign_at(forum_request.forum, pk, call)
    form = CampaignForm(typed(request), initial={"name": kept.name})
    if form.is_valid():
        with refusals_shown_in(form):
            actions.name_campaign(
                campaign=kept,
                name=form.cleaned_data["name"],
                actor=forum_request.actor(*ANSWERING_ROLES),
                now=forum_request.now,
            )
            return redirect(kept)
    return _campaign_page(request, forum_request, slug, pk, form)


@forum_page(may=role(*ANSWERING_ROLES), stage=Stage.CONSULTATION, methods=("POST",))
def split(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Split a contribution from its campaign, or undo that."""
    kept = contributions.contribution_at(forum_request, number)
    actor = forum_request.actor(*ANSWERING_ROLES)
    if request.POST.get("step") == "return":
        back = actions.return_to_campaign(contribution=kept, actor=actor, now=forum_request.now)
        return redirect(back.campaign or kept)
    actions.split_from_campaign(contribution=kept, actor=actor, now=forum_request.now)
    messages.success(request, gettext("It stands alone now. Its campaign no longer counts it."))
    return redirect(kept)


def _campaign_page(
    request: HttpRequest, forum_request: ForumRequest, slug: str, pk: int, form: CampaignForm | None
) -> HttpResponse:
    card = calls.card_at(forum_request.forum, slug, forum_request.now)
    kept = campaigns.campaign_at(forum_request.forum, pk, card.call)
    members = queries.members_of(kept)
    context = call_context(forum_request, card, "contributions") | {
        "campaign": kept,
        "size": members.count(),
        "page": Paginator(members, PER_PAGE).get_page(request.GET.get("page")),
        "form": form or CampaignForm(initial={"name": kept.name}),
    }
    status = 422 if form is not None else 200
    return render(request, "consultation/campaigns/campaign.html", context, status=status)
