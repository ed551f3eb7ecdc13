"""Entries of the stocktaking: read before everybody sees them, kept with their history, asked for yearly."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from tests.page_text import tight

from muntada.evidence.initiatives import tasks as initiatives
from muntada.evidence.initiatives.actions import checks, yearly
from muntada.evidence.initiatives.actions import initiatives as initiatives_initiatives
from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.queries.initiatives import versions_of
from muntada.evidence.initiatives.rules import (
    READING_ROLES,
    InitiativeProgress,
    PublicationState,
    ResultFigure,
)
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.models import Symbol
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM, Actor

pytestmark = pytest.mark.django_db

BOTH = ["i/1", "evidence/initiatives", "evidence/initiatives/waiting", "i/1/edit"]
TYPED = {
    "title": "Village networks",
    "language": "en",
    "description": "Community networks in fifty villages.",
    "organisation": "Rural Link",
    "organisation_kind": "civil-society",
    "country": "KE",
    "also_in": ["UG", "TZ"],
    "scope": "regional",
    "activity": "infrastructure",
    "status": "ongoing",
    "starts_year": "2015",
}


def titles(page: str) -> list[str]:
    return re.findall(r"<h[23][^>]*><a [^>]*>(.*?)</a>", tight(page))


class TestReading:
    def test_before_it_is_published_only_its_author_and_readers_see_it(
        self, each_role, client_as, make_initiative
    ):
        made = make_initiative(is_published=False)
        for role, browser in each_role():
            is_reader = role in READING_ROLES
            assert browser.get("/wsis20/i/1").status_code == (200 if is_reader else 404)
            assert titles(browser.get("/wsis20/evidence/initiatives").content.decode()) == []
            assert client_as(person=made.registered_by).get("/wsis20/i/1").status_code == 200
            assert not Symbol.objects.get().is_public

    def test_the_secretariat_and_facilitators_publish_and_others_do_not(self, each_role, make_initiative):
        make_initiative(is_published=False)
        for role, browser in each_role(Role):
            status = browser.post("/wsis20/i/1/publish").status_code
            is_reader = role in READING_ROLES
            assert (status, Initiative.objects.get().standing) == (
                (302, PublicationState.PUBLISHED) if is_reader else (403, PublicationState.SUBMITTED)
            )

    def test_what_is_published_is_listed_found_and_its_author_told(
        self, client, client_as, make_initiative, make_person
    ):
        make_initiative(make_person(name="Amina Example"), is_published=False)
        client_as(Role.SECRETARIAT).post("/wsis20/i/1/publish")
        assert titles(client.get("/wsis20/evidence/initiatives?q=forty+villages").content.decode()) == [
            "Village networks"
        ]
        initiatives.send_news(initiative_id=Initiative.objects.get().pk)
        assert "Your initiative WSIS20/I/1 is published" in mail.outbox[-1].subject

    def test_one_that_is_sent_back_says_what_is_missing_and_waits_again_once_mended(
        self, client_as, make_initiative
    ):
        made = make_initiative(is_published=False)
        reader, author = client_as(Role.FACILITATOR), client_as(person=made.registered_by)
        assert reader.post("/wsis20/i/1/send-back", {"reason": " "}).status_code == 422
        assert reader.post("/wsis20/i/1/send-back", {"reason": "Who benefits?"}).status_code == 302
        assert "Who benefits?" in author.get("/wsis20/i/1").content.decode()
        initiatives.send_news(initiative_id=made.pk)
        assert "Who benefits?" in mail.outbox[-1].body
        assert author.post("/wsis20/i/1/edit", TYPED).status_code == 302
        made.refresh_from_db()
        assert (made.standing, made.returned_because) == (PublicationState.SUBMITTED, "")
        assert "Village networks" in reader.get("/wsis20/evidence/initiatives/waiting").content.decode()

    def test_it_is_read_once(self, make_initiative, now):
        made = make_initiative()
        with pytest.raises(Refused, match="done before"):
            checks.publish_initiative(initiative=made, actor=SYSTEM, now=now)
        with pytest.raises(Refused, match="waits to be read"):
            checks.send_back_initiative(initiative=made, reason="No", actor=SYSTEM, now=now)

    def test_a_role_claimed_but_not_held_publishes_nothing(self, make_initiative, make_person, now):
        made = make_initiative(is_published=False)
        claimed = Actor(make_person().pk, "secretariat", made.symbol.forum_id)
        with pytest.raises(NotAllowed):
            checks.publish_initiative(initiative=made, actor=claimed, now=now)

    def test_the_database_keeps_a_published_entry_with_its_time_and_a_returned_one_with_its_reason(
        self, make_initiative
    ):
        rows = Initiative.objects.filter(pk=make_initiative().pk)
        for change in ({"published_at": None}, {"standing": PublicationState.RETURNED}):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(**change)


class TestKeepingItTrue:
    def test_a_change_keeps_how_it_stood_before(self, client_as, make_initiative, forum, client):
        made = make_initiative()
        figures = {"figures-0-what": "Schools", "figures-0-value": "1 200,5", "figures-0-unit": "schools"}
        response = client_as(person=made.registered_by).post("/wsis20/i/1/edit", TYPED | figures)
        assert response.status_code == 302
        made.refresh_from_db()
        assert made.countries == ["KE", "UG", "TZ"]
        assert [(one.what, one.value) for one in made.figures.all()] == [("Schools", Decimal("1200.5"))]
        (version,) = versions_of(made)
        changed = {one.part: (one.before, one.after) for one in version.changes}
        assert changed["figures"] == ("", "Schools: 1200.5 schools")
        assert changed["description"][0] == "Community networks in forty villages."
        page = client.get("/wsis20/i/1").content.decode()
        assert "<del" in page
        assert "1,200.5" in page
        assert check_log(forum.pk).is_whole

    def test_of_others_only_the_secretariat_changes_it(self, each_role, make_initiative):
        make_initiative()
        for role, browser in each_role(Role):
            expected = 200 if role is Role.SECRETARIAT else 403
            assert browser.get("/wsis20/i/1/edit").status_code == expected
            assert (browser.post("/wsis20/i/1/confirm").status_code == 302) is (role is Role.SECRETARIAT)

    def test_a_number_that_cannot_be_is_refused_and_what_was_typed_stays(self, client_as, make_initiative):
        made = make_initiative()
        for row, sentence in [
            ({"figures-1-what": "Schools"}, "Row 1"),
            ({"figures-0-what": "A", "figures-0-value": "many", "figures-0-unit": "x"}, "is not a number"),
            ({"figures-0-what": "A", "figures-0-value": "NaN", "figures-0-unit": "x"}, "is not a number"),
            ({"figures-0-what": "A", "figures-0-value": "9" * 20, "figures-0-unit": "x"}, "is not a number"),
            (
                {
                    "figures-0-what": "A",
                    "figures-0-value": "1",
                    "figures-0-unit": "x",
                    "figures-0-year": "24",
                },
                "is not a year",
            ),
            ({"addresses": "ftp://one.example"}, "does not begin with https://"),
            ({"addresses": "https://a.example\n" * 6}, "At most 5"),
        ]:
            response = client_as(person=made.registered_by).post("/wsis20/i/1/edit", TYPED | row)
            page = response.content.decode()
            assert response.status_code == 422
            assert sentence in page
            for typed in row.values():
                assert typed.strip().split("\n")[0] in page
            assert not made.versions.exists()

    def test_thousands_are_read_as_people_write_them(self, client_as, make_initiative):
        made = make_initiative()
        someone = client_as(person=made.registered_by)
        for typed, value in (
            ("1,200", 1200),
            ("1 200", 1200),
            ("1,5", Decimal("1.5")),
            ("-3.25", Decimal("-3.25")),
        ):
            row = {"figures-0-what": "A", "figures-0-value": typed, "figures-0-unit": "x"}
            assert someone.post("/wsis20/i/1/edit", TYPED | row).status_code == 302
            assert made.figures.get().value == value

    def test_a_year_later_its_author_is_asked_once_and_can_say_it_is_true(self, make_initiative, now):
        made = make_initiative()
        later = now + timedelta(days=366)
        assert yearly.ask_authors(now=now + timedelta(days=300)) == 0
        assert yearly.ask_authors(now=later) == 1
        assert yearly.ask_authors(now=later + timedelta(days=1)) == 0
        assert "Village networks" in mail.outbox[-1].body
        author = Actor(made.registered_by_id, "participant", made.symbol.forum_id)
        initiatives_initiatives.confirm_initiative(initiative=made, actor=author, now=later)
        assert yearly.ask_authors(now=later + timedelta(days=364)) == 0
        assert yearly.ask_authors(now=later + timedelta(days=367)) == 1

    def test_nobody_is_asked_about_work_that_is_completed(self, make_initiative, now):
        make_initiative(status=InitiativeProgress.COMPLETED)
        assert yearly.ask_authors(now=now + timedelta(days=800)) == 0


class TestTheList:
    def test_it_is_narrowed_by_every_choice_and_counts_what_each_leaves(self, client, make_initiative):
        make_initiative(title="Fibre", also_in=("UG",), status=InitiativeProgress.COMPLETED)
        make_initiative(title="Radio", country="UG", figures=(ResultFigure("Voices", Decimal(7), "fishers"),))
        page = client.get("/wsis20/evidence/initiatives").content.decode()
        assert titles(page) == ["Radio", "Fibre"]
        for query, left in {
            "country=UG": ["Radio", "Fibre"],
            "country=KE": ["Fibre"],
            "status=completed": ["Fibre"],
            "q=fishers": ["Radio"],
            "kind=government": [],
            "order=title": ["Fibre", "Radio"],
            "status=%00": [],
        }.items():
            answer = client.get(f"/wsis20/evidence/initiatives?{query}")
            assert answer.status_code in {200, 400}
            assert titles(answer.content.decode()) == left

    def test_one_that_looks_like_it_is_shown_before_it_is_registered_again(self, client_as, make_initiative):
        make_initiative()
        someone = client_as()
        page = someone.post("/wsis20/evidence/register", TYPED).content.decode()
        assert "Is it one of these?" in page
        assert Initiative.objects.count() == 1
        assert someone.post("/wsis20/evidence/register", TYPED | {"is_another": "on"}).status_code == 302
        assert Initiative.objects.count() == 2

    def test_what_somebody_registered_is_theirs_to_find(self, client_as, make_initiative):
        mine = make_initiative(is_published=False)
        make_initiative(title="Radio")
        page = client_as(person=mine.registered_by).get("/wsis20/evidence/initiatives/mine").content.decode()
        assert titles(page) == ["Village networks"]
