"""Where a forum reviews without names, nobody reads who asks until it is decided."""

import pytest
from django.test import Client

from muntada.people.models import Organisation
from muntada.people.rules import Role
from muntada.programme.actions import decisions, reviews
from muntada.programme.actions.decisions import Reason
from muntada.programme.models import RequestSpeaker
from muntada.programme.rules.reviews import Criterion, Terms
from muntada.record.rules import SYSTEM

CRITERIA = (Criterion("k1", {"en": "Fits the forum"}, 1),)
NAMES = ("Amina Diallo", "Example Union", "Hana Novak")
PAGES = (
    "/wsis20/p/1",
    "/wsis20/programme/requests",
    "/wsis20/programme/demand",
    "/wsis20/programme",
    "/wsis20/search?q=Hamlets",
    "/wsis20/log",
    "/wsis20/p/1/trace",
    "/api/trace/WSIS20/P/1",
)
OTHERS = [None, Role.REVIEWER, Role.MODERATOR, Role.PARTICIPANT]


@pytest.fixture
def asked(forum, submitted, make_person):
    author = make_person(name=NAMES[0])
    request = submitted("Hamlets", author=author)
    request.organisation = Organisation.objects.create(name=NAMES[1], kind="academia", country="CH")
    request.save(update_fields=["organisation"])
    RequestSpeaker.objects.create(request=request, name=NAMES[2], position=1, answer="yes")
    return request


@pytest.fixture
def review_blind(forum, now):
    def make(*, is_blind: bool = True):
        terms = Terms(CRITERIA, is_blind=is_blind)
        return reviews.set_terms(forum=forum, terms=terms, due_date=None, actor=SYSTEM, now=now)

    return make


def names_read(client: Client) -> set[str]:
    answers = [client.get(page) for page in PAGES]
    assert [one.status_code for one in answers] == [200] * len(PAGES)
    return {name for name in NAMES for one in answers if name in one.content.decode()}


@pytest.mark.parametrize("role", OTHERS)
def test_no_page_names_who_asks_before_the_decision(asked, review_blind, client_as, role):
    review_blind()
    client = client_as(role) if role else Client()
    assert 'id="who-asks-is-hidden"' in client.get("/wsis20/p/1").content.decode()
    assert names_read(client) == set()


def test_the_author_and_the_secretariat_read_the_names(asked, review_blind, client_as):
    review_blind()
    for client in (client_as(person=asked.author), client_as(Role.SECRETARIAT)):
        page = client.get("/wsis20/p/1").content.decode()
        assert [name for name in NAMES if name not in page] == []


def test_after_the_decision_everybody_reads_who_asked(asked, review_blind, client, now):
    review_blind()
    decisions.decline_request(request=asked, reason=Reason("Too late."), actor=SYSTEM, now=now)
    assert set(NAMES[:2]) <= names_read(client)


def test_a_forum_that_reviews_with_names_shows_them_all_along(asked, review_blind, client):
    review_blind(is_blind=False)
    assert set(NAMES[:2]) <= names_read(client)
