"""Whoever has no right to do something is told so, and not what is wrong in the fields of its form."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from house.test_forms_of_the_demo import (  # noqa: F401  (fixtures)
    BACKEND,
    VISITOR,
    Found,
    browser_of,
    demo,
    filled_in,
    forms_found,
    people,
    secretary,
)
from muntada.consultation.contributions.models import Contribution
from muntada.evidence.initiatives.models import Initiative
from muntada.foundations.pages import ANYONE
from muntada.people.models import Person

pytestmark = pytest.mark.slow

REFUSED_FIELDS, BROKEN = 422, 500
FEWEST_FORMS = 60
# What is for everybody who is signed in: nobody is without a right here, and what is wrong is said.
FOR_EVERYBODY = {
    "people:account",
    "people:claim",
    "consultation:write",
    "evidence:enter_partnering",
    "evidence:register",
    "evidence:introduce",
    "meeting:ask",
    "programme:new_request",
}


@pytest.fixture
def authors(people) -> list[Person]:  # noqa: F811
    """Those whose forms they are: the secretariat, and who wrote a request, an initiative, a contribution."""
    one = Initiative.objects.exclude(registered_by=None).select_related("registered_by")[0].registered_by
    other = Contribution.objects.exclude(author=None).select_related("author")[0].author
    return [*(person for who, person in people.items() if who != VISITOR), one, other]


def guarded_forms_of(authors: list[Person]) -> list[Found]:
    """Return one of each kind that needs somebody who is signed in, at least."""
    found = {form.kind: form for person in authors for form in forms_found(browser_of(person))}
    permission = {
        kind: getattr(resolve(form.address.partition("?")[0]).func, "permission", ANYONE.name)
        for kind, form in found.items()
    }
    return [form for kind, form in found.items() if permission[kind] != ANYONE.name]


def stranger() -> Client:
    person = Person.objects.create_user("stranger@example.org", name="Stranger")
    client = Client(raise_request_exception=False)
    client.force_login(person, backend=BACKEND)
    return client


def test_who_has_no_right_is_told_so_whatever_they_send(authors):
    faults, forms = [], guarded_forms_of(authors)
    assert {form.kind[0] for form in forms} >= FOR_EVERYBODY
    for form in forms:
        if form.kind[0] in FOR_EVERYBODY:
            continue
        for fields in ({}, form.sent(), filled_in(form)):
            with transaction.atomic():
                answer = stranger().post(form.address, fields)
                transaction.set_rollback(True)
            if answer.status_code in {REFUSED_FIELDS, BROKEN}:
                faults.append((form.kind[0], form.address, answer.status_code))
    assert sorted(set(faults)) == []
    assert len(forms) >= FEWEST_FORMS
