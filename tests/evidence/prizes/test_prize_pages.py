"""The pages of a showcase: who may see and do what, what stays hidden until when, what is kept on refusal."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence.conftest import a_plan
from muntada.evidence.prizes.actions import rounds
from muntada.evidence.prizes.models import (
    Showcase,
    ShowcaseEntry,
    ShowcaseExpert,
    ShowcaseJudgement,
    ShowcasePhase,
    ShowcaseVote,
    WinnerPick,
)
from muntada.evidence.prizes.rules.rounds import Award, Phase, PrizeVotesOpenTo
from muntada.people.rules import Role

pytestmark = pytest.mark.django_db

PAGE = "/wsis20/evidence/showcase/2025"


@pytest.fixture
def now():
    """The pages go by the clock of the machine."""
    return timezone.now()


def to_phase(held, phase: Phase | None) -> None:
    """Move every date so that this phase is open now; without one, all are over."""
    rows = list(held.showcase.phases.order_by("opens_at"))
    if phase is None:
        shift = timezone.now() - rows[-1].closes_at
    else:
        shift = timezone.now() - held.showcase.phases.get(phase=phase).opens_at
    # The last first where they move on, the first first where they move back: no two overlap on the way.
    for row in rows if shift.total_seconds() < 0 else reversed(rows):
        ShowcasePhase.objects.filter(pk=row.pk).update(
            opens_at=row.opens_at + shift, closes_at=row.closes_at + shift
        )


@pytest.fixture
def voting(hold, make_initiative):
    """A showcase whose vote is open now, with two nominees."""

    def make(**named):
        held = hold(**named)
        for number in range(2):
            entry = held.enter(make_initiative(title=f"Number {number}", organisation=f"Body {number}"))
            held.judge(entry, 4, 4)
        held.announce(Award.NOMINEE)
        to_phase(held, Phase.VOTE)
        return held

    return make


@pytest.fixture
def counted(voting, make_person):
    """A showcase whose champions are announced: three votes for the first, one for the second."""

    def make(**named):
        held = voting(**named)
        first, second = ShowcaseEntry.objects.order_by("pk")
        for entry in (first, first, first, second):
            held.vote(make_person(), entry, now=timezone.now())
        row = held.showcase.phases.get(phase=Phase.VOTE)
        ShowcasePhase.objects.filter(pk=row.pk).update(closes_at=timezone.now())
        held.ended[Phase.VOTE] = timezone.now()
        held.announce(Award.CHAMPION)
        return held

    return make


def page_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


class TestWhoMaySee:
    def test_everybody_sees_an_open_showcase_and_its_ballot(self, each_role, voting):
        voting()
        for role, browser in each_role():
            for address in ("/wsis20/evidence/showcase", PAGE, f"{PAGE}/vote"):
                assert browser.get(address).status_code == 200
            offered = f"{PAGE}/hold" in browser.get(PAGE).content.decode()
            assert offered is (role is Role.SECRETARIAT)

    def test_a_prepared_one_is_seen_by_the_secretariat_alone(self, each_role, forum, now, holder):
        rounds.prepare_showcase(forum=forum, plan=a_plan(now), actor=holder, now=now)
        for role, browser in each_role():
            status = browser.get(PAGE).status_code
            assert status == (200 if role is Role.SECRETARIAT else 404)
            page = page_of(browser, "/wsis20/evidence/showcase")
            assert "Showcase" in page.split("<main")[1]
            assert (f'href="{PAGE}"' in page) is (role is Role.SECRETARIAT)

    def test_only_the_secretariat_acts_on_it(self, each_role, forum, now, holder):
        rounds.prepare_showcase(forum=forum, plan=a_plan(now), actor=holder, now=now)
        for role, browser in each_role(Role):
            for what in ("open", "phases/entry", "categories", "announce", "experts", "rules", "drop"):
                status = browser.post(f"{PAGE}/hold/{what}").status_code
                assert (status != 403) is (role is Role.SECRETARIAT), what
            if role is not Role.SECRETARIAT:
                assert Showcase.objects.get().opened_at is None

    def test_the_pages_of_an_expert_are_for_experts(self, client, client_as, hold, make_initiative):
        held = hold()
        held.enter(make_initiative())
        assert client.get(f"{PAGE}/judge").status_code == 302
        assert client_as(Role.SECRETARIAT).get(f"{PAGE}/judge").status_code == 403
        assert client_as(person=held.experts[0].person).get(f"{PAGE}/judge").status_code == 200

    def test_a_showcase_of_another_forum_is_not_here(self, client, hold, other_forum):
        hold()
        assert client.get(f"/{other_forum.slug}/evidence/showcase/2025").status_code == 404
        assert client.get("/wsis20/evidence/showcase/1999").status_code == 404


class TestVoting:
    def test_a_vote_is_kept_shown_to_its_voter_and_to_nobody_else(self, client_as, client, voting):
        voting()
        entry = ShowcaseEntry.objects.order_by("pk")[0]
        voter = client_as()
        answer = voter.post(f"{PAGE}/vote", {"entry": entry.pk})
        assert answer["Location"] == f"{PAGE}/vote?line=C2#category-{entry.category_id}"
        assert "your vote" in page_of(voter, f"{PAGE}/vote")
        assert "You have voted in 1 of 1 category." in page_of(voter, f"{PAGE}/vote")
        for reader in (client, client_as(), client_as(Role.SECRETARIAT)):
            assert "your vote" not in page_of(reader, f"{PAGE}/vote")

    def test_no_page_tells_a_count_before_the_champions_are_announced(self, client_as, voting, make_person):
        held = voting()
        first = ShowcaseEntry.objects.order_by("pk")[0]
        for _ in range(7):
            held.vote(make_person(), first, now=timezone.now())
        secretariat = client_as(Role.SECRETARIAT)
        for address in (PAGE, f"{PAGE}/vote", f"{PAGE}/hold"):
            assert "7 votes" not in page_of(secretariat, address)
        assert secretariat.get(f"{PAGE}/hold/decide").status_code == 404
        assert secretariat.get(f"{PAGE}/results.csv").status_code == 404

    def test_who_is_not_signed_in_is_asked_to_and_sees_the_ballot(self, client, voting):
        voting()
        page = page_of(client, f"{PAGE}/vote")
        assert "Sign in to vote" in page
        assert "Vote in this category" not in page
        answer = client.post(f"{PAGE}/vote", {"entry": ShowcaseEntry.objects.all()[0].pk})
        assert answer["Location"].startswith("/account/login")

    def test_where_anyone_votes_a_browser_has_one_vote(self, client, voting):
        voting(votes_open_to=PrizeVotesOpenTo.ANYONE)
        first, second = ShowcaseEntry.objects.order_by("pk")
        assert client.post(f"{PAGE}/vote", {"entry": first.pk}).status_code == 422
        page_of(client, f"{PAGE}/vote")
        for entry in (first, second):
            assert client.post(f"{PAGE}/vote", {"entry": entry.pk}).status_code == 302
        assert ShowcaseVote.objects.get().entry == second
        assert client.post(f"{PAGE}/vote/{first.category_id}/take-back").status_code == 302
        assert not ShowcaseVote.objects.exists()

    def test_what_is_no_nominee_is_refused_in_a_sentence(self, client_as, voting):
        voting()
        for named in ["", "x", "9" * 40, "²", "-1", "0"]:
            answer = client_as().post(f"{PAGE}/vote", {"entry": named})
            assert answer.status_code == 422
            assert "choose" in answer.content.decode()

    def test_the_order_is_another_for_each_voter_and_the_same_for_one(
        self, client_as, hold, make_initiative, make_person
    ):
        held = hold(nominees=8, champions=1)
        for number in range(8):
            entry = held.enter(make_initiative(title=f"Number {number}", organisation=f"Body {number}"))
            held.judge(entry, 4, 4)
        held.announce(Award.NOMINEE)
        to_phase(held, Phase.VOTE)
        orders = set()
        for _ in range(4):
            reader = client_as(person=make_person())
            pages = [re.findall(r"Number \d", page_of(reader, f"{PAGE}/vote")) for _ in range(2)]
            assert pages[0] == pages[1]
            orders.add(tuple(pages[0]))
        assert len(orders) > 1

    def test_before_the_nominees_there_is_no_ballot(self, client, hold):
        hold()
        assert client.get(f"{PAGE}/vote").status_code == 404


class TestEntering:
    def test_an_initiative_is_entered_from_the_page_and_taken_out_again(
        self, client_as, hold, make_initiative, make_person
    ):
        held, person = hold(), make_person()
        initiative = make_initiative(person)
        own = client_as(person=person)
        assert f"{PAGE}/enter?initiative={initiative.pk}" in page_of(own, initiative.get_absolute_url())
        typed = {
            "initiative": initiative.pk,
            "category": held.category("C2").pk,
            "case": "Forty villages are online.",
        }
        answer = own.post(f"{PAGE}/enter", typed)
        assert answer.status_code == 422
        assert "Forty villages are online." in answer.content.decode()
        assert own.post(f"{PAGE}/enter", typed | {"consents": "on"}).status_code == 302
        entry = ShowcaseEntry.objects.get()
        assert entry.case == "Forty villages are online."
        assert own.post(f"{PAGE}/entries/{entry.pk}/withdraw").status_code == 302
        entry.refresh_from_db()
        assert entry.withdrawn_at is not None

    def test_what_cannot_be_entered_says_why(self, client_as, hold, make_initiative, make_person):
        hold()
        person = make_person()
        make_initiative(person, is_published=False)
        assert "Only a published initiative can be entered" in page_of(
            client_as(person=person), f"{PAGE}/enter"
        )
        assert "You have registered no initiative" in page_of(client_as(), f"{PAGE}/enter")

    def test_the_initiative_of_somebody_else_is_no_choice(self, client_as, hold, make_initiative):
        held, initiative = hold(), make_initiative()
        typed = {
            "initiative": initiative.pk,
            "category": held.category("C2").pk,
            "case": "Mine.",
            "consents": "on",
        }
        assert client_as().post(f"{PAGE}/enter", typed).status_code == 422
        assert not ShowcaseEntry.objects.exists()


class TestJudging:
    @pytest.fixture
    def judging(self, hold, make_initiative):
        held = hold()
        for number in range(2):
            held.enter(make_initiative(title=f"Number {number}", organisation=f"Body {number}"))
        to_phase(held, Phase.NOMINATION)
        return held

    def test_an_expert_judges_one_after_the_other(self, client_as, judging):
        reader = client_as(person=judging.experts[0].person)
        assert "0 of 2 entries done." in page_of(reader, f"{PAGE}/judge")
        first, second = ShowcaseEntry.objects.order_by("pk")
        answer = reader.post(f"{PAGE}/judge/{first.pk}", {"k1": "5", "k2": "3"})
        assert answer["Location"] == f"{PAGE}/judge/{second.pk}"
        answer = reader.post(f"{PAGE}/judge/{second.pk}", {"k1": "5"})
        assert answer.status_code == 422
        answer = reader.post(f"{PAGE}/judge/{second.pk}/conflict", {"reason": "A friend runs it."})
        assert answer["Location"] == f"{PAGE}/judge"
        assert "A friend runs it." in page_of(client_as(Role.SECRETARIAT), f"{PAGE}/hold/experts")
        assert reader.post(f"{PAGE}/judge/{second.pk}/take-back").status_code == 302
        assert ShowcaseJudgement.objects.get().marks == {"k1": 5, "k2": 3}

    def test_a_conflict_without_words_is_asked_for_them(self, client_as, judging):
        reader = client_as(person=judging.experts[0].person)
        entry = ShowcaseEntry.objects.all()[0]
        answer = reader.post(f"{PAGE}/judge/{entry.pk}/conflict", {"reason": ""})
        assert answer.status_code == 422
        assert not ShowcaseJudgement.objects.exists()

    def test_an_expert_names_a_winner(self, client_as, counted):
        held = counted()
        to_phase(held, Phase.CHOICE)
        reader = client_as(person=held.experts[0].person)
        champion = ShowcaseEntry.objects.order_by("pk")[0]
        assert "3 votes" in page_of(reader, f"{PAGE}/judge")
        assert reader.post(f"{PAGE}/judge/{champion.pk}/wins").status_code == 302
        assert WinnerPick.objects.get().entry == champion
        assert "your choice" in page_of(reader, f"{PAGE}/judge")


class TestHolding:
    TYPED = {
        "edition": "2025",
        "title_en": "Showcase",
        "judged_by": "marks",
        "lowest": "1",
        "highest": "5",
        "fewest_judgements": "2",
        "nominees": "10",
        "votes_open_to": "signed-in",
        "champions": "5",
        "winner_by": "vote",
        "name-0-en": "Results",
        "weight-0": "1",
        "entry_opens_at": "2030-01-01T00:00",
        "entry_closes_at": "2030-02-01T00:00",
        "nomination_opens_at": "2030-02-01T00:00",
        "nomination_closes_at": "2030-03-01T00:00",
        "vote_opens_at": "2030-03-01T00:00",
        "vote_closes_at": "2030-04-01T00:00",
    }

    def test_it_is_prepared_changed_and_opened_from_the_pages(self, client_as, forum):
        secretariat = client_as(Role.SECRETARIAT)
        page_of(secretariat, "/wsis20/evidence/showcase/new")
        answer = secretariat.post("/wsis20/evidence/showcase/new", self.TYPED)
        assert answer["Location"] == f"{PAGE}/hold"
        kept = Showcase.objects.get(forum=forum)
        opens = kept.phases.get(phase=Phase.ENTRY).opens_at
        assert opens.isoformat() == "2029-12-31T23:00:00+00:00"
        assert kept.criteria == [{"code": "k1", "names": {"en": "Results"}, "weight": 1}]
        secretariat.post(f"{PAGE}/hold/rules", self.TYPED | {"champions": "3"})
        kept.refresh_from_db()
        assert kept.champions == 3
        assert secretariat.post(f"{PAGE}/hold/open").status_code == 302
        assert "Initiatives can be entered soon." in page_of(Client(), PAGE)
        answer = secretariat.post(f"{PAGE}/hold/rules", {"title_en": "Fair", "champions": "1"})
        kept.refresh_from_db()
        assert (kept.titles, kept.champions) == ({"en": "Fair"}, 3)

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"edition": "new"}, "This word is taken"),
            ({"title_en": ""}, "name in at least one language"),
            ({"vote_opens_at": "2030-02-15T00:00"}, "before the phase before it has ended"),
            ({"winner_by": "experts"}, "when each phase begins and ends"),
            ({"name-0-en": ""}, "criteria"),
            ({"champions": "11"}, "at least as many nominees as champions"),
        ],
    )
    @pytest.mark.usefixtures("forum")
    def test_a_refusal_keeps_what_was_typed(self, client_as, wrong, sentence):
        answer = client_as(Role.SECRETARIAT).post("/wsis20/evidence/showcase/new", self.TYPED | wrong)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in page
        assert 'value="2030-04-01T00:00"' in page
        assert not Showcase.objects.exists()

    def test_a_phase_is_ended_now_with_a_reason_everybody_reads(self, client_as, client, hold):
        hold()
        secretariat = client_as(Role.SECRETARIAT)
        answer = secretariat.post(f"{PAGE}/hold/phases/entry", {"now": "1", "reason": ""})
        assert answer.status_code == 422
        secretariat.post(f"{PAGE}/hold/phases/entry", {"now": "1", "reason": "All are here."})
        page = page_of(client, PAGE)
        assert "All are here." in page
        assert "the experts will judge them soon" in page

    def test_experts_are_named_and_ended(self, client_as, hold, make_person):
        held, person = hold(), make_person(name="Ada")
        secretariat = client_as(Role.SECRETARIAT)
        answer = secretariat.post(f"{PAGE}/hold/experts", {"email": "nobody@example.org"})
        assert "Nobody has an account with this address" in answer.content.decode()
        category = held.category("C3")
        secretariat.post(f"{PAGE}/hold/experts", {"email": person.email, "categories": [category.pk]})
        expert = ShowcaseExpert.objects.get(person=person)
        assert list(expert.categories.all()) == [category]
        assert "Ada" in page_of(secretariat, f"{PAGE}/hold/experts")
        secretariat.post(f"{PAGE}/hold/experts/{expert.pk}/end")
        expert.refresh_from_db()
        assert expert.ended_at is not None

    def test_a_tie_is_settled_and_the_nominees_announced(self, client_as, client, hold, make_initiative):
        held = hold(nominees=1, champions=1)
        entries = []
        for number in range(2):
            entry = held.enter(make_initiative(title=f"Number {number}", organisation=f"Body {number}"))
            held.judge(entry, 4, 4)
            entries.append(entry)
        to_phase(held, Phase.VOTE)
        secretariat = client_as(Role.SECRETARIAT)
        page = page_of(secretariat, f"{PAGE}/hold/decide")
        assert "1 tie has to be settled first." in page
        secretariat.post(f"{PAGE}/hold/announce", {"award": "nominee"})
        assert Showcase.objects.get().nominees_at is None
        category = entries[0].category_id
        answer = secretariat.post(f"{PAGE}/hold/decide/{category}", {"reason": "Longer."})
        assert answer.status_code == 422
        assert "Longer." in answer.content.decode()
        secretariat.post(
            f"{PAGE}/hold/decide/{category}", {"chosen": [entries[1].pk], "reason": "It runs longer."}
        )
        secretariat.post(f"{PAGE}/hold/announce", {"award": "champion"})
        assert Showcase.objects.get().nominees_at is None
        assert "It runs longer." not in page_of(client, PAGE)
        secretariat.post(f"{PAGE}/hold/announce", {"award": "nominee"})
        page = page_of(client, PAGE)
        assert "It runs longer." in page
        assert "Number 1" in page
        assert "Number 0" not in page

    def test_a_category_is_renamed_and_taken_out(self, client_as, hold):
        held = hold()
        secretariat, pk = client_as(Role.SECRETARIAT), held.category("C1").pk
        secretariat.post(f"{PAGE}/hold/categories/{pk}", {"title_en": "Governments"})
        assert "Governments" in page_of(secretariat, f"{PAGE}/hold/categories")
        secretariat.post(f"{PAGE}/hold/categories/{pk}/remove")
        assert held.showcase.categories.count() == 2
        secretariat.post(f"{PAGE}/hold/categories")
        assert held.showcase.categories.count() == 3


class TestResult:
    def test_votes_and_champions_are_public_with_how_it_came_about(self, client, counted):
        counted()
        page = page_of(client, PAGE)
        for words in ("3 votes", "1 vote", "by 4 voters", "How this result came about", "Champion"):
            assert words in page

    def test_the_result_leaves_as_csv(self, client, counted):
        counted()
        answer = client.get(f"{PAGE}/results.csv")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [(one["title"], one["votes"], one["place"], one["award"]) for one in rows] == [
            ("Number 0", "3", "1", "champion"),
            ("Number 1", "1", "2", "champion"),
        ]
        assert rows[0]["share_of_category"] == "0.75"

    def test_an_initiative_wears_its_badge(self, client, counted):
        counted()
        initiative = ShowcaseEntry.objects.order_by("pk")[0].initiative
        assert "Champion, 2025" in page_of(client, initiative.get_absolute_url())

    def test_the_front_of_the_evidence_leads_to_it(self, client, voting):
        voting()
        page = page_of(client, "/wsis20/evidence")
        assert f'href="{PAGE}/vote"' in page
        assert "The public vote is open." in page


class TestManyEntries:
    @pytest.fixture
    def many(self, hold, make_initiative, now):
        """Sixty-two nominees in two categories, put to the vote."""
        held, first = hold(nominees=40, champions=1), make_initiative(title="Number 00")
        held.enter(first)
        for number in range(1, 62):
            first.pk = first.symbol.pk = None
            first.symbol.number, first.title = number + 1, f"Number {number:02}"
            first.symbol.save()
            first.symbol_id = first.symbol.pk
            first.save()
            ShowcaseEntry.objects.create(
                showcase=held.showcase,
                category=held.category("C2" if number % 2 else "C3"),
                initiative=first,
                case="It works.",
                entered_at=now,
                consented_at=now,
            )
        return held

    def test_one_category_is_shown_at_a_time(self, many, client, client_as):
        page = page_of(client, PAGE)
        assert len(re.findall(r"Number \d\d", page)) == 32
        assert 'href="?line=C3#C3"' in page
        assert len(re.findall(r"Number \d\d", page_of(client, f"{PAGE}?line=C3"))) == 30
        assert len(re.findall(r"Number \d\d", page_of(client, f"{PAGE}?line=C99"))) == 32
        reader = client_as(person=many.experts[0].person)
        assert len(re.findall(r"Number \d\d", page_of(reader, f"{PAGE}/judge?line=C3"))) == 30

    def test_the_ballot_goes_on_to_the_next_category(self, many, client_as):
        ShowcaseEntry.objects.update(award="nominee")
        Showcase.objects.update(nominees_at=timezone.now())
        to_phase(many, Phase.VOTE)
        voter = client_as()
        assert len(re.findall(r"Number \d\d", page_of(voter, f"{PAGE}/vote"))) == 32
        entry = ShowcaseEntry.objects.filter(category__line__code="C2")[0]
        answer = voter.post(f"{PAGE}/vote", {"entry": entry.pk})
        assert answer["Location"].startswith(f"{PAGE}/vote?line=C3#")


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("what", "most"), [("", 20), ("/vote", 20), ("/judge", 20), ("/hold/experts", 22), ("/enter", 22)]
)
def test_more_entries_ask_no_more_of_the_database(what, most, client_as, hold, make_initiative):
    held = hold(nominees=20, champions=1)
    person = held.experts[0].person

    def enter(numbers):
        for number in numbers:
            entry = held.enter(
                make_initiative(title=f"Number {number}", organisation=f"Body {number}"),
                ("C1", "C2", "C3")[number % 3],
            )
            held.judge(entry, 4, 4)

    enter(range(3))
    if what == "/vote":
        Showcase.objects.update(nominees_at=timezone.now())
        ShowcaseEntry.objects.update(award="nominee")
    reader = client_as(Role.SECRETARIAT) if "hold" in what else client_as(person=person)
    before = queries_of(reader, PAGE + what)
    Showcase.objects.update(nominees_at=None)
    enter(range(3, 9))
    if what == "/vote":
        Showcase.objects.update(nominees_at=timezone.now())
        ShowcaseEntry.objects.update(award="nominee")
    assert queries_of(reader, PAGE + what) == before
    assert before <= most
