import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from muntada.people import actions
from muntada.people.models import Affiliation, Person
from muntada.people.rules import OrganisationKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def letters_stay_here(settings):
    cache.clear()
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


def test_a_known_person_signs_in_with_the_code_from_the_letter(client, make_person):
    person = make_person(language="fr")
    client.post(reverse("account_request_login_code"), {"email": person.email})
    (letter,) = mail.outbox
    assert letter.to == [person.email]
    code = next(
        word
        for word in letter.body.replace("\n", " ").split()
        if len(word) > 5 and word.upper() == word and "-" in word
    )
    answer = client.post(reverse("account_confirm_login_code"), {"code": code})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/", letter.body
    page = client.get("/account/me")
    assert page.status_code == 200, page.headers
    assert person.email in page.content.decode()


def test_a_wrong_code_signs_nobody_in(client, make_person):
    client.post(reverse("account_request_login_code"), {"email": make_person().email})
    answer = client.post(reverse("account_confirm_login_code"), {"code": "WRONG-CODE"})
    assert answer.status_code == 200
    assert client.get("/account/me").status_code == 302


def test_a_new_person_says_their_name_and_language_and_no_password(client):
    page = client.get(reverse("account_signup")).content.decode()
    assert "password" not in page.lower()
    client.post(
        reverse("account_signup"), {"email": "new@example.org", "name": "Nour Example", "language": "ar"}
    )
    person = Person.objects.get(email="new@example.org")
    assert (person.name, person.language) == ("Nour Example", "ar")
    assert not person.has_usable_password()


def test_a_sign_in_link_asks_once_before_it_signs_in(client, make_person, now, settings):
    person = make_person()
    token = actions.issue_sign_in_link(person=person, now=now, days=10_000)
    assert client.get(f"/account/link/{token}").status_code == 200
    assert client.get("/account/me").status_code == 302
    answer = client.post(f"/account/link/{token}", {"next": "/wsis20"})
    assert answer.headers["Location"] == "/wsis20"
    assert client.get("/account/me").status_code == 200


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "///elsewhere.example"],
)
def test_a_sign_in_link_leads_to_no_other_site(client, make_person, now, target):
    token = actions.issue_sign_in_link(person=make_person(), now=now, days=10_000)
    assert client.post(f"/account/link/{token}", {"next": target}).headers["Location"] == "/"


def test_a_sign_in_link_signs_in_once_and_that_of_an_invented_person_again(client, make_person, now):
    person, invented = make_person(), make_person()
    Person.objects.filter(pk=invented.pk).update(is_invented=True)
    for one, second in ((person, 404), (invented, 302)):
        token = actions.issue_sign_in_link(person=one, now=now, days=10_000)
        assert Client().post(f"/account/link/{token}").status_code == 302
        assert Client().post(f"/account/link/{token}").status_code == second


def test_an_unknown_link_is_answered_calmly(client):
    assert client.get("/account/link/guessed").status_code == 404


def test_a_person_changes_their_name_and_claims_an_organisation(client_as, make_person):
    person = make_person()
    client = client_as(person=person)
    client.post("/account/me", {"name": "Salma Example", "language": "ar", "country": "TN"})
    person.refresh_from_db()
    assert (person.name, person.language, person.country) == ("Salma Example", "ar", "TN")
    client.post(
        "/account/me/organisation",
        {"name": "جمعية المثال", "kind": OrganisationKind.CIVIL_SOCIETY.value, "country": "TN"},
    )
    assert Affiliation.objects.get(person=person).organisation.name == "جمعية المثال"
    assert "جمعية المثال" in client.get("/account/me").content.decode()


def test_what_is_typed_wrong_is_kept(client_as):
    answer = client_as().post("/account/me", {"name": "x" * 200, "language": "ar", "country": ""})
    assert answer.status_code == 422
    assert "x" * 200 in answer.content.decode()


def test_nobody_ends_the_affiliation_of_another(client_as, make_person, now):
    person = make_person()
    organisation = actions.register_organisation(
        name="Example", kind=OrganisationKind.OTHER, country="", language="en"
    )
    affiliation = actions.claim_affiliation(person=person, organisation=organisation, now=now)
    assert client_as().post(f"/account/affiliation/{affiliation.pk}/end").status_code == 404
    assert client_as().post(f"/account/affiliation/{affiliation.pk}/confirm").status_code == 403
    affiliation.refresh_from_db()
    assert affiliation.ended_at is None
    assert affiliation.vouched_at is None


@pytest.mark.parametrize("address", ["/account/me"])
def test_a_stranger_is_asked_to_sign_in_and_comes_back(client, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('account_login')}?next=%2Faccount%2Fme"


@pytest.mark.parametrize("credential", ["9" * 5000, "[" * 100, "no answer", "7"])
def test_what_is_no_answer_of_a_passkey_signs_nobody_in(client, db, credential):
    answer = client.post("/account/2fa/webauthn/login/", {"credential": credential})
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session
