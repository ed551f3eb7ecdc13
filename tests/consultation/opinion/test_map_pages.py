"""The pages of an opinion map: what they say, who may set what groups weigh, what they cost."""

import json
import re
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.page_text import tight

from engines.opinion.random_votes import one_crowd
from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import ResultsVisible
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.consultation.opinion.actions.maps import redraw_opinion_map, weigh_by
from muntada.consultation.opinion.rules import Basis, ChosenShares
from muntada.consultation.statements.models import OpinionMap, Statement, Vote, Voter
from muntada.engines.opinion.steadiness import CAUTION
from muntada.forums.rules.schemes import scheme_at
from muntada.people.rules import Role

type Draw = Callable[..., OpinionMap]


def address(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=["wsis20", "open-call", *args])


@pytest.fixture
def draw(call: Call, put_statement: Callable[..., Statement], now: datetime) -> Draw:
    """A map of two camps of fifteen, drawn with so many more statements and on so many days more."""

    def make(statements: int = 8, days: int = 1) -> OpinionMap:
        before = Statement.objects.count()
        put = [put_statement(f"Statement {before + number}") for number in range(statements)]
        voters = Voter.objects.bulk_create(
            Voter(call=call, kind=kind, country=country)
            for kind, country in [("government", "KE")] * 15 + [("civil-society", "FR")] * 15
        )
        Vote.objects.bulk_create(
            Vote(
                voter=voter,
                statement=statement,
                value=0 if number == 6 else 1 if number == 7 or (place < 15) == (number < 4) else -1,
                cast_at=now,
            )
            for place, voter in enumerate(voters)
            for number, statement in enumerate(put)
        )
        return [redraw_opinion_map(call=call, now=now + timedelta(days=day)) for day in range(days)][-1]

    return make


def test_the_page_says_in_words_what_sets_groups_apart_and_how_sure_that_is(client: Client, draw) -> None:
    draw()
    page = client.get(address("map")).text
    assert "2 groups of people who vote alike were found among the 30" in page
    assert '<h2 id="steady">' in page
    assert 'id="no-proof-of-camps"' in page
    assert "What sets it apart" in page
    assert "15 of 15: 100%, between 80% and 100% (95%)" in page
    assert "30 of 30 pass (100%)" in page


def test_of_one_crowd_without_camps_the_page_says_that_a_steady_division_proves_none(
    client: Client, call: Call, put_statement: Callable[..., Statement], now: datetime
) -> None:
    put = [put_statement(f"Statement {number}") for number in range(20)]
    crowd = one_crowd(200, 20)
    voters = Voter.objects.bulk_create(Voter(call=call) for _ in crowd)
    Vote.objects.bulk_create(
        Vote(voter=voter, statement=statement, value=value, cast_at=now)
        for voter, votes in zip(voters, crowd, strict=True)
        for statement, value in zip(put, votes, strict=True)
    )
    kept = redraw_opinion_map(call=call, now=now)
    assert kept.result["grouping"]["steadiness"]["verdict"] == "steady"
    page = client.get(address("map")).text
    (said,) = re.findall(r'<p id="no-proof-of-camps">(.*?)</p>', page)
    assert said == CAUTION
    exported = client.get(address("map_json")).json()
    assert CAUTION in json.dumps(exported)


def test_raw_and_reweighted_stand_side_by_side_with_what_that_costs(
    client: Client, call, draw, now, secretariat
) -> None:
    weigh_by(
        call=call,
        scheme=scheme_at("stakeholder:wsis"),
        chosen=ChosenShares(Basis.EQUAL),
        actor=secretariat,
        now=now,
    )
    draw()
    for name in ("map", "voices"):
        page = client.get(address(name)).text
        assert "Agree, raw" in page
        assert "design effect 1.00" in page
        assert "Academia" in page
        assert "no weight can speak in their place" in page


def test_groups_are_told_by_the_scheme_that_is_asked_for(client: Client, draw) -> None:
    draw()
    by_region = tight(client.get(address("voices"), {"scheme": "region:m49-region"}).text)
    assert "Who was heard: UN regions (M49)" in by_region
    assert '<th scope="row">Africa</th><td class="num">15</td>' in by_region
    assert '<th scope="row">Asia</th><td class="num">not heard</td>' in by_region
    assert "Who was heard: WSIS" in client.get(address("voices"), {"scheme": "nonsense"}).text


def test_earlier_maps_are_listed_and_can_be_seen(client: Client, draw) -> None:
    last = draw(days=3)
    first = OpinionMap.objects.order_by("made_at")[0]
    page = client.get(address("map")).text
    assert "How the map came about" in page
    assert address("map_then", first.pk) in page
    then = client.get(address("map_then", first.pk)).text
    assert "This is the map as it was drawn on" in then
    assert address("map_data") not in then
    assert client.get(address("map_then", last.pk + 99)).status_code == 404


