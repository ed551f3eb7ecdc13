"""Where a forum reviews without names, nobody reads who asks until it is decided."""

import re

import pytest
from django.core import mail
from django.test import Client

from muntada.forums.merging.rules import Joint
from muntada.people.models import Affiliation, Organisation
from muntada.people.rules import Role
from muntada.programme.decisions import actions as decisions
from muntada.programme.decisions.actions import DecisionReason
from muntada.programme.merging import actions as merging
from muntada.programme.merging.actions import JointRequest
from muntada.programme.requests.actions import request_changes
from muntada.programme.requests.actions.requests import NewRequest
from muntada.programme.requests.models.speakers import CoOrganiser, RequestSpeaker
from muntada.programme.reviews import actions as reviews
from muntada.programme.reviews.rules import Criterion, ReviewRules
from muntada.record.rules import SYSTEM

CRITERIA = (Criterion("k1", {"en": "Fits the forum"}, 1),)
NAMES = ("Amina Diallo", "Example Union", "Hana Novak", "Ravi Menon", "Delta Institute")
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
    co_organiser = {"name": NAMES[3], "body": NAMES[4], "kind": "academia", "country": "CH"}
    CoOrganiser.objects.create(request=request, answer="yes", **co_organiser)
    return request


@pytest.fixture
def review_blind(forum, now):
    def make(*, is_blind: bool = True):
        terms = ReviewRules(CRITERIA, is_blind=is_blind)
        return reviews.set_terms(forum=forum, terms=terms, due_date=None, actor=SYSTEM, now=now)

    return make


def names_read(client: Client) -> set[str]:
    answers = [client.get(page) for page in PAGES]
    assert [one.status_code for one in answers] == [200] * len(PAGES)
    return {name for name in NAMES for one in answers if name in one.content.decode()}


def test_no_page_names_who_asks_before_the_decision(each_role, asked, review_blind):
    review_blind()
    for _, browser in each_role(OTHERS):
        assert 'id="who-asks-is-hidden"' in browser.get("/wsis20/p/1").content.decode()
        assert names_read(browser) == set()


def test_the_author_and_the_secretariat_read_the_names(asked, review_blind, client_as):
    review_blind()
    for client in (client_as(person=asked.author), client_as(Role.SECRETARIAT)):
        page = client.get("/wsis20/p/1").content.decode()
        # Beside a body its person is not named.
        assert {name for name in NAMES if name not in page} == {"Ravi Menon"}


def test_after_the_decision_everybody_reads_who_asked(asked, review_blind, client, now):
    review_blind()
    decisions.decline_request(request=asked, reason=DecisionReason("Too late."), actor=SYSTEM, now=now)
    assert set(NAMES[:2]) <= names_read(client)


def test_a_forum_that_reviews_with_names_shows_them_all_along(asked, review_blind, client):
    review_blind(is_blind=False)
    assert set(NAMES[:2]) <= names_read(client)


@pytest.fixture
def much_happened(asked, review_blind, submitted, request_as, make_person, now):
    """The request was changed, is to be joined with another one, and is being reviewed."""
    review_blind()
    author = request_as(person=asked.author)
    Affiliation.objects.create(
        person=asked.author, organisation=asked.organisation, claimed_at=now, vouched_at=now
    )
    new = NewRequest(
        title="Hamlets too",
        description="About Hamlets.",
        language="en",
        organisation_id=asked.organisation_id,
        audience=20,
    )
    request_changes.resubmit_request(forum_request=author, request=asked, new=new)
    other = submitted("Towns", author=make_person(name="Somebody Else"))
    joint = JointRequest(Joint("Hamlets and towns", "Both.", "en"))
    merging.propose_joining(forum_request=author, request=asked, other=other, joint=joint)
    reviewer = make_person(Role.REVIEWER, name="Reviewer")
    reviews.ask_reviewer(request=asked, reviewer=reviewer, actor=SYSTEM, now=now)
    return reviewer


def pages_reached(client: Client) -> dict[str, str]:
    """Return all that can be reached from the forum: pages, feeds, tables, calendars, the interface."""
    waiting = [
        *PAGES,
        *(f"/wsis20/search?q={name.replace(' ', '+')}" for name in NAMES),
        "/wsis20/p/1/review",
    ]
    read: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        if address in read or "/logout" in address or "lang=" in address:
            continue
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        read[address] = content.decode(errors="replace")
        if "html" in answer.headers.get("Content-Type", ""):
            links = re.findall(r'(?:href|data-[a-z]+)="(/[^"#]*)', read[address])
            waiting += [link.replace("&amp;", "&") for link in links if not link.startswith("/static/")]
    return read


def named_in(address: str, content: str) -> set[str]:
    """Return whom a page names, but for the words somebody looked for."""
    return {name for name in NAMES if name in content and f"q={name.replace(' ', '+')}" not in address}


@pytest.mark.long
@pytest.mark.parametrize("role", ["reviewer", "visitor", "participant"])
def test_nothing_that_can_be_reached_names_who_asks(much_happened, client_as, role):
    clients = {
        "reviewer": lambda: client_as(person=much_happened),
        "visitor": Client,
        "participant": client_as,
    }
    read = pages_reached(clients[role]())
    assert len(read) > 30
    found = {address: named_in(address, content) for address, content in read.items()}
    assert {address: names for address, names in found.items() if names} == {}
    for name in NAMES:
        assert "Hamlets" not in read[f"/wsis20/search?q={name.replace(' ', '+')}"]


@pytest.mark.long
def test_what_looks_for_names_finds_them_where_a_forum_reviews_with_names(much_happened, review_blind):
    review_blind(is_blind=False)
    named = [named_in(address, content) for address, content in pages_reached(Client()).items()]
    assert set(NAMES) - set().union(*named) == {"Ravi Menon"}


def test_no_letter_to_a_reviewer_names_who_asks(
    much_happened, django_capture_on_commit_callbacks, forum, now
):
    with django_capture_on_commit_callbacks(execute=True):
        reviews.remind_reviewers(forum=forum, actor=SYSTEM, now=now)
    letters = [one for one in mail.outbox if much_happened.email in one.to]
    assert letters
    assert {name for name in NAMES for one in letters if name in f"{one.subject} {one.body}"} == set()
