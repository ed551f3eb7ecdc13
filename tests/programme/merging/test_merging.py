"""Asking for two sessions as one: by the consent of both authors, with the roles split, undone in time."""

from dataclasses import replace

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.forums.merging.rules import Joint
from muntada.foundations.errors import NotAllowed
from muntada.people.rules import Role
from muntada.programme.decisions import actions as decisions
from muntada.programme.merging import actions as merging
from muntada.programme.merging import tasks as merging_tasks
from muntada.programme.merging.actions import JointRequest, withdraw_request
from muntada.programme.merging.adapter import near_pairs, near_to
from muntada.programme.releases.actions import publish_release
from muntada.programme.requests.actions.requests import NewRequest, NewSpeaker, save_request, submit_request
from muntada.programme.requests.models.merging import RequestMerge
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.queries.request_facts import facts_of_all
from muntada.programme.speakers.actions import speakers
from muntada.programme.timetable.actions import timetable_runs
from muntada.programme.timetable.models import Timetable
from muntada.record.models import LogEntry
from muntada.record.queries import rests_on
from muntada.record.rules import SYSTEM

VILLAGES = "Community networks bring the internet to villages that no company connects."
JOINT = JointRequest(Joint("Rural access", "What both want to say.", "en"), "second")


@pytest.fixture
def two(request_as, make_person):
    """Two submitted requests with their authors' places."""

    def make(title, speaker):
        forum_request = request_as(person=make_person(name=f"Author of {title}"))
        new = NewRequest(
            title,
            VILLAGES,
            "en",
            speakers=[NewSpeaker(speaker, part="moderator")],
            line_codes=["C2"],
            minutes=60 if title == "Villages" else 90,
        )
        submit_request(
            forum_request=forum_request, request=save_request(forum_request=forum_request, new=new)
        )
        return forum_request, SessionRequest.objects.get(title=title)

    return make("Villages", "Amina"), make("Hamlets", "Omar")


@pytest.fixture
def proposed(two):
    (forum_request, first), (_, second) = two
    parts = {second.speakers.get().pk: "speaker"}
    return merging.propose_joining(
        forum_request=forum_request, request=first, other=second, joint=replace(JOINT, parts=parts)
    )


@pytest.fixture
def joined(two, proposed):
    (_, _), (other, _) = two
    return merging.consent_to_joining(forum_request=other, merge=proposed)


def states():
    return list(SessionRequest.objects.order_by("pk").values_list("state", flat=True))


def test_what_asks_for_the_same_is_found(two, forum):
    (_, first), (_, second) = two
    assert [one.request_id for one in near_to(first)] == [second.pk]
    (pair,) = near_pairs(forum)
    assert {pair.one_id, pair.other_id} == {first.pk, second.pk}


def test_with_both_consents_one_joint_request_rests_on_both(two, joined, forum):
    joint = joined.joint
    assert states() == ["joined", "joined", "submitted"]
    assert (joint.symbol.short, joint.minutes, joint.author) == ("P/3", 90, two[1][0].person)
    assert [(line.symbol, line.relation_here) for line in rests_on(joint.symbol)] == [
        ("WSIS20/P/1", "was merged from"),
        ("WSIS20/P/2", "was merged from"),
    ]
    assert joint.versions.count() == 1
    (facts,) = facts_of_all(forum)
    assert [(one.name, one.part) for one in facts.people] == [("Omar", "speaker"), ("Amina", "moderator")]
    assert [body.name for body in facts.bodies] == ["Author of Hamlets", "Author of Villages"]
    assert VILLAGES in Client().get("/wsis20/p/1").content.decode()


def test_an_accepted_joint_request_brings_both_sides_into_the_session(two, joined, now):
    session = decisions.accept_request(request=joined.joint, actor=SYSTEM, now=now)
    assert [(one.name, one.part) for one in session.people.all()] == [
        ("Author of Hamlets", "organiser"),
        ("Author of Villages", "organiser"),
        ("Omar", "speaker"),
        ("Amina", "moderator"),
    ]


