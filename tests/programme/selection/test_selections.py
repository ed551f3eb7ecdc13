"""Choosing session requests in balance: rules, pins, what comes out, and what is decided by it."""

from dataclasses import fields

import pytest
from django.utils import timezone

from muntada.forums.actions import roles
from muntada.forums.rules.schemes import shown_first
from muntada.foundations.jobs.actions import cancel
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.running import Run, Stopped, carry_out
from muntada.people.models import Organisation, RoleHeld
from muntada.people.rules import Role
from muntada.programme.decisions.actions import DecisionReason, accept_request, decline_request
from muntada.programme.merging.actions import withdraw_request
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.checks import RuleStrength
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.reviews import actions as reviews
from muntada.programme.reviews.actions import ReviewJudgement
from muntada.programme.reviews.models import Review
from muntada.programme.reviews.rules import Criterion
from muntada.programme.reviews.rules import ReviewRules as ReviewTerms
from muntada.programme.selection import queries as selection_queries
from muntada.programme.selection import tasks as selection_tasks
from muntada.programme.selection.actions import selection_decisions, selection_runs, selections
from muntada.programme.selection.actions.selection_runs import SelectionWatch
from muntada.programme.selection.adapter.solver import News
from muntada.programme.selection.models import PlannedDecision, Selection
from muntada.programme.selection.pages import further_of
from muntada.programme.selection.queries import supply_of
from muntada.programme.selection.rules.results import SelectionChoice
from muntada.programme.selection.rules.scores import read_scores
from muntada.programme.selection.rules.selections import (
    NumberRule,
    RuleWithNumber,
    SelectionTerms,
    ShareBounds,
)
from muntada.record.models import LogEntry
from muntada.record.rules import SYSTEM

WHY = DecisionReason("The host asks for it.", "en")
STAKEHOLDERS = "stakeholder:wsis"
GROUPS = [one.code for one in shown_first()[0].groups[:2]]


@pytest.fixture
def five(submitted, make_person):
    """Five requests of five authors, scored 5, 4, 3, 2, 1 by hand."""
    return [submitted(f"Villages {number}", author=make_person(name=f"A {number}")) for number in range(1, 6)]


SCORES = {f"P/{number}": 6.0 - number for number in range(1, 6)}


@pytest.fixture
def make(forum, now):
    def make(**rules: object) -> Selection:
        terms = SelectionTerms(scores=SCORES, **({"sessions": 2} | rules))
        return selection_runs.make_selection(forum=forum, actor=SYSTEM, now=now, terms=terms)

    return make


@pytest.fixture
def pin(now):
    def pin(request, *, is_in=True, why=WHY):
        return selections.pin_request(
            request=request, is_in=is_in, why=why, person=None, actor=SYSTEM, now=now
        )

    return pin


@pytest.fixture
def publish(now):
    def publish(selection):
        return selection_decisions.publish_decisions(selection=selection, person=None, actor=SYSTEM, now=now)

    return publish


def test_the_best_requests_that_have_room_are_chosen_and_the_others_know_what_they_lack(five, make):
    made = make()
    assert made.result["status"] == "optimal"
    assert made.result["chosen"] == ["P/1", "P/2"]
    assert made.result["score"] == 9.0
    out = {one["request"]: one for one in made.result["excluded"]}
    assert out["P/3"]["cost"] == 1.0
    assert out["P/3"]["leave"] == ["P/2"]
    assert made.result["waiting"][0] == "P/3"
    outcome = made.outcome
    assert made.choice == SelectionChoice(
        **{one.name: getattr(outcome, one.name) for one in fields(SelectionChoice)}
    )
    assert (outcome.status, outcome.chosen, outcome.gap_in_percent) == ("optimal", ("P/1", "P/2"), 0)
    assert {one.request: one.cost for one in outcome.excluded} == {
        key: one["cost"] for key, one in out.items()
    }
    assert all(one.lines for one in outcome.standings)
    one_more = next(one for one in made.result["prices"] if one["change"] == "one-session-more")
    assert one_more["points"] == 3.0


def test_places_come_from_rooms_and_slots_less_the_sessions_that_stand(
    forum, five, make, room, other_room, slots, make_session
):
    make_session()
    supply = supply_of(forum)
    assert (supply.places, supply.free, supply.free_minutes) == (6, 5, 300)
    assert len(make(sessions=None).result["chosen"]) == 5


