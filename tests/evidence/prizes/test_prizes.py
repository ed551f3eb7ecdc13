"""A showcase from its rules to its winners: what each phase takes, what it refuses, what it tells."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import a_forum
from evidence.conftest import a_plan
from muntada.evidence.initiatives.actions import initiatives
from muntada.evidence.initiatives.rules import InitiativeProgress
from muntada.evidence.prizes.actions import awards as showcase_awards
from muntada.evidence.prizes.actions import entries as showcase_entries
from muntada.evidence.prizes.actions import judging, rounds
from muntada.evidence.prizes.actions.votes import cast_showcase_votes, take_back_vote
from muntada.evidence.prizes.models import (
    PhaseChange,
    Showcase,
    ShowcaseEntry,
    ShowcaseJudgement,
    ShowcasePhase,
    ShowcaseVote,
)
from muntada.evidence.prizes.queries.judging import progress_of, sheet_of
from muntada.evidence.prizes.queries.results import standings_of
from muntada.evidence.prizes.queries.rounds import awards_of, step_here
from muntada.evidence.prizes.queries.votes import digest_of_browser
from muntada.evidence.prizes.rules.rounds import (
    Award,
    JudgedBy,
    Phase,
    PhasePeriod,
    PrizeStep,
    PrizeVotesOpenTo,
    WinnerBy,
)
from muntada.evidence.prizes.tasks import send_award, send_expert_named
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotAllowed, Refused, SignInFirst
from muntada.people import actions as people
from muntada.people.rules import OrganisationKind, Role
from muntada.record.models import LogEntry
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM, Actor

pytestmark = pytest.mark.django_db


def refused(call, *args, **named) -> str:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(*args, **named)
    return caught.value.code


@pytest.fixture
def three(make_initiative):
    """Three initiatives of three organisations."""
    return [make_initiative(title=f"Number {one}", organisation=f"Body {one}") for one in range(3)]


@pytest.fixture
def at_the_vote(hold, three):
    """A showcase whose three entries are nominated and put to the vote."""

    def make(**named):
        held = hold(nominees=3, **named)
        entries = [held.enter(one) for one in three]
        for entry in entries:
            held.judge(entry, 4, 4)
        held.announce(Award.NOMINEE)
        return held, [held.entry(one) for one in three]

    return make


class TestPreparing:
    def test_each_line_of_the_framework_becomes_a_category(self, hold):
        kept = hold().showcase
        assert [one.line.code for one in kept.categories.all()] == ["C1", "C2", "C3"]
        assert kept.categories.first().title_here == "Line C1"

    def test_a_category_is_renamed_taken_out_and_made_again(self, hold, now, make_initiative, holder):
        held = hold()
        rounds.rename_category(
            category=held.category("C1"), titles={"en": "Governments"}, actor=holder, now=now
        )
        assert held.category("C1").title_here == "Governments"
        rounds.rename_category(category=held.category("C1"), titles={}, actor=holder, now=now)
        assert held.category("C1").title_here == "Line C1"
        rounds.remove_category(category=held.category("C1"), actor=holder, now=now)
        assert rounds.make_categories(showcase=held.showcase, actor=holder, now=now) == 1
        held.enter(make_initiative(), "C1")
        code = refused(rounds.remove_category, category=held.category("C1"), actor=holder, now=now)
        assert code == "category-used"

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"titles": {}}, "title"),
            ({"criteria": ()}, "criteria"),
            ({"lowest": 5}, "scale"),
            ({"champions": 3}, "places"),
            ({"fewest_judgements": 0}, "judgements"),
        ],
    )
    def test_rules_by_which_nothing_could_be_decided_are_refused(self, forum, now, wrong, code, holder):
        plan = a_plan(now, **wrong)
        assert refused(rounds.prepare_showcase, forum=forum, plan=plan, actor=holder, now=now) == code
        assert not Showcase.objects.exists()

    def test_two_phases_are_never_open_at_once(self, forum, now, holder):
        plan = a_plan(now)
        early = plan.periods[Phase.ENTRY].closes_at - timedelta(days=1)
        periods = plan.periods | {
            Phase.NOMINATION: PhasePeriod(early, plan.periods[Phase.NOMINATION].closes_at)
        }
        code = refused(
            rounds.prepare_showcase, forum=forum, plan=replace(plan, periods=periods), actor=holder, now=now
        )
        assert code == "order"
        kept = rounds.prepare_showcase(forum=forum, plan=plan, actor=holder, now=now)
        rows = ShowcasePhase.objects.filter(showcase=kept, phase=Phase.NOMINATION)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(opens_at=early)

    def test_once_it_is_opened_its_rules_stand_and_its_name_can_be_mended(self, hold, now, holder):
        kept = hold().showcase
        plan = a_plan(now, champions=1, titles={"en": "Fair"}, edition="other")
        changed = rounds.set_showcase_rules(showcase=kept, plan=plan, actor=holder, now=now)
        assert (changed.titles, changed.champions, changed.edition) == ({"en": "Fair"}, 2, "2025")

    def test_a_prepared_one_can_be_changed_and_thrown_away_an_open_one_cannot(self, forum, now, hold, holder):
        plan = a_plan(now, edition="draft")
        kept = rounds.prepare_showcase(forum=forum, plan=plan, actor=holder, now=now)
        rounds.set_showcase_rules(
            showcase=kept, plan=a_plan(now, edition="draft", champions=1), actor=holder, now=now
        )
        kept.refresh_from_db()
        assert kept.champions == 1
        rounds.drop_showcase(showcase=kept, actor=holder, now=now)
        opened = hold().showcase
        assert refused(rounds.drop_showcase, showcase=opened, actor=holder, now=now) == "phase"

    def test_an_edition_is_held_once(self, hold, forum, now, holder):
        hold()
        code = refused(rounds.prepare_showcase, forum=forum, plan=a_plan(now), actor=holder, now=now)
        assert code == "edition-taken"

    @pytest.mark.parametrize("role", [one for one in Role if one is not Role.SECRETARIAT])
    def test_only_the_secretariat_holds_one(self, forum, now, role):
        with pytest.raises(NotAllowed):
            rounds.prepare_showcase(forum=forum, plan=a_plan(now), actor=Actor(1, role, forum.pk), now=now)


class TestPhases:
    def test_a_phase_is_moved_for_a_reason_that_stays(self, hold, now, holder):
        held = hold()
        row = held.showcase.phases.get(phase=Phase.ENTRY)
        named = {"showcase": held.showcase, "phase": Phase.ENTRY, "actor": holder, "now": now}
        period = PhasePeriod(row.opens_at, row.closes_at - timedelta(days=2))
        assert refused(rounds.move_phase, period=period, reason=" ", **named) == "reason"
        rounds.move_phase(period=period, reason="A holiday.", **named)
        change = PhaseChange.objects.get()
        assert (change.closes_at_before, change.closes_at) == (row.closes_at, period.closes_at)
        assert change.reason == "A holiday."

    def test_it_ends_now_and_nothing_is_entered_any_more(self, hold, now, make_initiative, holder):
        held, initiative = hold(), make_initiative()
        row = held.showcase.phases.get(phase=Phase.ENTRY)
        rounds.move_phase(
            showcase=held.showcase,
            phase=Phase.ENTRY,
            period=PhasePeriod(row.opens_at, now),
            reason="Enough.",
            actor=holder,
            now=now,
        )
        assert refused(held.enter, initiative) == "phase"

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"opens": timedelta(days=1)}, "begun"),
            ({"closes": timedelta(days=-30)}, "in-the-past"),
            ({"closes": timedelta(days=3)}, "order"),
        ],
    )
    def test_what_has_passed_stays_and_the_next_phase_keeps_its_place(self, hold, now, change, code, holder):
        held = hold()
        row = held.showcase.phases.get(phase=Phase.ENTRY)
        period = PhasePeriod(
            row.opens_at + change.get("opens", timedelta()), row.closes_at + change.get("closes", timedelta())
        )
        named = {"showcase": held.showcase, "phase": Phase.ENTRY, "actor": holder, "now": now}
        assert refused(rounds.move_phase, period=period, reason="Because.", **named) == code

    def test_what_was_announced_is_not_moved(self, at_the_vote, holder):
        held, _entries = at_the_vote()
        row = held.showcase.phases.get(phase=Phase.NOMINATION)
        code = refused(
            rounds.move_phase,
            showcase=held.showcase,
            phase=Phase.NOMINATION,
            period=PhasePeriod(row.opens_at, row.closes_at + timedelta(hours=20)),
            reason="Later.",
            actor=holder,
            now=held.at[Phase.VOTE],
        )
        assert code == "announced"


class TestEntering:
    def test_its_owner_enters_a_published_initiative_with_consent(self, hold, make_initiative):
        held, initiative = hold(), make_initiative()
        entry = held.enter(initiative)
        assert entry.consented_at == held.at[Phase.ENTRY]
        logged = LogEntry.objects.get(verb="enter_initiative")
        assert logged.symbol == initiative.symbol
        assert check_log(initiative.symbol.forum_id).broken_at is None

    @pytest.mark.parametrize(
        ("named", "code"),
        [
            ({"consents": False}, "consent"),
            ({"case": " \n"}, "case-missing"),
            ({"case": "x" * 1201}, "case-long"),
        ],
    )
    def test_without_consent_words_or_owner_nothing_is_entered(self, hold, make_initiative, named, code):
        held, initiative = hold(), make_initiative()
        assert refused(held.enter, initiative, **named) == code
        assert not ShowcaseEntry.objects.exists()

    def test_the_secretariat_enters_nothing_for_others(self, hold, make_initiative, holder):
        assert refused(hold().enter, make_initiative(), actor=holder) == "not-enterable"

    @pytest.mark.parametrize(
        ("terms", "facts"),
        [
            ({}, {"is_published": False}),
            ({"kinds": (OrganisationKind.GOVERNMENT,)}, {}),
            ({"states": (InitiativeProgress.COMPLETED,)}, {}),
        ],
    )
    def test_the_rules_say_what_may_be_entered(self, hold, make_initiative, terms, facts):
        held, initiative = hold(**terms), make_initiative(**facts)
        assert refused(held.enter, initiative) == "not-enterable"

    def test_the_same_initiative_stands_once(self, hold, make_initiative):
        held, initiative = hold(), make_initiative()
        entry = held.enter(initiative)
        assert refused(held.enter, initiative, "C3") == "entered-twice"
        with pytest.raises(IntegrityError), transaction.atomic():
            ShowcaseEntry.objects.create(
                showcase=held.showcase,
                category=held.category("C3"),
                initiative=initiative,
                case="Again.",
                entered_at=entry.entered_at,
                consented_at=entry.entered_at,
            )

    def test_an_organisation_has_one_entry_in_a_category_unless_the_rules_let_it(self, hold, make_initiative):
        first, second = make_initiative(), make_initiative(title="Another")
        held = hold()
        held.enter(first)
        assert refused(held.enter, second) == "organisation-twice"
        held.enter(second, "C3")
        other = hold(edition="free", is_one_per_organisation=False)
        other.enter(first)
        other.enter(second)

    def test_it_is_taken_out_by_its_owner_and_entered_again(self, hold, make_initiative, make_person):
        held, initiative = hold(), make_initiative()
        entry = held.enter(initiative)
        named = {"entry": entry, "now": held.at[Phase.ENTRY]}
        stranger = Actor(make_person().pk, Role.PARTICIPANT, held.showcase.forum_id)
        assert refused(showcase_entries.withdraw_entry, actor=stranger, **named) == "withdraw-entry"
        owner = Actor(initiative.registered_by_id, Role.PARTICIPANT, held.showcase.forum_id)
        showcase_entries.withdraw_entry(actor=owner, **named)
        assert refused(showcase_entries.withdraw_entry, actor=owner, **named) == "withdrawn"
        held.enter(initiative, "C3")

    def test_a_category_of_another_showcase_is_none(self, hold, make_initiative):
        held, other, initiative = hold(), hold(edition="2024"), make_initiative()
        assert refused(held.enter, initiative, category=other.category("C2")) == "category"

    def test_an_initiative_of_another_forum_is_not_entered(self, hold, make_initiative, framework, now):
        held, initiative = hold(), make_initiative()
        initiative.symbol.forum_id = a_forum(framework, now, slug="nigf", prefix="NIGF").pk
        assert refused(held.enter, initiative) == "not-enterable"


class TestNomination:
    def test_the_best_by_the_weighted_mean_are_nominated(self, hold, three):
        held = hold(nominees=2)
        entries = [held.enter(one) for one in three]
        for entry, marks in zip(entries, [(3, 3), (5, 1), (2, 4)], strict=True):
            held.judge(entry, *marks)
            held.judge(entry, *marks, expert=1)
        assert held.announce(Award.NOMINEE) == 2
        awards = {one.initiative.title: (one.award, one.score) for one in ShowcaseEntry.objects.all()}
        assert {title for title, (award, _) in awards.items() if award} == {"Number 0", "Number 1"}
        assert [float(score) for _, score in awards.values()] == [3.0, 3.667, 2.667]

    def test_a_tie_at_the_line_waits_for_the_secretariat_and_its_reason(self, hold, three, holder):
        held = hold(nominees=1, champions=1)
        entries = [held.enter(one) for one in three]
        for entry, marks in zip(entries, [(3, 3), (3, 3), (1, 1)], strict=True):
            held.judge(entry, *marks)
        assert refused(held.announce, Award.NOMINEE) == "tie"
        named = {
            "category": held.category("C2"),
            "award": Award.NOMINEE,
            "actor": holder,
            "now": held.ended[Phase.NOMINATION],
        }
        settle = showcase_awards.settle_tie
        assert refused(settle, chosen=[entries[0].pk], reason="", **named) == "reason"
        assert refused(settle, chosen=[entries[2].pk], reason="Best.", **named) == "not-tied"
        settle(chosen=[entries[0].pk], reason="Only one runs.", **named)
        settle(chosen=[entries[1].pk], reason="It runs longer.", **named)
        assert held.announce(Award.NOMINEE) == 1
        assert held.entry(three[1]).award == Award.NOMINEE
        assert refused(settle, chosen=[entries[0].pk], reason="No.", **named) == "phase"

    def test_a_tie_that_has_become_another_one_is_settled_anew(self, hold, three, now, holder):
        held = hold(nominees=1, champions=1)
        entries = [held.enter(one) for one in three]
        for entry in entries:
            held.judge(entry, 3, 3)
        showcase_awards.settle_tie(
            category=held.category("C2"),
            award=Award.NOMINEE,
            chosen=[entries[0].pk],
            reason="First.",
            actor=holder,
            now=held.ended[Phase.NOMINATION],
        )
        owner = Actor(three[2].registered_by_id, Role.PARTICIPANT, held.showcase.forum_id)
        initiatives.withdraw_initiative(initiative=three[2], actor=owner, now=now)
        (standing,) = standings_of(held.showcase, Award.NOMINEE)
        assert not standing.is_clear

    def test_an_entry_too_few_have_judged_is_not_nominated(self, hold, three):
        held = hold(fewest_judgements=2)
        entries = [held.enter(one) for one in three]
        held.judge(entries[0], 5, 5)
        for expert in (0, 1):
            held.judge(entries[1], 1, 1, expert=expert)
        held.announce(Award.NOMINEE)
        assert [one.award for one in ShowcaseEntry.objects.order_by("pk")] == ["", "nominee", ""]

    def test_nobody_judges_what_their_own_organisation_leads(self, hold, make_initiative, now):
        held, initiative = hold(), make_initiative()
        entry = held.enter(initiative)
        person = held.experts[0].person
        people.claim_affiliation(person=person, organisation=initiative.organisation, now=now)
        assert refused(held.judge, entry, 5, 5) == "conflict"
        assert sheet_of(held.experts[0]).all[0].conflict is not None

    def test_a_conflict_that_came_to_light_later_takes_the_judgement_out_of_the_count(
        self, hold, make_initiative, now
    ):
        held, initiative = hold(), make_initiative()
        entry = held.enter(initiative)
        held.judge(entry, 5, 5)
        held.judge(entry, 1, 1, expert=1)
        person = held.experts[0].person
        people.claim_affiliation(person=person, organisation=initiative.organisation, now=now)
        ((row,),) = [one.rows for one in standings_of(held.showcase, Award.NOMINEE)]
        assert (row.judgements, row.value) == (1, 1)

    def test_nobody_judges_what_they_entered_themselves(self, hold, make_initiative):
        held = hold()
        initiative = make_initiative(held.experts[0].person)
        assert refused(held.judge, held.enter(initiative), 5, 5) == "conflict"

    def test_a_declared_conflict_deletes_the_marks_and_can_be_taken_back(self, hold, make_initiative):
        held, initiative = hold(), make_initiative()
        entry, expert, when = held.enter(initiative), held.experts[0], held.at[Phase.NOMINATION]
        held.judge(entry, 5, 5)
        judging.declare_conflict(expert=expert, entry=entry, reason="A cousin.", now=when)
        kept = ShowcaseJudgement.objects.get()
        assert (kept.marks, kept.conflict) == ({}, "A cousin.")
        assert refused(held.judge, entry, 5, 5) == "conflict"
        judging.take_back_judgement(expert=expert, entry=entry, now=when)
        held.judge(entry, 5, 5)
        with pytest.raises(IntegrityError), transaction.atomic():
            ShowcaseJudgement.objects.update(conflict="A cousin.")

    def test_marks_are_whole_and_on_the_scale(self, hold, make_initiative):
        held = hold()
        entry = held.enter(make_initiative())
        assert refused(held.judge, entry, 6, 1) == "mark"
        named = {"expert": held.experts[0], "entry": entry, "now": held.at[Phase.NOMINATION]}
        assert refused(judging.judge_entry, marks={"k1": 3}, **named) == "mark-missing"

    def test_an_expert_judges_in_their_categories_alone(self, hold, make_initiative, now, holder):
        held = hold()
        entry = held.enter(make_initiative())
        judging.name_expert(
            showcase=held.showcase,
            email=held.experts[0].person.email,
            categories=[held.category("C3")],
            actor=holder,
            now=now,
        )
        assert refused(held.judge, entry, 3, 3) == "not-asked"
        assert [one.asked for one in progress_of(held.showcase)] == [0, 1]

    def test_who_judges_no_longer_counts_no_more_until_named_again(self, hold, make_initiative, now, holder):
        held = hold()
        entry = held.enter(make_initiative())
        held.judge(entry, 5, 5)
        expert = held.experts[0]
        judging.end_expert(expert=expert, actor=holder, now=now)
        assert [row.judgements for one in standings_of(held.showcase, Award.NOMINEE) for row in one.rows] == [
            0
        ]
        judging.name_expert(
            showcase=held.showcase, email=expert.person.email.upper(), categories=(), actor=holder, now=now
        )
        assert [row.judgements for one in standings_of(held.showcase, Award.NOMINEE) for row in one.rows] == [
            1
        ]

    def test_nobody_without_an_account_is_named(self, hold, now, holder):
        named = {"showcase": hold().showcase, "categories": (), "actor": holder, "now": now}
        assert refused(judging.name_expert, email="x@example.org", **named) == "person-unknown"

    def test_experts_who_pick_say_yes_as_often_as_there_are_places(self, hold, three):
        held = hold(judged_by=JudgedBy.PICKS, nominees=1, champions=1)
        entries = [held.enter(one) for one in three]
        named = {"expert": held.experts[0], "now": held.at[Phase.NOMINATION]}
        judging.judge_entry(entry=entries[0], marks={"pick": 1}, **named)
        judging.judge_entry(entry=entries[0], marks={"pick": 1}, **named)
        code = refused(judging.judge_entry, entry=entries[1], marks={"pick": 1}, **named)
        assert code == "picks"
        judging.judge_entry(entry=entries[1], marks={"pick": 0}, **named)
        assert held.announce(Award.NOMINEE) == 1

    def test_experts_who_pick_several_at_once_pick_no_more_than_there_are_places(self, hold, three):
        held = hold(judged_by=JudgedBy.PICKS, nominees=1, champions=1)
        first, second, third = (held.enter(one) for one in three)
        named = {"expert": held.experts[0], "now": held.at[Phase.NOMINATION]}
        both = {first: {"pick": 1}, second: {"pick": 1}, third: {"pick": 0}}
        assert refused(judging.judge_entries, marks=both, **named) == "picks"
        assert not ShowcaseJudgement.objects.exists()
        judging.judge_entries(marks=both | {second: {"pick": 0}}, **named)
        given = ShowcaseJudgement.objects.order_by("entry").values_list("marks__pick", flat=True)
        assert list(given) == [1, 0, 0]
        assert LogEntry.objects.filter(verb="judge_entry").count() == 3

    def test_what_is_judged_together_stands_together(self, hold, three):
        held = hold()
        entry, foreign = held.enter(three[0]), held.enter(three[1], "C3")
        expert = held.experts[0]
        expert.categories.set([entry.category])
        marks = {one: {"k1": 3, "k2": 4} for one in (entry, foreign)}
        named = {"expert": expert, "now": held.at[Phase.NOMINATION]}
        assert refused(judging.judge_entries, marks=marks, **named) == "not-asked"
        assert not ShowcaseJudgement.objects.exists()


class TestVote:
    def test_votes_in_several_categories_are_cast_together(self, hold, three, make_person):
        held = hold()
        entries = [held.enter(three[0]), held.enter(three[1], "C3")]
        for entry in entries:
            held.judge(entry, 5, 5)
        held.announce(Award.NOMINEE)
        forum_request = ForumRequest(held.showcase.forum, make_person(), frozenset(), held.at[Phase.VOTE])
        numbers = [one.pk for one in entries]
        named = {"forum_request": forum_request, "showcase": held.showcase}
        assert refused(cast_showcase_votes, entry_ids=[*numbers, 0], **named) == "no-nominee"
        assert not ShowcaseVote.objects.exists()
        assert cast_showcase_votes(entry_ids=numbers, **named) == entries
        assert cast_showcase_votes(entry_ids=numbers, **named) == entries
        assert list(ShowcaseVote.objects.order_by("entry").values_list("entry", flat=True)) == numbers

    def test_a_second_vote_in_a_category_takes_the_place_of_the_first(self, at_the_vote, make_person):
        held, (first, second, _third) = at_the_vote()
        person = make_person()
        held.vote(person, first)
        held.vote(person, second)
        assert ShowcaseVote.objects.get().entry == second

    def test_the_database_knows_one_vote_per_category_and_person(self, at_the_vote, make_person, now):
        held, (first, second, _third) = at_the_vote()
        person = make_person()
        held.vote(person, first)
        with pytest.raises(IntegrityError), transaction.atomic():
            ShowcaseVote.objects.create(category=first.category, entry=second, person=person, cast_at=now)

    def test_the_database_knows_no_vote_for_an_entry_of_another_category(self, at_the_vote, make_person, now):
        held, (first, *_others) = at_the_vote()
        with pytest.raises(IntegrityError), transaction.atomic():
            ShowcaseVote.objects.create(
                category=held.category("C3"), entry=first, person=make_person(), cast_at=now
            )

    def test_a_vote_is_taken_back(self, at_the_vote, make_person):
        held, (first, *_others) = at_the_vote()
        person = make_person()
        held.vote(person, first)
        forum_request = ForumRequest(held.showcase.forum, person, frozenset(), held.at[Phase.VOTE])
        for gone in (True, False):
            back = take_back_vote(
                forum_request=forum_request, showcase=held.showcase, category_id=first.category_id
            )
            assert back is gone
        assert not ShowcaseVote.objects.exists()

    def test_nobody_votes_before_or_after(self, at_the_vote, make_person):
        held, (first, *_others) = at_the_vote()
        for moment in (held.at[Phase.VOTE] - timedelta(days=1), held.ended[Phase.VOTE]):
            assert refused(held.vote, make_person(), first, now=moment) == "phase"

    def test_what_was_taken_out_is_not_voted_for_and_its_votes_count_nothing(
        self, at_the_vote, make_person, three, holder
    ):
        held, (first, second, _third) = at_the_vote()
        voters = [make_person() for _ in range(3)]
        held.vote(voters[0], first)
        held.vote(voters[1], first)
        held.vote(voters[2], second)
        owner = Actor(three[0].registered_by_id, Role.PARTICIPANT, held.showcase.forum_id)
        showcase_entries.withdraw_entry(entry=first, actor=owner, now=held.at[Phase.VOTE])
        assert refused(held.vote, make_person(), first) == "no-nominee"
        assert held.announce(Award.CHAMPION) == 1
        assert held.entry(three[1]).award == Award.CHAMPION
        first.refresh_from_db()
        assert first.votes is None
        assert refused(showcase_entries.withdraw_entry, entry=second, actor=holder, now=held.at[Phase.CHOICE])

    def test_what_was_not_nominated_is_not_voted_for(self, hold, three, make_person):
        held = hold(nominees=2)
        entries = [held.enter(one) for one in three]
        for entry, mark in zip(entries, (5, 4, 1), strict=True):
            held.judge(entry, mark, mark)
        held.announce(Award.NOMINEE)
        assert refused(held.vote, make_person(), entries[2]) == "no-nominee"

    def test_who_votes_is_a_rule(self, at_the_vote, make_person, now, three):
        held, (first, *_others) = at_the_vote(votes_open_to=PrizeVotesOpenTo.VOUCHED)
        person = make_person()
        assert refused(held.vote, person, first) == "not-vouched"
        affiliation = people.claim_affiliation(person=person, organisation=three[0].organisation, now=now)
        assert refused(held.vote, person, first) == "not-vouched"
        people.name_focal_point(affiliation=affiliation, actor=SYSTEM, now=now)
        held.vote(person, first)

    def test_without_an_account_one_signs_in_unless_anyone_votes(self, at_the_vote):
        held, (first, *_others) = at_the_vote()
        with pytest.raises(SignInFirst):
            held.vote(None, first)

    def test_a_browser_has_one_vote_and_whoever_signs_in_takes_it_along(self, at_the_vote, make_person):
        held, (first, second, _third) = at_the_vote(votes_open_to=PrizeVotesOpenTo.ANYONE)
        assert refused(held.vote, None, first) == "no-browser"
        browser = digest_of_browser(held.showcase, "secret")
        held.vote(None, first, browser=browser)
        held.vote(None, second, browser=browser)
        assert ShowcaseVote.objects.get().entry == second
        held.vote(make_person(), first, browser=browser)
        kept = ShowcaseVote.objects.get()
        assert (kept.entry, kept.browser) == (first, None)

    def test_no_vote_is_in_the_log(self, at_the_vote, make_person):
        held, (first, *_others) = at_the_vote()
        before = LogEntry.objects.count()
        held.vote(make_person(), first)
        assert LogEntry.objects.count() == before


class TestResult:
    def test_champions_are_the_first_of_the_vote_and_experts_choose_the_winner(
        self, at_the_vote, make_person, three
    ):
        held, entries = at_the_vote()
        for entry, votes in zip(entries, (3, 2, 1), strict=True):
            for _ in range(votes):
                held.vote(make_person(), entry)
        assert held.announce(Award.CHAMPION) == 2
        assert held.showcase.voters == 6
        champion = held.entry(three[1])
        for expert in held.experts:
            judging.pick_winner(expert=expert, entry=champion, now=held.at[Phase.CHOICE])
        code = refused(
            judging.pick_winner,
            expert=held.experts[0],
            entry=held.entry(three[2]),
            now=held.at[Phase.CHOICE],
        )
        assert code == "no-champion"
        assert held.announce(Award.WINNER) == 1
        result = [(one.award, one.votes, one.picks) for one in map(held.entry, three)]
        assert result == [("champion", 3, 0), ("winner", 2, 2), ("nominee", 1, None)]
        assert step_here(held.showcase, held.ended[Phase.CHOICE]) is PrizeStep.DONE
        assert [one.award_name for one in awards_of(three[1])] == ["Winner"]
        assert check_log(held.showcase.forum_id).broken_at is None

    def test_where_the_vote_decides_its_first_wins(self, at_the_vote, make_person, three):
        held, entries = at_the_vote(winner_by=WinnerBy.VOTE)
        assert Phase.CHOICE not in {Phase(one.phase) for one in held.showcase.phases.all()}
        for entry, votes in zip(entries, (1, 2, 0), strict=True):
            for _ in range(votes):
                held.vote(make_person(), entry)
        held.announce(Award.CHAMPION)
        held.announce(Award.WINNER)
        assert [held.entry(one).award for one in three] == ["champion", "winner", "nominee"]

    def test_of_a_tie_for_the_winner_one_is_taken_not_all(self, at_the_vote, make_person, holder):
        held, entries = at_the_vote(winner_by=WinnerBy.VOTE)
        for entry in entries[:2]:
            held.vote(make_person(), entry)
        held.announce(Award.CHAMPION)
        named = {
            "category": held.category("C2"),
            "award": Award.WINNER,
            "reason": "Drawn by lot.",
            "actor": holder,
            "now": held.ended[Phase.CHOICE],
        }
        both = [one.pk for one in entries[:2]]
        assert refused(showcase_awards.settle_tie, chosen=both, **named) == "places"
        showcase_awards.settle_tie(chosen=both[:1], **named)
        assert held.announce(Award.WINNER) == 1

    def test_without_a_vote_nobody_is_announced(self, at_the_vote):
        held, _entries = at_the_vote()
        assert refused(held.announce, Award.CHAMPION) == "nobody"

    def test_nominees_are_not_announced_into_a_vote_that_is_over(self, hold, make_initiative, holder):
        held = hold()
        held.judge(held.enter(make_initiative()), 3, 3)
        code = refused(
            showcase_awards.announce,
            showcase=held.showcase,
            award=Award.NOMINEE,
            actor=holder,
            now=held.ended[Phase.VOTE],
        )
        assert code == "next-phase-over"

    def test_a_winner_is_not_entered_again_unless_the_rules_let_it(
        self, at_the_vote, make_person, hold, three
    ):
        held, entries = at_the_vote(winner_by=WinnerBy.VOTE)
        held.vote(make_person(), entries[0])
        held.announce(Award.CHAMPION)
        held.announce(Award.WINNER)
        assert refused(hold(edition="2026").enter, three[0]) == "not-enterable"
        hold(edition="2027", lets_winners_again=True).enter(three[0])

    def test_the_database_knows_one_winner_and_no_champion_without_votes(self, at_the_vote):
        _held, entries = at_the_vote()
        rows = ShowcaseEntry.objects.filter(pk=entries[0].pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(award=Award.CHAMPION, votes=0)
        rows.update(award=Award.WINNER, votes=1)
        with pytest.raises(IntegrityError), transaction.atomic():
            ShowcaseEntry.objects.filter(pk=entries[1].pk).update(award=Award.WINNER, votes=1)


class TestLetters:
    def test_an_expert_and_a_nominee_are_told(self, at_the_vote, mailoutbox, three):
        held, entries = at_the_vote()
        tasks = set(ProcrastinateJob.objects.values_list("task_name", flat=True))
        assert {"evidence.send_expert_named", "evidence.send_award"} <= tasks
        send_expert_named(expert_id=held.experts[0].pk)
        for award in Award:
            send_award(entry_id=entries[0].pk, award=award.value)
        asked, *told = mailoutbox
        assert asked.to == [held.experts[0].person.email]
        assert "/wsis20/evidence/showcase/2025/judge" in asked.body
        assert [one.subject for one in told] == [
            "Nominated: Number 0",
            "Champion: Number 0",
            "Winner: Number 0",
        ]
        assert {one.to[0] for one in told} == {three[0].registered_by.email}
