"""The balance of a consultation: who is counted how, who is missing, whom to invite, who sees what."""

import csv
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from muntada.consultation.balance import queries as balance
from muntada.consultation.balance.actions import choose_reference
from muntada.consultation.balance.models import Reference
from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.contributions.rules.contributions import ShownAs
from muntada.consultation.opinion.actions.maps import redraw_opinion_map
from muntada.consultation.opinion.rules import Basis, ChosenShares
from muntada.consultation.statements.models import Statement, Vote, Voter
from muntada.forums.models import Forum
from muntada.forums.rules.schemes import HEADQUARTERS, Scheme
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.models import Organisation
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM

type Contribute = Callable[..., Contribution]
REGIONS = "region:m49-region"


def scheme(forum: Forum, key: str = REGIONS) -> Scheme:
    return next(one for one in balance.schemes_of(forum) if one.key == key)


@pytest.fixture
def said(contribute: Contribute) -> list[Contribution]:
    """Six of a ministry in Africa, two of a network in America, two of headquarters in Geneva."""
    geneva = Organisation.objects.create(
        name="International Body", kind="intergovernmental", country="CH", is_international_headquarters=True
    )
    ministry = Organisation.objects.create(name="Ministry", kind="government", country="KE")
    network = Organisation.objects.create(name="Network", kind="civil-society", country="US")
    kept = [contribute(title=f"Contribution {number}") for number in range(10)]
    for one, organisation in zip(kept, [ministry] * 6 + [network] * 2 + [geneva] * 2, strict=True):
        Contribution.objects.filter(pk=one.pk).update(organisation=organisation)
    return kept


@pytest.fixture
def speak(contribute: Contribute, make_person) -> Callable[..., None]:
    """So many people who write for themselves from a country, each as often."""

    def speak(country: str, number: int, *, each: int = 1, **changes: object) -> None:
        for _ in range(number):
            person = make_person()
            for _ in range(each):
                contribute(person, kind="civil-society", country=country, **changes)

    return speak


def cells(page: balance.BalancePage, measure: str = "contributions") -> dict[str, int | None]:
    """The numbers of one measure by group; None where some are kept back."""
    place = [one.code for one in page.measures].index(measure)
    return {row.code: None if row.cells[place].is_kept_back else row.cells[place].count for row in page.rows}


def counts(page: balance.BalancePage) -> dict[str, int | None]:
    return cells(page)


def typed(**shares: int) -> ChosenShares:
    percents = {code.removeprefix("r"): Decimal(share) for code, share in shares.items()}
    return ChosenShares(Basis.TYPED, percents, "UN population prospects")


def test_what_organisations_said_is_counted_by_any_scheme(forum, said) -> None:
    assert counts(balance.balance_page(forum, None, REGIONS)) == {
        "002": 6,
        "019": 2,
        "142": 0,
        "150": 0,
        "009": 0,
        HEADQUARTERS: 2,
    }
    stakeholders = counts(balance.balance_page(forum, None))
    assert (stakeholders["governments"], stakeholders["international-organizations"]) == (6, 2)


def test_headquarters_are_shown_where_they_stand_beside_the_regions(forum, said) -> None:
    page = balance.balance_page(forum, None, REGIONS)
    europe = page.fullest_seat
    assert europe is not None
    assert (europe.title, europe.standing.apart, europe.standing.headquarters) == ("Europe", 0, 2)


def test_people_are_counted_by_the_regions_shown_first_and_by_no_others(forum, said, speak) -> None:
    speak("FR", 5)
    page = balance.balance_page(forum, None, REGIONS)
    assert (counts(page)["150"], page.has_untold, page.silent) == (5, False, ("Asia", "Oceania"))
    other = balance.balance_page(forum, None, "region:wb-region")
    assert sum(count or 0 for count in counts(other).values()) == 10
    assert (other.measures[0].balance.untold, other.total, other.silent) == (5, 15, ())


def test_fewer_than_five_people_are_kept_back_however_often_they_wrote(forum, said, speak) -> None:
    speak("US", 4, each=2)
    speak("FR", 5)
    page = balance.balance_page(forum, None, REGIONS)
    found = {row.code: row.cells[0] for row in page.rows}
    assert (found["019"].is_kept_back, found["019"].count) == (True, 2)
    assert (found["150"].is_kept_back, found["150"].count) == (True, 0)
    assert (found["002"].is_kept_back, found["002"].count) == (False, 6)