def test_marks_of_reviewers_come_before_scores_by_hand(forum, five, now, make, request_as, make_person):
    terms = ReviewTerms((Criterion("k1", {"en": "Good"}, 1),), reviewers=1)
    reader = make_person(name="Reader")
    roles.give_role(person=reader, forum_id=forum.pk, role=Role.REVIEWER, actor=SYSTEM, now=now)
    reviews.set_terms(forum=forum, terms=terms, due_date=None, actor=SYSTEM, now=now)
    reviews.ask_reviewers(forum=forum, actor=SYSTEM, now=now)
    review = Review.objects.select_related("request").get(request=five[4])
    actor = request_as(person=reader).actor(Role.REVIEWER)
    reviews.save_review(review=review, said=ReviewJudgement({"k1": 5}), is_given=True, actor=actor, now=now)
    made = make()
    assert made.made_from.scores["P/5"] == 5.0
    assert set(made.result["chosen"]) == {"P/1", "P/5"}


def test_a_cap_on_organisations_holds_and_has_its_price(five, make):
    body = Organisation.objects.create(name="Hamlets Union", kind="civil-society", country="KE")
    SessionRequest.objects.filter(pk__in=[five[0].pk, five[1].pk]).update(organisation=body)
    made = make(numbered=(RuleWithNumber(NumberRule.ORGANISATION, 1, RuleStrength.BLOCK),))
    assert made.result["chosen"] == ["P/1", "P/3"]
    price = next(one for one in made.result["prices"] if one["condition"] == "per-organisation")
    assert price["points"] == 1.0


def test_a_pin_that_breaks_a_rule_is_named_with_the_smallest_set_to_blame(five, make, pin):
    for one in five[:3]:
        pin(one)
    made = make()
    assert made.result["status"] == "infeasible"
    assert {"places", "pin:P/1", "pin:P/2", "pin:P/3"} == set(made.result["conflict"]["conditions"])


def test_shares_that_only_an_empty_programme_keeps_are_named(five, make, publish, refuses):
    """A share of nothing is kept: without this, rules at odds would propose to decline everybody."""
    bands = tuple(ShareBounds(STAKEHOLDERS, group, 60, None, True, RuleStrength.BLOCK) for group in GROUPS)
    made = make(bands=bands)
    assert made.result["status"] == "infeasible"
    assert {"sentence": "At least one session is chosen.", "params": {}} in made.result["conflict"]["reasons"]
    with refuses("no-choice"):
        publish(made)


def test_a_pin_needs_a_reason_and_is_in_the_record(five, pin, refuses):
    with refuses("pin-reason"):
        pin(five[0], why=DecisionReason("  "))
    pin(five[0], is_in=False)
    pin(five[0])
    assert five[0].__class__.objects.get(pk=five[0].pk).pin.is_in
    assert list(
        LogEntry.objects.filter(verb__in=("pin_request", "veto_request")).values_list("verb", flat=True)
    )


def test_what_cannot_be_chosen_from_is_refused_in_words(forum, make, five, pin, now, refuses):
    with refuses("no-places"):
        make(sessions=None)
    for one in five:
        pin(one, is_in=False)
    with refuses("all-vetoed"):
        make()
    for one in five:
        decline_request(request=one, reason=WHY, actor=SYSTEM, now=now)
    with refuses("no-requests"):
        make()
    assert not Selection.objects.exists()


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (
            {"bands": (ShareBounds(STAKEHOLDERS, "nobody", 10, None, True, RuleStrength.BLOCK),)},
            "selection-group",
        ),
        (
            {"bands": (ShareBounds(STAKEHOLDERS, "governments", None, None, True, RuleStrength.WARN),)},
            "selection-no-bound",
        ),
        (
            {"bands": (ShareBounds(STAKEHOLDERS, "governments", 50, 20, True, RuleStrength.WARN),)},
            "selection-crossed",
        ),
        (
            {"bands": (ShareBounds(STAKEHOLDERS, "governments", 120, None, True, RuleStrength.WARN),)},
            "selection-share",
        ),
        ({"numbered": (RuleWithNumber(NumberRule.WOMEN, 140, RuleStrength.WARN),)}, "selection-number"),
        ({"kinds": {"picnic": 3}}, "selection-kind"),
    ],
)
def test_rules_nobody_could_keep_are_refused(forum, now, rules, code, refuses):
    with refuses(code):
        selections.set_selection_rules(forum=forum, terms=SelectionTerms(**rules), actor=SYSTEM, now=now)