@pytest.fixture
def rows_given_out(call: Call) -> Call:
    call.gives_out = GivesOut.ROWS
    call.save()
    return call


def test_the_open_data_and_the_map_as_json_are_served(client: Client, rows_given_out, draw) -> None:
    draw()
    answer = client.get(address("map_data"))
    assert answer.streaming
    assert answer.headers["Content-Disposition"] == 'attachment; filename="wsis20-open-call-votes.zip"'
    with zipfile.ZipFile(BytesIO(answer.getvalue())) as archive:
        assert "votes.csv" in archive.namelist()
    document = json.loads(client.get(address("map_json")).text)
    assert [group["size"] for group in document["groups"]] == [15, 15]
    assert len(document["participants"]) == 30


def test_open_data_that_somebody_has_already_are_not_sent_again(client: Client, rows_given_out, draw) -> None:
    draw()
    tags = {name: client.get(address(name)).headers["ETag"] for name in ("map_data", "map_json")}
    for name, tag in tags.items():
        again = client.get(address(name), headers={"If-None-Match": tag})
        assert (again.status_code, again.getvalue()) == (304, b""), name
    draw(statements=9)
    for name, tag in tags.items():
        assert client.get(address(name), headers={"If-None-Match": tag}).status_code == 200, name


def test_where_groups_are_told_no_place_and_no_vote_of_anybody_is(client: Client, draw) -> None:
    draw()
    page = client.get(address("map")).text
    assert address("map_data") not in page
    assert "Where single people are is not told" in page
    assert 'class="hull"' not in page
    refusal = client.get(address("map_data"))
    assert refusal.status_code == 404
    assert "does not give out the votes of single people" in refusal.text
    document = json.loads(client.get(address("map_json")).text)
    assert "participants" not in document
    assert sorted(crowd["people"] for crowd in document["crowds"]) == [7, 7, 8, 8]
    assert document["voices"]["dimensions"]


def test_where_rows_are_given_out_nothing_is_told_by_declared_group(
    client: Client, client_as, rows_given_out, draw
) -> None:
    draw()
    for name in ("map", "voices"):
        page = client.get(address(name)).text
        assert "it tells nothing by stakeholder group or region" in page
        assert "Civil society" not in page
    assert "voices" not in json.loads(client.get(address("map_json")).text)
    secretariat = client_as(Role.SECRETARIAT)
    assert "nothing is re-weighted" in secretariat.get(address("weights")).text
    assert secretariat.get(address("weigh", "stakeholder:wsis")).status_code == 422


def test_while_results_are_hidden_nothing_of_the_map_is_given_out(client: Client, call, draw) -> None:
    kept = draw()
    Call.objects.update(results_visible=ResultsVisible.AFTER_CLOSE)
    for name in ("map", "voices"):
        page = client.get(address(name)).text
        assert "shown when the call is closed" in page
        assert "Statement 3" not in page
    assert "Statement 3" not in client.get(address("map_then", kept.pk)).text
    assert client.get(address("map_data")).status_code == 404
    assert client.get(address("map_json")).status_code == 404


def test_a_statement_stands_in_the_language_of_the_page(client: Client, draw) -> None:
    draw()
    Statement.objects.filter(symbol__number=1).update(
        translations={"fr": {"text": "Une phrase traduite", "status": "reviewed"}}
    )
    assert "Une phrase traduite" in client.get(address("map"), {"lang": "fr"}).text
    assert "Une phrase traduite" not in client.get(address("map"), {"lang": "en"}).text


def test_what_groups_weigh_is_set_through_its_form(client_as, call) -> None:
    secretariat = client_as(Role.SECRETARIAT)
    key = "stakeholder:wsis"
    typed = {"basis": "typed", "share-governments": "30", "share-civil-society": "69", "source": "A census"}
    refused = secretariat.post(address("weigh", key), typed)
    assert refused.status_code == 422
    assert "add up to 99 percent" in refused.text
    assert 'value="69"' in refused.text
    answer = secretariat.post(address("weigh", key), typed | {"share-civil-society": "70"})
    assert (answer.status_code, answer.url) == (302, address("weights"))
    assert Call.objects.get().margins[key]["shares"] == {"governments": 30.0, "civil-society": 70.0}
    assert "A census" in secretariat.get(address("weights")).text
    assert 'value="70"' in secretariat.get(address("weigh", key)).text


def test_there_is_no_form_for_a_scheme_that_does_not_exist(client_as, call) -> None:
    assert client_as(Role.SECRETARIAT).get(address("weigh", "region:itu")).status_code == 404


def test_a_larger_map_costs_no_more_queries(client: Client, draw) -> None:
    seen: dict[str, list[int]] = {"map": [], "voices": []}
    for statements, days in ((8, 1), (12, 2)):
        draw(statements, days)
        for name, counts in seen.items():
            with CaptureQueriesContext(connection) as queries:
                client.get(address(name))
            counts.append(len(queries))
    for name, (few, more) in seen.items():
        assert few == more < 15, name