@pytest.mark.parametrize("hidden", [{"shown_as": ShownAs.NOBODY}, {"consent_to_publish": False}])
def test_an_organisation_that_is_not_shown_is_kept_back_as_people_are(forum, said, hidden) -> None:
    Contribution.objects.filter(pk=said[6].pk).update(**hidden)
    assert counts(balance.balance_page(forum, None, REGIONS))["019"] is None


def test_languages_are_counted_of_what_is_published(forum, said, speak) -> None:
    speak("FR", 2)
    speak("FR", 1, consent_to_publish=False)
    page = balance.balance_page(forum, None, "language")
    assert (counts(page)["en"], page.measures[0].balance.untold) == (12, 1)


def test_statements_are_counted_of_organisations_that_are_shown(forum, said, put_statement) -> None:
    for number, source in enumerate([said[0], said[6], None]):
        statement = put_statement(f"Statement {number}")
        Statement.objects.filter(pk=statement.pk).update(taken_from=source)
    Contribution.objects.filter(pk=said[6].pk).update(organisation=None, kind="press", country="US")
    page = balance.balance_page(forum, None, REGIONS)
    assert cells(page, "statements") == {
        "002": 1,
        "019": 0,
        "142": 0,
        "150": 0,
        "009": 0,
        HEADQUARTERS: 0,
        "": 1,
    }
    assert page.measures[1].balance.untold == 1


def test_the_withdrawn_and_the_merged_are_not_counted(forum, said, now) -> None:
    Contribution.objects.filter(pk=said[0].pk).update(withdrawn_at=now)
    Contribution.objects.filter(pk=said[1].pk).update(came_by="merge", provenance="A merge")
    assert counts(balance.balance_page(forum, None, REGIONS))["002"] == 4


def test_voters_are_told_as_the_opinion_map_tells_them(forum, call, said, put_statement, now) -> None:
    statement = put_statement()
    for country in ["KE"] * 6 + ["CH"] * 2 + ["CN"] * 9:
        voter = Voter.objects.create(call=call, kind="press", country=country)
        Vote.objects.create(voter=voter, statement=statement, value=1, cast_at=now)
    assert len(balance.balance_page(forum, call, REGIONS).measures) == 2
    kept = redraw_opinion_map(call=call, now=now)
    page = balance.balance_page(forum, call, REGIONS)
    told = next(one for one in kept.voices["dimensions"] if one["name"] == REGIONS)["groups"]
    assert {one["category"]: one["people"] for one in told} == {"002": None, "142": 9, "150": None}
    assert cells(page, "voters") == {
        "002": None,
        "019": 0,
        "142": 9,
        "150": None,
        "009": 0,
        HEADQUARTERS: 0,
        "": 0,
    }
    assert page.voted == balance.Voted(17, 17, kept.made_at)


def test_a_call_that_gives_out_rows_says_why_voters_are_told_in_no_group(
    forum, call, said, put_statement, now, client
) -> None:
    Call.objects.filter(pk=call.pk).update(gives_out=GivesOut.ROWS)
    voter = Voter.objects.create(call=call, kind="press", country="KE")
    Vote.objects.create(voter=voter, statement=put_statement(), value=1, cast_at=now)
    redraw_opinion_map(call=Call.objects.get(), now=now)
    page = client.get(address("call_balance", call.slug), {"scheme": REGIONS}).text
    assert "1 person cast 1 votes." in page
    assert "under an alias, so they are not counted by group." in page
    assert "By group they are counted" not in page


def test_voters_of_all_calls_are_told_in_no_group(forum, call, said, put_statement, now) -> None:
    statement = put_statement()
    for _ in range(9):
        voter = Voter.objects.create(call=call, kind="press", country="KE")
        Vote.objects.create(voter=voter, statement=statement, value=1, cast_at=now)
    redraw_opinion_map(call=call, now=now)
    page = balance.balance_page(forum, None, REGIONS)
    assert [one.code for one in page.measures] == ["contributions", "statements"]
    assert page.voted == balance.Voted(9, 9)
    by_income = balance.balance_page(forum, call, "country:wb-income")
    assert [one.code for one in by_income.measures] == ["contributions", "statements"]


