from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.pages import ANYONE, SIGNED_IN, answer_form, page
from muntada.people import actions, queries
from muntada.people.forms import AffiliationForm, ProfileForm
from muntada.people.models import Affiliation, Person
from muntada.people.rules import OrganisationKind

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@page(may=SIGNED_IN, methods=("GET", "HEAD", "POST"))
def account(request: HttpRequest) -> HttpResponse:
    """Show and edit a person's own data."""
    person = _person(request)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("Your changes are saved."))
        return redirect("people:account")
    context = {
        "form": form,
        "affiliations": queries.affiliations_of(person),
        "waiting": queries.waiting_for(person),
        "roles": queries.roles_everywhere(person),
        "asked": queries.withdrawal_of(person),
        "affiliation_form": AffiliationForm(),
    }
    return answer_form(request, "people/account.html", form, context)


@page(may=SIGNED_IN, methods=("GET", "HEAD", "POST"))
def withdraw_name(request: HttpRequest) -> HttpResponse:
    """Explain what withdrawing a name affects; request or cancel it."""
    person = _person(request)
    if request.method == "POST":
        if "keep" in request.POST:
            actions.keep_name(person=person)
            messages.success(request, gettext("Your name stays."))
        else:
            actions.ask_to_withdraw_name(person=person, now=timezone.now())
            messages.success(request, gettext("You asked that your name be withdrawn."))
        return redirect("people:withdraw_name")
    return render(request, "people/withdraw_name.html", {"asked": queries.withdrawal_of(person)})


@page(may=SIGNED_IN, methods=("POST",))
def claim(request: HttpRequest) -> HttpResponse:
    """Claim an affiliation."""
    person = _person(request)
    form = AffiliationForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        organisation = actions.register_organisation(
            name=data["name"],
            kind=OrganisationKind(data["kind"]),
            country=data["country"],
            language=person.language,
            is_international_headquarters=data["is_international_headquarters"],
        )
        actions.claim_affiliation(person=person, organisation=organisation, now=timezone.now())
        return redirect("people:account")
    context = {
        "form": ProfileForm(instance=person),
        "affiliations": queries.affiliations_of(person),
        "waiting": queries.waiting_for(person),
        "roles": queries.roles_everywhere(person),
        "asked": queries.withdrawal_of(person),
        "affiliation_form": form,
    }
    return render(request, "people/account.html", context, status=422)


@page(may=SIGNED_IN, methods=("POST",))
def vouch(request: HttpRequest, affiliation: int) -> HttpResponse:
    """Confirm an affiliation as focal point."""
    kept = Affiliation.objects.select_related("organisation").filter(pk=affiliation, ended_at=None).first()
    if kept is None:
        raise NotThere(gettext("This person is not waiting any more."), "affiliation")
    actions.vouch_for(affiliation=kept, voucher=_person(request), now=timezone.now())
    messages.success(request, gettext("Confirmed."))
    return redirect("people:account")


@page(may=SIGNED_IN, methods=("POST",))
def leave(request: HttpRequest, affiliation: int) -> HttpResponse:
    """End one's own affiliation."""
    person = _person(request)
    kept = Affiliation.objects.filter(pk=affiliation, person=person, ended_at=None).first()
    if kept is None:
        raise NotThere(gettext("This affiliation has already ended."), "affiliation")
    actions.end_affiliation(affiliation=kept, person=person, now=timezone.now())
    return redirect("people:account")


@page(may=ANYONE, methods=("GET", "HEAD", "POST"))
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a link after a confirmation, since mail programs follow links by themselves."""
    now = timezone.now()
    if request.method == "POST":
        person = actions.use_sign_in_link(token=token, now=now)
        login(request, person, backend=BACKEND)
        # Recorded as django-allauth records its own methods: a passkey can be added right after.
        record_authentication(request, person, method="link")
        return redirect(_next(request))
    person = actions.follow_sign_in_link(token=token, now=now)
    return render(request, "people/link.html", {"person": person, "next": _next(request)})


@page(may=ANYONE)
def no_passwords(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Lead people who look for a password to codes and passkeys."""
    return redirect("account_login")


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or "/"
    # Browsers treat more than two slashes as another site, so Django decides.
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else "/"


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise Refused(gettext("Please sign in to go on."), "sign-in")
    return request.user