def test_scores_by_hand_are_read_line_by_line(refuses):
    assert read_scores("P/12; 4.5\n\np/3\t2\n7;1,5") == {"P/12": 4.5, "P/3": 2.0, "P/7": 1.5}
    for bad in ("P/12; much", "P/12; nan", f"{'9' * 5000}; 1", "C/12; 3"):
        with refuses("selection-score"):
            read_scores(bad)


def test_decisions_are_published_with_a_reason_to_everybody(five, make, publish, pin):
    pin(five[4], is_in=False)
    made = make(waiting=1)
    publish(made)
    states = {one.symbol.short: one for one in SessionRequest.objects.select_related("symbol", "session")}
    assert [states[f"P/{n}"].state for n in range(1, 6)] == [
        "accepted",
        "accepted",
        "waiting",
        "declined",
        "declined",
    ]
    assert states["P/5"].reason == WHY.text
    assert "place 1" in states["P/3"].reason
    assert all(one.reason for one in states.values())
    assert states["P/1"].session is not None


def test_a_selection_is_stopped_by_hand_and_says_so(five, forum, now, refuses):
    ordered = selections.order_selection(forum=forum, actor=SYSTEM, now=now, terms=SelectionTerms(sessions=2))
    selections.stop_selection(selection=ordered, actor=SYSTEM, now=now)
    made = run(ordered)
    assert (made.job.state, made.result["halted"], made.result["status"]) == ("done", True, "unknown")
    assert made.job.sentence == "No choice was found"
    with refuses("not-being-made"):
        selections.stop_selection(selection=made, actor=SYSTEM, now=now)
    assert LogEntry.objects.filter(verb="stop_selection").count() == 1


def run(ordered: Selection) -> Selection:
    carry_out(job_id=ordered.job_id, work=selection_tasks.run_selection, clock=timezone.now)
    return Selection.objects.select_related("forum", "job__forum").get(pk=ordered.pk)


def begun(job: Job, now) -> Run:
    """A run of a worker that has the job in hand."""
    Job.objects.filter(pk=job.pk).update(state="running", beginnings=job.beginnings + 1)
    return Run(Job.objects.select_related("forum", "ordered_by").get(pk=job.pk), lambda: now)


@pytest.fixture
def secretariat(request_as, make_person):
    return request_as(person=make_person(Role.SECRETARIAT)).actor(Role.SECRETARIAT)


@pytest.fixture
def watched(five, forum, now):
    """A selection that the engine has just made, with much left to work out, and who watches it."""
    ordered = selections.order_selection(forum=forum, actor=SYSTEM, now=now, terms=SelectionTerms(sessions=2))
    stamps = {one.symbol.short: one.saved_at.isoformat() for one in five}
    inputs = {"requests": [[symbol, 1, stamp] for symbol, stamp in stamps.items()], "pins": {}, "marked": 0}
    watch = SelectionWatch(begun(ordered.job, now), ordered, inputs)
    watch.news.append(news("first", 3))
    assert watch.look() is False
    ordered.refresh_from_db()
    return ordered, watch


def news(what, exact):
    said = {"requests": 9, "requests_exact": exact, "prices": 2, "prices_exact": 2}
    result = {"chosen": ["P/1"], "score": 5.0, "status": "optimal", "excluded": [], "waiting": []}
    result |= {"said": what}
    return News(result, said, is_complete=exact == 9)


def test_a_selection_is_made_before_all_is_worked_out_and_gets_more_exact(watched):
    ordered, watch = watched
    assert (ordered.is_made, ordered.job.state, ordered.result["said"]) == (True, "running", "first")
    assert (ordered.further["state"], ordered.further["requests_exact"]) == ("going-on", 3)
    assert ordered.job.percent == 50 + round(50 * 5 / 11)
    watch.news.append(news("more", 5))
    watch.look()
    ordered.refresh_from_db()
    assert (ordered.result["said"], ordered.further["requests_exact"]) == ("more", 5)
    watch.news.append(news("all", 9))
    watch.finish(watch.news[-1].result)
    ordered.refresh_from_db()
    assert (ordered.result["said"], ordered.further["state"]) == ("all", "exact")
    job = Job.objects.get()
    assert (job.state, job.sentence, job.result_at) == ("done", "1 chosen", ordered.get_absolute_url())


def test_working_out_more_is_stopped_by_hand_and_keeps_what_is_there(watched, now, refuses):
    ordered, watch = watched
    selections.stop_selection(selection=ordered, actor=SYSTEM, now=now)
    assert watch.look() is True
    watch.finish(watch.news[-1].result)
    ordered = Selection.objects.select_related("job").get()
    assert (ordered.further["state"], ordered.result["said"]) == ("stopped", "first")
    assert ordered.job.state == "done"
    with refuses("not-being-made"):
        selections.stop_selection(selection=ordered, actor=SYSTEM, now=now)