def test_both_authors_are_told_of_the_decision(two, joined, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        decisions.decline_request(
            request=joined.joint, reason=decisions.DecisionReason("Full."), actor=SYSTEM, now=now
        )
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        forum_request.person.email for forum_request, _ in two
    )


def test_who_named_people_still_looks_after_their_own(two, joined, refuses):
    (forum_request, first), (other, _) = two
    speakers.name_speaker(forum_request=forum_request, request=first, naming=speakers.Naming("Zoe"))
    with refuses("merge-stands"):
        speakers.name_speaker(forum_request=other, request=joined.joint, naming=speakers.Naming("Zoe"))
    with refuses("merge-stands"):
        withdraw_request(forum_request=other, request=joined.joint)
    with refuses("merge-stands"):
        withdraw_request(forum_request=forum_request, request=first)


def test_it_is_undone_until_it_is_decided_on_and_no_number_is_lost(two, joined, now, refuses):
    (forum_request, _), _ = two
    merging.part(forum_request=forum_request, merge=joined, reason="We go two ways.")
    assert states() == ["submitted", "submitted", "withdrawn"]
    again = merging.propose_joining(
        forum_request=forum_request, request=two[0][1], other=two[1][1], joint=JOINT
    )
    made = merging.consent_to_joining(forum_request=two[1][0], merge=again)
    assert made.joint.symbol.short == "P/4"
    decisions.accept_request(request=made.joint, actor=SYSTEM, now=now)
    with refuses("merge-decided-on"):
        merging.part(forum_request=forum_request, merge=made, reason="Too late.")


@pytest.fixture
def office(request_as):
    return request_as(Role.SECRETARIAT)


@pytest.mark.parametrize("decision", ["accept", "decline", "refer"])
def test_after_a_decision_the_secretariat_undoes_it_while_nothing_rests_on_it(
    two, joined, office, now, decision, refuses, django_capture_on_commit_callbacks
):
    reason = decisions.DecisionReason("No place.", "en")
    known = {"request": joined.joint, "actor": SYSTEM, "now": now, "reason": reason}
    session = getattr(decisions, f"{decision}_request")(**known)
    with refuses("merge-decided-on"):
        merging.part(forum_request=two[0][0], merge=joined, reason="We want it back.")
    ProcrastinateJob.objects.all().delete()
    merging.part(forum_request=office, merge=joined, reason="They were joined by mistake.")
    assert states() == ["submitted", "submitted", "withdrawn"]
    assert not SessionRequest.objects.filter(reason__gt="").exists()
    told = ProcrastinateJob.objects.filter(task_name="programme.send_merge_letter")
    assert {job.args["person_id"] for job in told} == {forum_request.person.pk for forum_request, _ in two}
    entry = LogEntry.objects.get(verb="take_decision_back")
    assert entry.symbol.short == "P/3"
    if session is not None:
        session.refresh_from_db()
        assert session.cancelled_reason == "They were joined by mistake."
        assert session.symbol.short == "S/1"
        assert decisions.accept_request(request=two[0][1], actor=SYSTEM, now=now).symbol.short == "S/2"


def test_what_stands_in_a_timetable_or_a_release_is_not_undone_and_it_is_said_what_comes_first(
    two, joined, office, now, forum, room, slots, refuses
):
    session = decisions.accept_request(request=joined.joint, actor=SYSTEM, now=now)
    session.minutes = 30
    session.save()
    made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    with refuses("merge-scheduled") as refused:
        merging.part(forum_request=office, merge=joined, reason="By mistake.")
    assert "S/1 stands in these timetables: 1" in str(refused.value)
    assert states() == ["joined", "joined", "accepted"]
    publish_release(timetable=made, actor=SYSTEM, now=now)
    with refuses("merge-released") as refused:
        merging.part(forum_request=office, merge=joined, reason="By mistake.")
    assert "release 1" in str(refused.value)
    joined.refresh_from_db()
    assert joined.unmerged_at is None