def test_one_call_is_counted_apart_from_the_others(forum, call, said, make_call, contribute) -> None:
    other = make_call("second-call")
    contribute(call=other, title="Elsewhere")
    assert balance.balance_page(forum, call).total == 10
    assert balance.balance_page(forum, other).total == 1
    assert balance.balance_page(forum, None).total == 11


def test_groups_below_their_share_are_missing_with_their_countries(
    forum, call, said, now, secretariat
) -> None:
    chosen = typed(r002=20, r019=30, r142=40, r150=10)
    choose_reference(forum=forum, scheme=scheme(forum), chosen=chosen, actor=secretariat, now=now)
    page = balance.balance_page(forum, None, REGIONS)
    assert [(row.title, row.short) for row in page.missing] == [("Asia", 3), ("Europe", 1)]
    assert page.silent == ("Asia", "Europe", "Oceania")
    missing = {row.title: row.silent_countries for row in page.rows}
    assert "US" not in missing["Americas"]
    assert {"CH", "FR"} <= set(missing["Europe"])


def test_headquarters_leave_groups_that_are_equal_at_their_equal_shares(
    forum, said, now, secretariat
) -> None:
    choose_reference(
        forum=forum, scheme=scheme(forum), chosen=typed(r002=50, r019=50), actor=secretariat, now=now
    )
    Contribution.objects.filter(pk__in=[one.pk for one in said[:4]]).update(
        organisation=Organisation.objects.get(name="International Body")
    )
    page = balance.balance_page(forum, None, REGIONS)
    assert (counts(page)["002"], counts(page)["019"], counts(page)[HEADQUARTERS]) == (2, 2, 6)
    assert page.missing == ()


def test_organisations_of_missing_groups_that_have_not_contributed_are_to_be_invited(
    forum, said, now, secretariat
) -> None:
    for name, country in (("Himalaya Net", "NP"), ("Nairobi Lab", "KE"), ("Paris Lab", "FR")):
        Organisation.objects.create(name=name, kind="academia", country=country)
    chosen = typed(r002=50, r142=50)
    choose_reference(forum=forum, scheme=scheme(forum), chosen=chosen, actor=secretariat, now=now)
    page = balance.balance_page(forum, None, REGIONS)
    assert [(one.name, one.group, one.short) for one in balance.to_invite(forum, None, page)] == [
        ("Himalaya Net", "Asia", 4)
    ]


# ---- the reference ----


def test_the_last_forum_is_a_reference(forum, other_forum, call, said, now) -> None:
    Forum.objects.filter(pk=other_forum.pk).update(previous=forum)
    other_forum.refresh_from_db()
    kept = choose_reference(
        forum=other_forum,
        scheme=scheme(forum),
        chosen=ChosenShares(Basis.LAST_FORUM),
        actor=SYSTEM,
        now=now,
    )
    assert kept is not None
    assert kept.shares == {"002": 75.0, "019": 25.0, "142": 0.0, "150": 0.0, "009": 0.0}
    assert kept.source == "Test forum"


def test_the_last_forum_is_no_reference_where_that_would_tell_a_few(
    forum, other_forum, said, speak, now
) -> None:
    speak("US", 2)
    Forum.objects.filter(pk=other_forum.pk).update(previous=forum)
    other_forum.refresh_from_db()
    chosen = ChosenShares(Basis.LAST_FORUM)
    with pytest.raises(Refused, match="too small to be told"):
        choose_reference(forum=other_forum, scheme=scheme(forum), chosen=chosen, actor=SYSTEM, now=now)
    by_income = scheme(forum, "country:wb-income")
    assert choose_reference(forum=other_forum, scheme=by_income, chosen=chosen, actor=SYSTEM, now=now)


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        (ChosenShares(Basis.LAST_FORUM), "forum before this one"),
        (typed(r002=50, r019=49), "add up to 99 percent"),
        (ChosenShares(Basis.TYPED, {"002": Decimal(100)}, "  "), "where the shares come from"),
        (ChosenShares(Basis.TYPED, {"002": Decimal(101), "019": Decimal(-1)}, "x"), "from 0 to 100"),
        (ChosenShares(Basis.TYPED, {"nowhere": Decimal(100)}, "x"), "add up to 0 percent"),
    ],
)
def test_a_reference_that_cannot_be_checked_is_refused(forum, now, chosen, sentence, secretariat) -> None:
    with pytest.raises(Refused, match=sentence):
        choose_reference(forum=forum, scheme=scheme(forum), chosen=chosen, actor=secretariat, now=now)
    assert not Reference.objects.exists()


