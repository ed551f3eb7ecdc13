"""Rules for session requests: what breaks them, whom they stop, and what trying them shows."""

from datetime import date, time, timedelta

import pytest

from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.actions import claim_affiliation, register_organisation
from muntada.people.rules import OrganisationKind, Role
from muntada.programme.decisions import actions as decisions
from muntada.programme.requests.actions.checks import note_reports_owed, set_rules
from muntada.programme.requests.actions.requests import NewRequest, NewSpeaker, save_request, submit_request
from muntada.programme.requests.models.checks import RequestRule
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.queries.checks import dry_run, findings_of, rules_of
from muntada.programme.requests.queries.request_facts import facts_of, facts_of_all
from muntada.programme.requests.rules.checks import Check, RequestCheck, RuleStrength
from muntada.programme.requests.rules.speakers import GivenFacts
from muntada.programme.timetable.adapter.timetables import frame_of
from muntada.record import actions as record
from muntada.record.models import LogEntry
from muntada.record.rules import SYSTEM, Relation, SymbolKind

MIXED = (
    NewSpeaker("Amina", part="moderator", facts=GivenFacts("civil-society", "SN", gender="woman")),
    NewSpeaker("Bao", facts=GivenFacts("government", "VN", gender="man", is_first_time=True)),
    NewSpeaker("Carla", facts=GivenFacts("academia", "BR", gender="woman")),
)
ALONE = (NewSpeaker("Dan", facts=GivenFacts("government", "CH")),)


@pytest.fixture
def village_net(db):
    return register_organisation(
        name="Village Net", kind=OrganisationKind.CIVIL_SOCIETY, country="SN", language="fr"
    )


@pytest.fixture
def asked(request_as, make_person, now):
    def make(title="Villages", speakers=MIXED, *, author=None, body=None, submit=True, **said):
        person = author or make_person(name="Author")
        if body is not None and not person.affiliations.exists():
            claim_affiliation(person=person, organisation=body, now=now)
        forum_request = request_as(person=person)
        new = NewRequest(
            title,
            f"About {title}.",
            "en",
            speakers=speakers,
            organisation_id=body.pk if body else None,
            **said,
        )
        draft = save_request(forum_request=forum_request, new=new)
        if submit:
            submit_request(forum_request=forum_request, request=draft)
            draft.refresh_from_db()
        return draft

    return make


@pytest.fixture
def rule(forum, now):
    def make(check, strength=RuleStrength.BLOCK, number=1):
        set_rules(forum=forum, rules=[RequestCheck(check, strength, number)], actor=SYSTEM, now=now)

    return make


def codes(request):
    return {finding.check for finding in findings_of(request)}


def test_what_is_known_of_a_request_is_given_as_plain_values(
    asked, forum, village_net, django_assert_num_queries
):
    for title in ("Villages", "Hamlets", "Towns"):
        asked(title, body=village_net, line_codes=["C2"])
    with django_assert_num_queries(9):
        facts, *_ = facts_of_all(forum)
    assert (facts.symbol, facts.lines, facts.first_timers) == ("P/1", ("C2",), 1)
    assert (facts.stakeholder_group, facts.region) != ("", "")
    assert sorted(facts.genders) == ["man", "woman", "woman"]
    assert facts.organisations == (f"organisation:{village_net.pk}",)


@pytest.mark.parametrize(
    ("check", "number"), [(Check.GROUPS, 3), (Check.REGIONS, 3), (Check.GENDERS, 2), (Check.MODERATED, 1)]
)
def test_a_mix_is_broken_by_who_is_missing(asked, rule, check, number):
    rule(check, RuleStrength.WARN, number)
    assert codes(asked("Mixed")) == set()
    assert codes(asked("Alone", ALONE)) == {check}


def test_a_rule_that_stops_refuses_in_a_sentence_and_the_draft_stays(asked, rule, request_as):
    rule(Check.GROUPS, RuleStrength.BLOCK, 3)
    with pytest.raises(Refused) as refused:
        asked("Alone", ALONE)
    assert refused.value.code == "checks"
    assert "1 of at least 3 stakeholder groups" in str(refused.value)
    assert SessionRequest.objects.get().state == "draft"


def test_unknown_facts_are_said_to_be_unknown(asked, rule):
    rule(Check.GENDERS, RuleStrength.WARN, 2)
    (finding,) = findings_of(asked("Silent", (NewSpeaker("A"), NewSpeaker("B"))))
    assert "Of 2 speakers it is not said." in finding.sentence


def test_caps_count_what_stands_and_not_what_was_declined(
    asked, rule, village_net, make_person, now, refuses
):
    author = make_person(name="Author")
    first = asked("Villages", body=village_net, author=author)
    rule(Check.PER_ORGANISATION, RuleStrength.BLOCK, 1)
    with refuses("checks"):
        asked("Hamlets", body=village_net, author=author)
    decisions.decline_request(request=first, reason=decisions.DecisionReason("Full."), actor=SYSTEM, now=now)
    draft = SessionRequest.objects.get(state="draft")
    assert codes(draft) == set()


def test_the_same_speaker_and_the_same_author_are_counted(asked, rule, make_person):
    author = make_person(name="Author")
    asked("Villages", author=author)
    rule(Check.PER_SPEAKER, RuleStrength.WARN, 1)
    rule(Check.PER_AUTHOR, RuleStrength.WARN, 1)
    findings = findings_of(asked("Hamlets", author=author))
    assert sorted(finding.check for finding in findings) == ["per-author", *["per-speaker"] * 3]