def test_what_is_being_published_does_not_change_any_more(watched, now):
    ordered, watch = watched
    assert selection_decisions.order_publication(selection=ordered, actor=SYSTEM, now=now)
    assert watch.look() is True
    watch.finish(news("later", 9).result)
    ordered.refresh_from_db()
    assert (ordered.result["said"], ordered.further["state"]) == ("first", "published")


def test_working_out_more_makes_room_for_another_selection(watched, forum, now):
    ordered, watch = watched
    selections.order_selection(forum=forum, actor=SYSTEM, now=now, terms=SelectionTerms(sessions=1))
    assert watch.look() is True
    watch.finish(watch.news[-1].result)
    ordered.refresh_from_db()
    assert ordered.further["state"] == "made-room"


def test_what_broke_off_while_more_was_worked_out_says_so_and_keeps_its_choice(watched):
    ordered, _watch = watched
    again = run(ordered)
    assert (again.job.state, again.job.sentence, again.result["said"]) == ("done", "1 chosen", "first")
    assert further_of(again.further, is_worked_on=again.is_worked_on).state == "broken-off"


def test_a_run_that_was_overtaken_stores_nothing(watched, now):
    ordered, watch = watched
    begun(Job.objects.get(), now)
    watch.news.append(news("late", 9))
    for late in (watch.look, lambda: watch.finish(watch.news[-1].result)):
        with pytest.raises(Stopped):
            late()
    ordered.refresh_from_db()
    assert (ordered.result["said"], ordered.further["requests_exact"]) == ("first", 3)


def test_a_making_that_is_cancelled_stores_nothing_and_can_be_started_again(
    five, forum, now, secretariat, refuses
):
    ordered = selections.order_selection(
        forum=forum, actor=secretariat, now=now, terms=SelectionTerms(sessions=2)
    )
    watch = SelectionWatch(begun(ordered.job, now), ordered, {})
    cancel(job=ordered.job, actor=secretariat, now=now)
    watch.news.append(news("late", 9))
    with pytest.raises(Stopped):
        watch.look()
    left = Selection.objects.select_related("job").get()
    assert (left.is_made, left.job.state) == (False, "cancelled")
    selections.start_selection_again(selection=left, actor=secretariat, now=now)
    made = run(left)
    assert (made.is_made, made.job.state) == (True, "done")
    with refuses("selection-ready"):
        selections.start_selection_again(selection=made, actor=secretariat, now=now)


def test_what_breaks_off_is_begun_again_by_the_same_job(five, forum, now, secretariat, monkeypatch):
    ordered = selections.order_selection(
        forum=forum, actor=secretariat, now=now, terms=SelectionTerms(sessions=2)
    )

    def fall_over(*_args, **_settings):
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(selection_runs, "choose", fall_over)
        with pytest.raises(MemoryError):
            run(ordered)
    broken = Selection.objects.select_related("job").get()
    assert (broken.is_made, broken.job.state) == (False, "failed")
    selections.start_selection_again(selection=broken, actor=secretariat, now=now)
    made = run(broken)
    assert (made.is_made, made.job_id) == (True, ordered.job_id)


def test_a_small_selection_is_exact_throughout(five, make):
    made = make()
    assert made.further == {
        "state": "exact",
        "requests": 3,
        "requests_exact": 3,
        "prices": len(made.result["prices"]),
        "prices_exact": len(made.result["prices"]),
    }


def test_publishing_twice_decides_once(five, make, publish):
    made = make()
    assert publish(made) is not None
    sessions = SessionRequest.objects.filter(session__isnull=False).count()
    assert publish(made) is None
    assert SessionRequest.objects.filter(session__isnull=False).count() == sessions == 2
    assert LogEntry.objects.filter(verb="publish_decisions").count() == 1


def test_nothing_is_published_where_a_request_was_withdrawn_since(five, make, publish, request_as, refuses):
    made = make()
    withdraw_request(forum_request=request_as(person=five[0].author), request=five[0])
    with refuses("selection-old"):
        publish(made)
    assert not SessionRequest.objects.filter(state=RequestState.ACCEPTED).exists()
    made.refresh_from_db()
    assert made.published_at is None