def test_a_new_reference_takes_the_place_of_the_old_and_can_be_taken_away(forum, now, secretariat) -> None:
    for basis, left in ((Basis.EQUAL, 1), (Basis.EQUAL, 1), (Basis.NONE, 0)):
        choose_reference(
            forum=forum, scheme=scheme(forum), chosen=ChosenShares(basis), actor=secretariat, now=now
        )
        assert Reference.objects.count() == left


def test_only_the_secretariat_chooses_the_reference(forum, now, participant) -> None:
    with pytest.raises(NotAllowed):
        choose_reference(
            forum=forum, scheme=scheme(forum), chosen=ChosenShares(Basis.EQUAL), actor=participant, now=now
        )


# ---- pages ----


def address(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=["wsis20", *args])


def test_the_page_says_who_is_missing_and_only_the_secretariat_whom_to_invite(
    client: Client, client_as, forum, said, now, secretariat
) -> None:
    Organisation.objects.create(name="Himalaya Net", kind="academia", country="NP")
    choose_reference(
        forum=forum, scheme=scheme(forum), chosen=ChosenShares(Basis.EQUAL), actor=secretariat, now=now
    )
    page = client.get(address("balance"), {"scheme": REGIONS}).text
    assert "Not heard: Asia, Europe, and Oceania." in page
    assert "Asia: 2 contributions below its share" in page
    assert "2 of the 2 contributions from “Europe” come from headquarters." in page
    assert "Himalaya Net" not in page
    assert "Himalaya Net" in client_as(Role.SECRETARIAT).get(address("balance"), {"scheme": REGIONS}).text


def test_the_list_to_invite_is_a_table_in_which_nothing_is_taken_for_a_formula(
    client_as, forum, said, now, secretariat
) -> None:
    Organisation.objects.create(name='=HYPERLINK("http://example.org")', kind="academia", country="NP")
    choose_reference(
        forum=forum, scheme=scheme(forum), chosen=ChosenShares(Basis.EQUAL), actor=secretariat, now=now
    )
    answer = client_as(Role.SECRETARIAT).get(address("call_invite", "open-call"), {"scheme": REGIONS})
    assert list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"))))[1] == [
        '\'=HYPERLINK("http://example.org")',
        "Academia",
        "NP",
        "Asia",
        "2",
    ]


def test_what_was_typed_for_a_reference_stays_when_it_is_refused(client_as, forum) -> None:
    answer = client_as(Role.SECRETARIAT).post(
        address("compare", REGIONS), {"basis": "typed", "share-002": "60", "share-019": "30", "source": "UN"}
    )
    assert answer.status_code == 422
    assert "add up to 90 percent" in answer.text
    assert 'value="60"' in answer.text


def test_a_reference_is_set_through_its_form(client_as, forum) -> None:
    answer = client_as(Role.SECRETARIAT).post(
        address("compare", REGIONS), {"basis": "typed", "share-002": "60", "share-019": "40", "source": "UN"}
    )
    assert (answer.status_code, answer.url) == (302, address("references"))
    assert Reference.objects.get().shares == {"002": 60.0, "019": 40.0}
    assert "UN" in client_as(Role.SECRETARIAT).get(address("references")).text


def test_an_empty_consultation_says_that_everybody_is_missing(client, call: Call) -> None:
    assert "everybody is still missing" in client.get(address("call_balance", "open-call")).text


def test_the_balance_of_many_costs_no_more_queries_than_of_few(
    client, contribute: Contribute, now: datetime
) -> None:
    seen = []
    for _ in range(2):
        for number in range(3):
            contribute(title=f"Contribution {number} {len(seen)}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address("call_balance", "open-call"), {"scheme": REGIONS})
        seen.append(len(queries))
    assert seen[0] == seen[1] < 20
