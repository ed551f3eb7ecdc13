"""Entries that look the same: found over the whole stocktaking, decided by the secretariat, and undone."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.evidence.initiatives import task_types as initiatives
from muntada.evidence.initiatives import tasks as initiatives_tasks
from muntada.evidence.initiatives.actions import duplicates
from muntada.evidence.initiatives.models import DuplicateLook, Initiative, LikePair
from muntada.evidence.initiatives.rules import DECIDING_ROLES, DuplicateVerdict
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.models import Edge
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM, Actor

pytestmark = pytest.mark.django_db

PAGE = "/wsis20/evidence/initiatives/duplicates"


@pytest.fixture
def alike(make_initiative, make_person, forum, now) -> LikePair:
    """Two entries that say the same, one that does not, looked through."""
    make_initiative(title="Village networks for schools")
    make_initiative(make_person(name="Amina Example"), title="Vilage networks for schools")
    make_initiative(title="Prices of devices")
    assert duplicates.look_for_duplicates(forum=forum, now=now) == 1
    return LikePair.objects.get()


class TestLooking:
    def test_what_looks_the_same_is_kept_with_its_reasons(self, alike, client_as):
        assert (alike.first.symbol.number, alike.second.symbol.number) == (1, 2)
        page = client_as(Role.SECRETARIAT).get(PAGE).content.decode()
        assert "Vilage networks for schools" in page
        assert "The same organization leads both." in page
        assert "Prices of devices" not in page
        assert "3 entries" in page

    def test_looked_through_again_nothing_is_there_twice_and_what_was_decided_stays(self, alike, forum, now):
        duplicates.decide_different(pair=alike, actor=SYSTEM, now=now)
        assert duplicates.look_for_duplicates(forum=forum, now=now) == 1
        assert LikePair.objects.get().verdict == DuplicateVerdict.DIFFERENT

    def test_one_that_looks_otherwise_now_is_asked_about_no_more(self, alike, forum, now, client_as):
        Initiative.objects.filter(pk=alike.first_id).update(title="Something else altogether, indeed")
        assert duplicates.look_for_duplicates(forum=forum, now=now) == 0
        response = client_as(Role.SECRETARIAT).get(f"{PAGE}/{alike.pk}")
        assert response.status_code == 404
        with pytest.raises(Refused, match="found no more"):
            duplicates.decide_different(pair=alike, actor=SYSTEM, now=now)

    def test_it_is_ordered_once_by_a_button_and_each_night_where_something_came(
        self, make_initiative, client_as, now, forum
    ):
        make_initiative(title="Village networks for schools")
        make_initiative(title="Village networks for schools", country="")
        secretariat = client_as(Role.SECRETARIAT)
        for _ in range(2):
            assert secretariat.post(f"{PAGE}/look").status_code == 302
        assert ProcrastinateJob.objects.filter(task_name=initiatives.look_for_duplicates.name).count() == 1
        assert "being looked through now" in secretariat.get(PAGE).content.decode()
        initiatives_tasks.look_for_duplicates(forum_id=forum.pk)
        assert DuplicateLook.objects.get().entries == 2
        ProcrastinateJob.objects.all().delete()
        initiatives_tasks.order_looks(now=now + timedelta(days=1))
        assert ProcrastinateJob.objects.filter(task_name=initiatives.look_for_duplicates.name).count() == 1
        initiatives_tasks.order_looks(now=now + timedelta(days=9))
        assert ProcrastinateJob.objects.filter(task_name=initiatives.look_for_duplicates.name).count() == 1

    def test_the_list_asks_no_more_of_the_database_as_it_grows(self, make_initiative, client_as, forum, now):
        def queries() -> int:
            with CaptureQueriesContext(connection) as caught:
                assert secretariat.get(PAGE).status_code == 200
            return len(caught)

        secretariat = client_as(Role.SECRETARIAT)
        make_initiative(title="Village networks for schools")
        make_initiative(title="Village networks for schools")
        duplicates.look_for_duplicates(forum=forum, now=now)
        first = queries()
        make_initiative(title="Village networks for schools")
        assert duplicates.look_for_duplicates(forum=forum, now=now) == 3
        assert queries() == first


class TestDeciding:
    def test_only_the_secretariat_sees_and_decides(self, each_role, alike):
        for role, browser in each_role():
            may = role in DECIDING_ROLES
            for address in (PAGE, f"{PAGE}/{alike.pk}"):
                assert browser.get(address).status_code == (200 if may else 403 if role else 302)
            browser.post(f"{PAGE}/{alike.pk}/decide", {"decision": "different"})
            alike.refresh_from_db()
            assert alike.verdict == (DuplicateVerdict.DIFFERENT if may else DuplicateVerdict.OPEN)

    def test_the_same_one_is_withdrawn_points_to_the_other_and_its_author_is_told(
        self, alike, client, client_as, forum
    ):
        secretariat = client_as(Role.SECRETARIAT)
        page = secretariat.get(f"{PAGE}/{alike.pk}").content.decode()
        assert re.search(r"keep I/1", page)
        answer = secretariat.post(f"{PAGE}/{alike.pk}/decide", {"decision": alike.first_id})
        assert answer.status_code == 302
        gone = client.get("/wsis20/i/2").content.decode()
        assert "another entry says the same" in gone
        assert 'href="/wsis20/i/1"' in gone
        assert "Vilage" not in client.get("/wsis20/evidence/initiatives").content.decode()
        assert Edge.objects.get().relation == "merged-from"
        initiatives_tasks.send_same(pair_id=alike.pk)
        assert "stands in the stocktaking as WSIS20/I/1" in mail.outbox[-1].subject
        assert check_log(forum.pk).is_whole

    def test_it_can_be_undone_and_both_stand_as_before(self, alike, client, client_as):
        secretariat = client_as(Role.SECRETARIAT)
        secretariat.post(f"{PAGE}/{alike.pk}/decide", {"decision": alike.first_id})
        assert "Village networks" in secretariat.get(f"{PAGE}?show=decided").content.decode()
        assert secretariat.post(f"{PAGE}/{alike.pk}/decide", {"decision": "undo"}).status_code == 302
        alike.refresh_from_db()
        assert (alike.verdict, alike.kept, alike.decided_at) == (DuplicateVerdict.OPEN, None, None)
        found = client.get("/wsis20/evidence/initiatives?q=vilage+forty").content.decode()
        assert "Vilage" in re.sub("<.*?>", "", found)
        assert not Edge.objects.exists()
        initiatives_tasks.send_same(pair_id=alike.pk)
        assert mail.outbox == []

    @pytest.mark.parametrize("wish", ["", "0", "9" * 30, "keep", "٣"])
    def test_what_is_no_decision_is_refused_with_a_sentence(self, wish, alike, client_as):
        answer = client_as(Role.SECRETARIAT).post(f"{PAGE}/{alike.pk}/decide", {"decision": wish})
        assert answer.status_code == 422
        assert "which of the two entries" in answer.content.decode()

    def test_it_is_decided_once(self, alike, now):
        with pytest.raises(Refused, match="nothing can be undone"):
            duplicates.undo_decision(pair=alike, actor=SYSTEM, now=now)
        duplicates.decide_same(pair=alike, keep=alike.second_id, actor=SYSTEM, now=now)
        with pytest.raises(Refused, match="decided before"):
            duplicates.decide_different(pair=alike, actor=SYSTEM, now=now)

    def test_an_entry_withdrawn_meanwhile_is_not_given_up_again(self, alike, now):
        Initiative.objects.filter(pk=alike.first_id).update(withdrawn_at=now)
        with pytest.raises(Refused, match="withdrawn meanwhile"):
            duplicates.decide_same(pair=alike, keep=alike.second_id, actor=SYSTEM, now=now)

    def test_a_role_claimed_for_something_else_decides_nothing(self, alike, make_person, now):
        participant = Actor(make_person().pk, "participant", alike.first.symbol.forum_id)
        with pytest.raises(NotAllowed):
            duplicates.decide_different(pair=alike, actor=participant, now=now)

    def test_a_pair_of_another_forum_is_not_there(self, alike, client_as, other_forum):
        address = PAGE.replace("wsis20", other_forum.slug)
        assert client_as(Role.SECRETARIAT).get(f"{address}/{alike.pk}").status_code in {403, 404}

    def test_the_database_keeps_pairs_in_order_and_decisions_whole(self, alike, now):
        rows = LikePair.objects.filter(pk=alike.pk)
        third = Initiative.objects.get(title="Prices of devices").pk
        for change in (
            {"verdict": DuplicateVerdict.SAME, "decided_at": now},
            {"verdict": DuplicateVerdict.SAME, "decided_at": now, "kept": third},
            {"verdict": DuplicateVerdict.DIFFERENT},
            {"first": alike.second_id, "second": alike.first_id},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(**change)


def test_whoever_registers_what_is_there_is_shown_it_with_the_reasons(client_as, make_initiative):
    make_initiative(title="Village networks for schools", organisation="Ministry of Schools")
    typed = {
        "title": "Village networks for schools",
        "language": "en",
        "description": "Networks.",
        "organisation": "Rural Link",
        "organisation_kind": "civil-society",
        "country": "KE",
        "scope": "national",
        "activity": "infrastructure",
        "status": "ongoing",
    }
    page = client_as().post("/wsis20/evidence/register", typed).content.decode()
    assert "Is it one of these?" in page
    assert "The titles are the same." in page
    assert "Both are done in the same country." in page
    assert Initiative.objects.count() == 1