def test_a_draft_that_was_thrown_away_holds_nothing(two, joined, office, now, forum, room, slots):
    session = decisions.accept_request(request=joined.joint, actor=SYSTEM, now=now)
    session.minutes = 30
    session.save()
    made = timetable_runs.make_timetable(forum=forum, actor=SYSTEM, now=now, seed=1, effort=1.0)
    Timetable.objects.filter(pk=made.pk).update(discarded_at=now)
    merging.part(forum_request=office, merge=joined, reason="By mistake.")
    assert states() == ["submitted", "submitted", "withdrawn"]


def test_the_page_offers_to_undo_a_decision_to_the_secretariat_alone(two, joined, client_as, now):
    decisions.accept_request(request=joined.joint, actor=SYSTEM, now=now)
    office = client_as(Role.SECRETARIAT)
    address = joined.get_absolute_url()
    assert "the decision is taken back with it" in office.get(address).text
    assert "Undo it" not in client_as(person=two[0][0].person).get(address).text
    answer = office.post(f"{address}/decide", {"step": "part", "reason": "By mistake."})
    assert answer.status_code == 302
    assert "It was undone" in office.get(address).text


@pytest.mark.parametrize("sent", [{}, {"step": "consent"}, {"step": "part", "reason": ""}])
def test_who_is_not_concerned_is_told_so_before_a_field_is_looked_at(two, joined, client_as, sent):
    answer = client_as(Role.REVIEWER).post(f"{joined.get_absolute_url()}/decide", sent)
    assert answer.status_code == 403


@pytest.mark.parametrize("who", ["first", "second"])
def test_on_the_waiting_list_it_is_undone_and_both_wait_there(two, joined, now, refuses, who):
    reason = decisions.DecisionReason("Place 3 of the waiting list.")
    decisions.put_on_waiting_list(request=joined.joint, reason=reason, actor=SYSTEM, now=now)
    forum_request, own = two[0] if who == "first" else two[1]
    with refuses("merge-stands"):
        withdraw_request(forum_request=forum_request, request=own)
    merging.part(forum_request=forum_request, merge=joined, reason="We go two ways.")
    assert states() == ["waiting", "waiting", "withdrawn"]
    rows = SessionRequest.objects.filter(state="waiting").values_list("reason", "decided_at")
    assert set(rows) == {("Place 3 of the waiting list.", now)}
    withdraw_request(forum_request=forum_request, request=own)
    assert sorted(states()) == ["waiting", "withdrawn", "withdrawn"]


def test_one_author_leaves_and_the_request_of_the_other_stays(two, joined, client_as, now):
    (_, _), (other, _) = two
    reason = decisions.DecisionReason("No place now.")
    decisions.put_on_waiting_list(request=joined.joint, reason=reason, actor=SYSTEM, now=now)
    browser = client_as(person=other.person)
    address = joined.get_absolute_url()
    assert "Undo it and withdraw mine" in browser.get(address).content.decode()
    assert browser.post(f"{address}/decide", {"step": "leave", "reason": ""}).status_code == 422
    assert states() == ["joined", "joined", "waiting"]
    assert browser.post(f"{address}/decide", {"step": "leave", "reason": "I am ill."}).status_code == 302
    assert states() == ["waiting", "withdrawn", "withdrawn"]
    page = client_as(Role.SECRETARIAT).get(address).content.decode()
    assert "I am ill." in page
    assert "withdraw mine" not in page
    told = ProcrastinateJob.objects.filter(task_name="programme.send_merge_letter")
    assert [job.args["person_id"] for job in told.order_by("pk") if job.args["news"] == "unmerged"] == [
        two[0][0].person.pk
    ]


def test_a_no_needs_its_reason_and_only_those_concerned_read_it(two, proposed, refuses, client_as):
    (_, _), (other, _) = two
    with refuses("reason-missing"):
        merging.decline_joining(forum_request=other, merge=proposed, reason=" ")
    merging.decline_joining(forum_request=other, merge=proposed, reason="We want to stay small.")
    assert states() == ["submitted", "submitted"]
    address = proposed.get_absolute_url()
    assert "stay small" in client_as(person=other.person).get(address).content.decode()
    assert Client().get(address).status_code == 404
    assert client_as(Role.REVIEWER).get(address).status_code == 404