def test_a_selection_without_a_choice_cannot_be_published(five, make, publish, pin, refuses):
    for one in five[:3]:
        pin(one)
    with refuses("no-choice"):
        publish(make())


def test_one_decision_can_be_changed_before_it_is_published(five, make, publish, now, refuses):
    made = make()

    def plan(decision, text):
        selection_decisions.plan_decision(
            selection=made,
            request=five[3],
            decision=decision,
            why=DecisionReason(text),
            actor=SYSTEM,
            now=now,
        )

    with refuses("reason-missing"):
        plan("referred", "")
    with refuses("decision"):
        plan("draft", "x")
    plan("referred", "The regional forum is the place for it.")
    publish(made)
    five[3].refresh_from_db()
    assert (five[3].state, five[3].reason) == ("referred", "The regional forum is the place for it.")
    with refuses("published"):
        plan("declined", "Too late.")
    assert PlannedDecision.objects.count() == 1


def test_who_waits_can_be_accepted_later_or_withdraw(five, make, publish, now, request_as):
    publish(make())
    third, fourth = five[2], five[3]
    third.refresh_from_db()
    assert third.state == RequestState.WAITING
    accept_request(request=third, actor=SYSTEM, now=now)
    third.refresh_from_db()
    assert third.state == RequestState.ACCEPTED
    withdraw_request(forum_request=request_as(person=fourth.author), request=fourth)
    fourth.refresh_from_db()
    assert fourth.state == RequestState.WITHDRAWN


def publish_by_worker(job: Job) -> Job:
    carry_out(job_id=job.pk, work=selection_tasks.publish_decisions, clock=timezone.now)
    return Job.objects.get(pk=job.pk)


def test_decisions_are_published_by_one_job_of_whoever_ordered_it(five, make, now, secretariat):
    made = make()
    assert selection_decisions.order_publication(selection=made, actor=secretariat, now=now)
    assert selection_decisions.order_publication(selection=made, actor=secretariat, now=now)
    job = publish_by_worker(Job.objects.get())
    assert (job.state, job.result_at) == ("done", f"{made.get_absolute_url()}/decisions")
    made.refresh_from_db()
    assert made.published_by_id == secretariat.person_id
    assert not selection_decisions.order_publication(selection=made, actor=secretariat, now=now)


def test_who_lost_their_role_meanwhile_publishes_nothing(five, make, now, secretariat):
    made = make()
    selection_decisions.order_publication(selection=made, actor=secretariat, now=now)
    RoleHeld.objects.filter(person=secretariat.person_id).delete()
    assert publish_by_worker(Job.objects.get()).state == "refused"
    assert not SessionRequest.objects.filter(state=RequestState.ACCEPTED).exists()


def test_what_an_account_that_is_gone_ordered_is_not_done_by_the_system(five, make, now, secretariat):
    made = make()
    selection_decisions.order_publication(selection=made, actor=secretariat, now=now)
    Job.objects.update(ordered_by=None)
    job = publish_by_worker(Job.objects.get())
    assert (job.state, "no account any more" in job.sentence) == ("refused", True)
    made.refresh_from_db()
    assert made.published_at is None


def test_a_publication_that_is_cancelled_decides_nothing(five, make, now, secretariat, monkeypatch):
    made = make()
    selection_decisions.order_publication(selection=made, actor=secretariat, now=now)
    job = Job.objects.get()
    decisions_of = selection_queries.decisions_of

    def cancelled_meanwhile(selection):
        cancel(job=job, actor=secretariat, now=now)
        return decisions_of(selection)

    monkeypatch.setattr(selection_decisions, "decisions_of", cancelled_meanwhile)
    publish_by_worker(job)
    made.refresh_from_db()
    assert made.published_at is None
    assert not SessionRequest.objects.filter(state=RequestState.ACCEPTED).exists()


def test_a_selection_in_the_queue_is_made_once_and_says_what_has_changed_meanwhile(forum, five, now):
    terms = SelectionTerms(sessions=2, scores=SCORES)
    made = selections.order_selection(forum=forum, actor=SYSTEM, now=now, seed=1, terms=terms)
    for one in five:
        decline_request(request=one, reason=WHY, actor=SYSTEM, now=now)
    made = run(made)
    assert made.job.state == "refused"
    assert "nothing to choose from" in made.job.sentence
    assert made.result == {}


def test_the_same_requests_rules_and_seed_give_the_same_choice(five, make):
    assert make().result == make().result


def test_a_published_selection_without_further_work_says_nothing_of_it():
    assert further_of({"state": "published"}, is_worked_on=False) is None
