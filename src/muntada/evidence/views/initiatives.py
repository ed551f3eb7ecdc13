from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from muntada.evidence.actions import initiatives as actions
from muntada.evidence.forms.initiatives import InitiativeForm
from muntada.evidence.queries import initiatives as queries
from muntada.evidence.rules.initiatives import may_withdraw
from muntada.forums.queries import Here, goals_of, is_open, lines_of
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import Refused
from muntada.foundations.pages import ANYONE, SIGNED_IN, answer_form, put_refusal
from muntada.people.queries import organisations_of
from muntada.people.rules import Role
from muntada.record.queries import trace_panels


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=("GET", "HEAD", "POST"))
def register(request: HttpRequest, here: Here) -> HttpResponse:
    """Register an initiative; what was typed stays when it is refused."""
    form = InitiativeForm(
        request.POST or None,
        lines=lines_of(here.forum),
        goals=goals_of(here.forum),
        initial=_known_of(here),
    )
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.register_initiative(
                forum=here.forum, actor=here.actor(Role.PARTICIPANT), new=form.initiative(), now=here.now
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            return redirect(done.initiative)
    context = {"form": form, "is_open": is_open(here.forum, Stage.EVIDENCE, here.now)}
    return answer_form(request, "evidence/register.html", form, context)


def _known_of(here: Here) -> dict[str, object]:
    """Fill in what the house knows of the person already."""
    known: dict[str, object] = {"language": get_language()}
    organisation = next(iter(organisations_of(here.person)), None) if here.person else None
    if organisation:
        known["organisation"] = organisation.name
        known["organisation_kind"] = organisation.kind
        known["organisation_country"] = known["country"] = organisation.country
    return known


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def initiative(request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.initiative_at(here.forum, number)
    person_id = here.person.pk if here.person else None
    is_own = person_id is not None and kept.registered_by_id == person_id
    may = may_withdraw(registered_by=kept.registered_by_id, person_id=person_id, roles=here.roles)
    context = {
        "initiative": kept,
        "may_withdraw": may and not kept.withdrawn_at,
        "receipt": queries.receipt_of(kept) if is_own else None,
    }
    return render(request, "evidence/initiative.html", context | trace_panels(kept.symbol))


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=("POST",))
def withdraw(_request: HttpRequest, here: Here, number: int) -> HttpResponse:
    kept = queries.initiative_at(here.forum, number)
    actions.withdraw_initiative(
        initiative=kept, actor=here.actor(Role.SECRETARIAT, Role.PARTICIPANT), now=here.now
    )
    return redirect(kept)