def test_a_request_withdrawn_while_it_is_proposed_ends_the_proposal(two, proposed, refuses):
    (forum_request, first), (other, _) = two
    withdraw_request(forum_request=forum_request, request=first)
    proposed.refresh_from_db()
    assert proposed.state == "declined"
    assert "P/1" in proposed.declined_reason
    with refuses("merge-declined"):
        merging.consent_to_joining(forum_request=other, merge=proposed)


def test_a_request_decided_on_meanwhile_is_not_joined(two, proposed, now, refuses):
    (_, first), (other, _) = two
    decisions.accept_request(request=first, actor=SYSTEM, now=now)
    with refuses("merge-decided-on"):
        merging.consent_to_joining(forum_request=other, merge=proposed)
    assert SessionRequest.objects.count() == 2


def test_others_neither_propose_nor_consent(two, proposed, request_as, refuses):
    (forum_request, first), (_, second) = two
    for act in (
        lambda: merging.propose_joining(forum_request=request_as(), request=first, other=second, joint=JOINT),
        lambda: merging.consent_to_joining(forum_request=request_as(Role.SECRETARIAT), merge=proposed),
        lambda: merging.part(forum_request=request_as(), merge=proposed, reason="No."),
    ):
        with pytest.raises(NotAllowed):
            act()
    with refuses("merge-proposed-already"):
        merging.propose_joining(forum_request=forum_request, request=first, other=second, joint=JOINT)
    with refuses("merge-itself"):
        merging.propose_joining(forum_request=forum_request, request=first, other=first, joint=JOINT)
    assert RequestMerge.objects.count() == 1


def test_the_secretariat_proposes_and_both_authors_are_asked(two, request_as):
    (_, first), (_, second) = two
    merge = merging.propose_joining(
        forum_request=request_as(Role.SECRETARIAT), request=first, other=second, joint=JOINT
    )
    assert (merge.first_consented_at, merge.second_consented_at) == (None, None)
    for forum_request, _ in two:
        merging_tasks.send_merge_letter(merge_id=merge.pk, person_id=forum_request.person.pk, news="asked")
    assert len(mail.outbox) == 2
    assert merge.get_absolute_url() in mail.outbox[0].body
    assert LogEntry.objects.filter(verb="propose_joining").get().role == "secretariat"


def test_pages_lead_from_a_request_to_a_joint_one_without_a_script(two, client_as):
    (forum_request, _), (other, second) = two
    browser, others = client_as(person=forum_request.person), client_as(person=other.person)
    page = browser.get("/wsis20/p/1").content.decode()
    assert "/wsis20/p/1/merges/new?with=P/2" in page
    compared = browser.get("/wsis20/p/1/merges/new?with=P/2").content.decode()
    assert "<mark>" in compared
    for wrong in ("P/1", "P/99", "C/1", "nonsense"):
        assert browser.get(f"/wsis20/p/1/merges/new?with={wrong}").status_code in {404, 422}
    sent = browser.post(
        "/wsis20/p/1/merges/new",
        {
            "other": "P/2",
            "title": "Rural access",
            "text": "Both.",
            "language": "en",
            "leads": "first",
            f"part-{second.speakers.get().pk}": "speaker",
        },
    )
    assert sent.status_code == 302
    assert sent.url in others.get("/wsis20/programme").content.decode()
    assert others.post(f"{sent.url}/decide", {"step": "consent"}).status_code == 302
    assert "P/3" in Client().get(sent.url).content.decode()
    assert "Rural access" in Client().get("/wsis20/p/3").content.decode()
    parted = others.post(f"{sent.url}/decide", {"step": "part", "reason": "No more."})
    assert parted.status_code == 302
    assert "Both." not in Client().get(sent.url).content.decode()
    assert client_as(Role.SECRETARIAT).get("/wsis20/programme/requests/overlaps").status_code == 200
