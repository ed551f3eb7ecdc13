"""The pages of a selection, walked through without JavaScript; what they say, and how much they ask."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.page_text import tight

from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.running import carry_out
from muntada.foundations.sheets import as_xlsx
from muntada.people.models import Organisation
from muntada.people.rules import Role
from muntada.programme.merging.actions import withdraw_request
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.checks import RuleStrength
from muntada.programme.selection import tasks as selection
from muntada.programme.selection.actions import selection_decisions, selection_runs, selections
from muntada.programme.selection.models import Pin, Selection, SelectionRules
from muntada.programme.selection.rules.selections import NumberRule, RuleWithNumber, SelectionTerms
from muntada.record.rules import SYSTEM


@pytest.fixture
def four(submitted, make_person):
    return [submitted(f"Villages {number}", author=make_person(name=f"A {number}")) for number in range(1, 5)]


@pytest.fixture
def secretariat(client_as):
    return client_as(Role.SECRETARIAT)


@pytest.fixture
def make(forum, now):
    def make(**rules):
        scores = {"P/1": 4, "P/2": 3, "P/3": 2, "P/4": 1}
        terms = SelectionTerms(**({"sessions": 2, "scores": scores} | rules))
        return selection_runs.make_selection(forum=forum, actor=SYSTEM, now=now, terms=terms)

    return make


def run(ordered: Selection) -> Selection:
    carry_out(job_id=ordered.job_id, work=selection.run_selection, clock=timezone.now)
    return Selection.objects.select_related("forum", "job__forum").get(pk=ordered.pk)


def publish() -> None:
    """Have the worker publish what was ordered."""
    job = Job.objects.get(kind="programme.publish_decisions")
    carry_out(job_id=job.pk, work=selection.publish_decisions, clock=timezone.now)


def fields_of(client, address):
    """Return what a browser would send from the form of a page."""
    form = client.get(address).context["form"]
    names = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in names.items()}


def test_from_rules_to_published_decisions(forum, four, secretariat, make_person):
    body = Organisation.objects.create(name="Hamlets Union", kind="civil-society", country="KE")
    SessionRequest.objects.filter(pk__in=[four[0].pk, four[1].pk]).update(organisation=body)
    home = "/wsis20/programme/selections"
    assert "so each has the score 0" in secretariat.get(home).text
    # The rules are kept ...
    said = fields_of(secretariat, f"{home}/rules")
    said |= {"sessions": 2, "scores": "P/1; 4\nP/2; 3\nP/3; 2\nP/4; 1", "waiting": 2}
    said |= {"per-organisation-strength": "block", "per-organisation-number": 1}
    assert secretariat.post(f"{home}/rules", said | {"keep": ""}).headers["Location"] == home
    # ... one request is pinned ...
    reason = {"reason": "The host asks for it.", "reason_language": "en"}
    assert secretariat.post("/wsis20/p/4/pin", reason | {"in": ""}).headers["Location"] == home
    # ... a selection is ordered and made ...
    assert secretariat.post(home, {"seed": 1}).headers["Location"] == f"{home}/1"
    waiting = secretariat.get(f"{home}/1").text
    assert "You can leave this page" in waiting
    run(Selection.objects.get())
    page = secretariat.get(f"{home}/1").text
    assert "is the most that is possible: proved" in page
    assert "It costs 1 points" in page  # without the pin P/3 comes in
    assert "Hamlets Union already in: 1; the cap is 1." in page
    # ... compared with another one without the cap ...
    other = fields_of(secretariat, f"{home}/rules?from=1") | {"per-organisation-strength": "off"}
    assert secretariat.post(f"{home}/rules?from=1", other | {"try": ""}).headers["Location"] == f"{home}/2"
    run(Selection.objects.get(number=2))
    assert "Two selections side by side" in secretariat.get(f"{home}/1/compare?with=2").text
    # ... one reason is changed, and all is published.
    change = {"decision": "declined", "reason": "One of this body is enough.", "reason_language": "en"}
    assert secretariat.post(f"{home}/1/decisions/2", change).status_code == 302
    assert secretariat.post(f"{home}/1/decisions").status_code == 422
    assert secretariat.post(f"{home}/1/decisions", {"sure": "on"}).status_code == 302
    assert "It is about to begin." in secretariat.get(f"{home}/1/decisions").text
    publish()
    assert "These decisions are published." in secretariat.get(f"{home}/1/decisions").text
    states = dict(SessionRequest.objects.values_list("symbol__number", "state"))
    assert states == {1: "accepted", 2: "declined", 3: "waiting", 4: "accepted"}
    assert "One of this body is enough." in secretariat.get("/wsis20/p/2").text
    again = secretariat.post(f"{home}/1/decisions", {"sure": "on"}, follow=True)
    assert "nothing was done twice" in again.text


def test_a_rule_that_cannot_be_kept_comes_back_with_all_that_was_typed(forum, secretariat):
    said = fields_of(secretariat, "/wsis20/programme/selections/rules")
    key = next(name for name in said if name.startswith("stakeholder:wsis/") and name.endswith("-strength"))
    sent = said | {key: "block", "sessions": 7}
    answer = secretariat.post("/wsis20/programme/selections/rules", sent | {"keep": ""})
    assert answer.status_code == 422
    assert "it has no number" in answer.text
    assert re.search(r'name="sessions" value="7"', answer.text)
    bad = secretariat.post("/wsis20/programme/selections/rules", said | {"scores": "P/1; much", "keep": ""})
    assert "is no score" in bad.text
    assert not SelectionRules.objects.exists()


def test_what_cannot_be_is_said_in_words(secretariat, four, now):
    def refused(address, sent, words):
        answer = secretariat.post(f"/wsis20/{address}", sent)
        assert answer.status_code == 422
        assert words in answer.text
        assert not Pin.objects.exists()

    refused("p/1/pin", {"reason": "", "reason_language": "en", "in": ""}, "Please say why")
    refused("p/1/pin", {"reason": "x", "reason_language": "en"}, "Please choose whether")
    SessionRequest.objects.update(state="declined", decided_at=now, reason="Too many.")
    refused("programme/selections", {"seed": 1}, "nothing to choose from")
    refused("programme/selections", {"seed": "x"}, "whole number")


def test_rules_that_cannot_be_kept_together_are_named_on_the_page(secretariat, four, make):
    for one in four[:3]:
        secretariat.post(
            f"/wsis20/p/{one.symbol.number}/pin", {"reason": "x", "reason_language": "en", "in": ""}
        )
    made = make(numbered=(RuleWithNumber(NumberRule.PERSON, 2, RuleStrength.WARN),))
    page = secretariat.get(f"/wsis20/programme/selections/{made.number}").text
    assert "Take back or loosen any one of them" in page
    assert "P/1 is pinned: it must be in." in page
    assert "Places for sessions: 2." in page
    refused = secretariat.get(f"/wsis20/programme/selections/{made.number}/decisions")
    assert "nothing to publish" in refused.text


@pytest.mark.parametrize("tail", ["", "/decisions", "/compare?with=2"])
def test_pages_ask_as_much_for_two_requests_as_for_four(secretariat, four, make, tail):
    SessionRequest.objects.filter(pk__in=[four[2].pk, four[3].pk]).update(
        state="draft", symbol=None, submitted_at=None
    )
    make()
    make(sessions=1)
    address = f"/wsis20/programme/selections/1{tail}"
    secretariat.get(address)
    with CaptureQueriesContext(connection) as few:
        secretariat.get(address)
    for one in four[2:]:
        one.save()
    Selection.objects.all().delete()
    make()
    make(sessions=1)
    with CaptureQueriesContext(connection) as many:
        assert secretariat.get(address).status_code == 200
    assert len(many) == len(few)


def test_what_is_withdrawn_before_the_queue_comes_to_it_stops_all_of_it(four, secretariat, make, request_as):
    address = f"/wsis20/programme/selections/{make().number}/decisions"
    secretariat.post(address, {"sure": "on"})
    withdraw_request(forum_request=request_as(person=four[0].author), request=four[0])
    publish()
    assert secretariat.get(address).context["job"] is None
    assert "P/1. Nothing was published. Please make a new selection." in secretariat.get(address).text
    assert secretariat.post(address, {"sure": "on"}).status_code == 422
    assert SessionRequest.objects.filter(state="submitted").count() == 3


def test_everybody_reads_demand_and_supply(client, four, secretariat, make, now):
    before = client.get("/wsis20/programme/demand")
    assert "4 session requests stand." in before.text
    assert "the programme is still empty" in before.text
    selection_decisions.publish_decisions(selection=make(), person=None, actor=SYSTEM, now=now)
    assert "2 are in the programme." in client.get("/wsis20/programme/demand").text


def test_a_selection_under_way_shows_its_steps_and_can_be_stopped(forum, four, secretariat, now):
    made = selections.order_selection(forum=forum, actor=SYSTEM, now=now, terms=SelectionTerms(sessions=2))
    Job.objects.update(state="running", details={"step": "prices"})
    address = f"/wsis20/programme/selections/{made.number}"
    part = tight(secretariat.get(f"{address}?part=making").text)
    assert '<li aria-current="step"><strong>Working out what each rule costs' in part
    assert part.count('<li class="done">') == 2
    stopped = secretariat.post(f"{address}/stop", follow=True).text
    assert "It is being stopped" in stopped
    assert "Stop and keep" not in stopped
    run(made)
    page = secretariat.get(address).text
    assert "ended by hand" in page
    assert "None was found before the making was ended" in page
    assert secretariat.post(f"{address}/stop").status_code == 422


def test_a_selection_that_is_worked_out_further_shows_how_far_and_can_be_stopped(
    forum, four, secretariat, now
):
    scores = {"P/1": 4, "P/2": 3, "P/3": 2, "P/4": 1}
    terms = SelectionTerms(sessions=2, scores=scores)
    made = run(selections.order_selection(forum=forum, actor=SYSTEM, now=now, terms=terms))
    address = f"/wsis20/programme/selections/{made.number}"
    page = secretariat.get(address).text
    assert "is known exactly" in page
    assert "Stop working out more" not in page
    assert '<span class="tag">exact</span>' in page
    made.further |= {"state": "going-on", "requests": 670, "requests_exact": 412}
    made.result["excluded"][0] |= {"cost": None}
    made.result["excluded"][1] |= {"cost": None, "most": None}
    made.save()
    Job.objects.update(state="running", ended_at=None)
    page = secretariat.get(address).text
    assert "Of 670 requests not chosen, exactly known: 412" in page
    assert '<span class="tag">between two bounds</span>' in page
    assert '<span class="tag">only a lower bound</span>' in page
    part = secretariat.get(f"{address}?part=further").text
    assert "Stop working out more" in part
    assert "<html" not in part
    assert "It is being stopped" in secretariat.post(f"{address}/stop", follow=True).text
    Job.objects.update(state="failed", ended_at=now)
    assert "Working out more was broken off." in secretariat.get(address).text


def test_a_selection_that_could_not_be_made_says_why_and_is_started_again(forum, four, secretariat, now):
    made = selections.order_selection(forum=forum, actor=SYSTEM, now=now, terms=SelectionTerms(sessions=2))
    address = made.get_absolute_url()
    Job.objects.update(state="refused", sentence="Nobody waits any more.", ended_at=now)
    assert "Nobody waits any more." in secretariat.get(address).text
    assert secretariat.post(f"{address}/again").headers["Location"] == address
    assert "It is about to begin." in secretariat.get(address).text
    run(Selection.objects.get())
    assert "The proposed choice" in secretariat.get(address).text
    assert secretariat.post(f"{address}/again").status_code == 422


def test_the_page_of_decisions_listens_only_while_they_are_published(four, secretariat, make):
    address = f"/wsis20/programme/selections/{make().number}/decisions"
    assert "hx-sse:connect" not in secretariat.get(address).text
    secretariat.post(address, {"sure": "on"})
    job = Job.objects.get()
    page = secretariat.get(address).text
    assert f'hx-get="{job.get_absolute_url()}"' in page
    assert 'hx-sse:connect="/live/' in page
    assert 'name="sure"' not in page
    publish()
    part = secretariat.get(job.get_absolute_url(), headers={"HX-Request": "true"}).text
    assert "These decisions are published." in part
    assert "<html" not in part
    assert "hx-sse:connect" not in secretariat.get(address).text


def test_the_waiting_list_stands_in_its_order(four, secretariat, make):
    made = make(sessions=1, waiting=2, scores={"P/1": 1, "P/2": 2, "P/3": 3, "P/4": 4})
    answer = secretariat.get(f"/wsis20/programme/selections/{made.number}/decisions?decision=waiting")
    assert [one.request.symbol.short for one in answer.context["page"]] == ["P/3", "P/2"]
    assert "Next in line: 1" in answer.text


def test_a_rule_that_asks_the_same_is_no_other_rule_because_others_reach_it(forum, four, secretariat, make):
    bodies = [Organisation.objects.create(name=name, kind="civil-society", country="KE") for name in "AB"]
    for number, one in enumerate(four):
        SessionRequest.objects.filter(pk=one.pk).update(organisation=bodies[number % 2])
    cap = (RuleWithNumber(NumberRule.ORGANISATION, 1, RuleStrength.BLOCK),)
    make(sessions=1, numbered=cap)
    make(sessions=2, numbered=cap)
    rules = secretariat.get("/wsis20/programme/selections/1/compare?with=2").context["rules"]
    assert {one.name: one.is_changed for one in rules} == {
        "Places for sessions": True,
        "Sessions of one organization": False,
    }


SCORES = "/wsis20/programme/selections/scores"


@pytest.fixture
def send(secretariat):
    def send(content, name="scores.csv"):
        content = content if isinstance(content, bytes) else content.encode()
        return secretariat.post(SCORES, {"file": SimpleUploadedFile(name, content)})

    return send


def test_a_table_of_scores_is_looked_at_and_then_kept(forum, four, secretariat, send, now):
    terms = SelectionTerms(sessions=3, scores={"P/1": 2, "P/2": 2.5})
    selections.set_selection_rules(forum=forum, terms=terms, actor=SYSTEM, now=now)
    template = secretariat.get(f"{SCORES}.csv").content.decode("utf-8-sig")
    assert template.splitlines()[:2] == ["request,title,score", "P/1,Villages 1,2"]
    seen = send("request;title;score\nP/1;Villages;4,25\n3;;1\nP/4;;\n")
    assert seen.status_code == 200
    assert "2 scores would be kept" in seen.text
    assert SelectionRules.objects.get().terms.scores == {"P/1": 2, "P/2": 2.5}
    kept = secretariat.post(SCORES, {"lines": seen.context["lines"]})
    assert kept.headers["Location"] == "/wsis20/programme/selections"
    terms = SelectionRules.objects.get().terms
    assert terms.scores == {"P/1": 4.25, "P/2": 2.5, "P/3": 1}
    assert terms.sessions == 3


def test_a_workbook_of_scores_is_read_as_well(four, send):
    book = as_xlsx([{"request": "P/2", "score": 3.5}, {"request": "P/3", "score": "2"}])
    assert send(book, "scores.xlsx").context["look"].scores == {"P/2": 3.5, "P/3": 2.0}


def test_rows_that_are_wrong_are_named_with_number_and_reason(four, secretariat, send):
    answer = send("request,score\nP/1,4\nP/9,3\nP/1,2\nC/2,1\nP/2,-1\n")
    assert answer.status_code == 422
    assert [fault.row for fault in answer.context["look"].faults] == [3, 4, 5, 6]
    assert "P/9 is no session request that waits" in answer.text
    assert "P/1 has a score in row 2 already." in answer.text
    assert "Nothing was kept." in answer.text
    assert not SelectionRules.objects.exists()


def test_what_is_no_table_of_scores_is_refused(four, send):
    for content, words in [
        ("P/1,4\nP/2,3\n", "The first row must name the columns"),
        ("request,score\nP/1,\n", "No row of this table has a score"),
        (b"PK\x03\x04 no workbook", "cannot be read"),
        (b"request,score\nP/1,\xff\n", "UTF-8"),
    ]:
        answer = send(content)
        assert answer.status_code == 422
        assert words in answer.text
        assert not SelectionRules.objects.exists()


def test_scores_of_what_is_decided_meanwhile_are_not_kept(four, secretariat, request_as):
    withdraw_request(forum_request=request_as(person=four[0].author), request=four[0])
    answer = secretariat.post(SCORES, {"lines": "P/1; 4\nP/2; 3"})
    assert answer.status_code == 422
    assert "do not wait for a decision any more: P/1" in answer.text
    assert not SelectionRules.objects.exists()