def test_a_report_missing_from_the_last_edition_is_known_from_its_record(
    asked, rule, forum, other_forum, village_net, request_as, make_person, now
):
    author = make_person(name="Author")
    before = asked("Last year", body=village_net, author=author)
    session = decisions.accept_request(request=before, actor=SYSTEM, now=now)
    other_forum.previous = forum
    other_forum.save()
    rule_here = [RequestCheck(Check.REPORT_FILED, RuleStrength.BLOCK, 1)]
    SessionRequest.objects.create(
        forum=other_forum, author=author, organisation=village_net, title="New", language="en", saved_at=now
    )
    set_rules(forum=other_forum, rules=rule_here, actor=SYSTEM, now=now)
    draft = SessionRequest.objects.get(forum=other_forum)
    (finding,) = findings_of(draft)
    assert "WSIS20/S/1" in finding.sentence
    report = record.give_symbol(
        forum_id=forum.pk, kind=SymbolKind.REPORT, title="Report", language="en", now=now
    )
    record.link(source=report, target=session.symbol, relation=Relation.REPORTS_ON, now=now)
    assert findings_of(draft) == ()
    note_reports_owed(forum=other_forum, owed=[("village  net", "S/9 of 2020")], actor=SYSTEM, now=now)
    (finding,) = findings_of(draft)
    assert "S/9 of 2020" in finding.sentence


def test_a_dry_run_tells_whom_rules_would_stop_and_changes_nothing(asked, forum, now):
    asked("Mixed")
    asked("Alone", ALONE)
    before = LogEntry.objects.count()
    tried = [
        RequestCheck(Check.GROUPS, RuleStrength.BLOCK, 3),
        RequestCheck(Check.GENDERS, RuleStrength.WARN, 1),
        RequestCheck(Check.MODERATED, RuleStrength.OFF, 1),
    ]
    run = dry_run(forum, tried)
    assert (run.requests, run.stopped, run.warned) == (2, 1, 0)
    assert [tally.broken for tally in run.tallies] == [1, 1, 1]
    assert [one.facts.title for one in run.broken] == ["Alone"]
    assert RequestRule.objects.count() == 0
    assert LogEntry.objects.count() == before


def test_the_secretariat_tries_and_sets_rules_on_a_page(asked, forum, client_as):
    asked("Alone", ALONE)
    browser = client_as(Role.SECRETARIAT)
    page = "/wsis20/programme/requests/rules"
    sent = {f"{one.check}-strength": one.strength.value for one in rules_of(forum)}
    sent |= {f"{one.check}-number": str(one.number) for one in rules_of(forum)}
    sent["groups-strength"] = "block"
    tried = browser.post(page, sent | {"try": ""}).content.decode()
    assert "would stop 1" in tried
    assert RequestRule.objects.count() == 0
    assert browser.post(page, sent | {"keep": ""}).status_code == 302
    assert RequestRule.objects.get(check_code="groups").strength == "block"
    wrong = browser.post(page, sent | {"groups-number": "99", "keep": ""})
    assert (wrong.status_code, RequestRule.objects.get(check_code="groups").number) == (422, 3)
    assert browser.post(page, {"owed": "Village Net; S/9\n\nOther", "list": ""}).status_code == 302
    assert "Village Net; S/9" in browser.get(page).content.decode()
    assert client_as(Role.REVIEWER).get(page).status_code == 403


def test_nobody_else_sets_rules(forum, request_as, now):
    with pytest.raises(NotAllowed):
        set_rules(forum=forum, rules=[], actor=request_as(Role.REVIEWER).actor(Role.SECRETARIAT), now=now)


def test_what_people_said_about_when_they_can_reaches_the_timetable(asked, forum, room, slots, now):
    request = asked("Villages", ALONE)
    RequestSpeaker.objects.filter(request=request).update(
        is_remote=True,
        zone="Asia/Kathmandu",
        hours_from=time(9),
        hours_to=time(17),
        days_away=[date(2025, 7, 9)],
    )
    decisions.accept_request(request=request, actor=SYSTEM, now=now)
    people = {one.id: one for one in frame_of(forum).problem.people}
    (dan,) = [one for one in people.values() if one.unavailable]
    assert dan.zone == "Asia/Kathmandu"
    start = now.replace(hour=11, minute=15)
    assert any(period.overlaps(start, start + timedelta(minutes=1)) for period in dan.unavailable)
    open_hour = now.replace(hour=8, minute=0)
    assert not any(period.overlaps(open_hour, open_hour + timedelta(hours=1)) for period in dan.unavailable)
    wednesday = now.replace(day=9, hour=8)
    assert any(period.overlaps(wednesday, wednesday + timedelta(hours=1)) for period in dan.unavailable)


def test_a_draft_is_held_against_what_is_submitted(asked, rule):
    asked("Villages")
    rule(Check.PER_SPEAKER, RuleStrength.WARN, 1)
    draft = asked("Hamlets", submit=False)
    assert codes(draft) == {Check.PER_SPEAKER}
    assert facts_of(draft).symbol == ""


def test_where_nothing_is_said_the_account_of_a_speaker_tells(asked, village_net, make_person, now):
    amina = make_person(name="Amina")
    claim_affiliation(person=amina, organisation=village_net, now=now)
    request = asked("Villages", (NewSpeaker("Amina", person_id=amina.pk, facts=GivenFacts(gender="woman")),))
    (one,) = facts_of(request).people
    assert (one.facts.kind, one.facts.country, one.facts.gender) == ("civil-society", "SN", "woman")
