"""The opinion map in words, and what is asked of the tables for pages."""

from typing import Any

import pytest

from muntada.consultation.calls.models import Call
from muntada.consultation.opinion.queries import maprows, maps
from muntada.consultation.statements.models import OpinionMap
from muntada.consultation.statements.queries import groups as statements_groups
from muntada.consultation.statements.queries import statements
from muntada.consultation.statements.queries.statements import VoteTally
from muntada.forums.queries import ForumRequest


def votes(agree: int, disagree: int, passed: int = 0) -> dict[str, int]:
    return {"agree": agree, "disagree": disagree, "passed": passed}


def placed(agree: int, disagree: int, by_group: list[dict[str, int]], **more: Any) -> dict[str, Any]:
    words = {"by_group": by_group, "unites": 0.1, "unites_against": 0.0, "left_out": False}
    return votes(agree, disagree) | words | more


@pytest.fixture
def drawn(call: Call, put_statement, now) -> OpinionMap:
    """A map of three groups, the last of them of three people only."""
    for number in range(3):
        put_statement(f"Statement {number}")
    groups = [{"id": number, "size": size, "representative": []} for number, size in enumerate((20, 10, 3))]
    groups[0]["representative"] = [
        {"statement": "1", "direction": "disagree", "count": 15, "seen": 20},
        {"statement": "99", "direction": "agree", "count": 5, "seen": 6},
    ]
    found = {
        "1": placed(10, 20, [votes(2, 18), votes(8, 2), votes(0, 3)]),
        "2": placed(20, 10, [votes(12, 6), votes(6, 4), votes(3, 0)], unites=0.4),
        "3": placed(1, 9, [votes(1, 8), votes(0, 1), votes(0, 0)], unites_against=0.6),
    }
    return OpinionMap.objects.create(
        call=call,
        seed=3,
        settings={},
        voters=40,
        votes=70,
        statements=3,
        points=[[7, 0.1, 0.2, 0], [8, 0.3, 0.4, 2], [9, 0.5, 0.6, None]],
        priorities={},
        result={
            "groups": groups,
            "statements": found,
            "consensus": {},
            "axes": [
                {"share": 0.21, "reading": {"sentence": "It is a %(what)s.", "params": {"what": "tendency"}}},
                {"share": 0.1, "reading": None},
            ],
            "grouping": {"reason": {"sentence": "Only %(people)s people", "params": {"people": 4}}},
        },
        made_at=now,
    )


def map_of(kept: OpinionMap, voter_id: int | None = None) -> maps.MapPage:
    return maps.map_page(kept, maps.texts_of(kept.call), voter_id)


def test_a_group_of_three_is_neither_named_nor_coloured_nor_counted(call, drawn):
    page = map_of(drawn)
    assert [(group.letter, group.size) for group in page.groups] == [("A", 20), ("B", 10)]
    assert page.too_small == 1
    assert not page.points
    assert all(len(row.by_group) == 2 for row in page.rows)


def test_what_stands_for_a_group_is_told_with_how_many_say_so(call, drawn):
    (one,) = map_of(drawn).groups[0].representative
    assert (one.statement.text, one.agrees, one.share) == ("Statement 0", False, 75)


def test_what_unites_and_what_divides_come_first(call, drawn):
    page = map_of(drawn)
    # Of the third statement group B has one vote: that says nothing about the group.
    assert [(row.statement.number, row.agrees) for row in page.unites] == [(2, True)]
    # On the second the shares of the groups differ by no more than chance would make them.
    assert [row.statement.number for row in page.divides] == [1]


def test_a_small_group_cannot_be_found_by_taking_the_others_off_the_whole(call, drawn):
    """Of 33 people 20 and 10 leave 3; with 7 in no group they leave 10."""
    drawn.voters = 33
    page = map_of(drawn)
    assert [group.letter for group in page.groups] == ["A"]
    assert page.too_small == 2


def test_where_rows_are_given_out_everybody_has_a_place(call, drawn):
    drawn.call.gives_out = "rows"
    page = map_of(drawn)
    assert [group for _, _, group in page.points] == [0, None, None]
    assert not page.crowds


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        ("number", [1, 2, 3]),
        ("agree", [2, 1, 3]),
        ("votes", [1, 2, 3]),
        ("unites", [3, 2, 1]),
        ("divides", [1, 2, 3]),
        ("A", [2, 3, 1]),
        ("B", [1, 2, 3]),
        ("Z", [1, 2, 3]),
        ("", [1, 2, 3]),
    ],
)
def test_statements_are_sorted_as_asked(call, drawn, order, numbers):
    rows = maprows.sorted_rows(map_of(drawn).rows, order)
    assert [row.statement.number for row in rows] == numbers


def test_who_voted_sees_where_they_are_and_nobody_else_does(call, drawn):
    assert map_of(drawn, 7).my_letter == "A"
    assert map_of(drawn, 8).mine == (0.3, 0.4, None)
    assert map_of(drawn, 8).my_letter == ""
    assert map_of(drawn).mine is None


def test_an_axis_of_readiness_to_agree_is_named_as_that(call, drawn):
    assert [(axis.share, axis.reading) for axis in map_of(drawn).axes] == [
        (21, "It is a tendency."),
        (10, ""),
    ]


def test_the_reason_of_the_engine_is_told_in_words(call, drawn):
    assert map_of(drawn).reason == "Only 4 people"


def test_a_statement_shows_the_votes_of_the_groups_that_are_shown(call, drawn, forum, now):
    nobody = ForumRequest(forum=forum, person=None, roles=frozenset(), now=now)
    found = statements_groups.group_tallies(statements.statement_at(nobody, 1))
    assert found == [("A", "g0", VoteTally(2, 18, 0)), ("B", "g1", VoteTally(8, 2, 0))]


@pytest.mark.parametrize(
    ("tally", "shares"),
    [
        (VoteTally(1, 1, 1), (33, 33, 34)),
        (VoteTally(0, 0, 0), (0, 0, 0)),
        (VoteTally(2, 1, 0), (67, 33, 0)),
        (VoteTally(5, 3, 0), (62, 38, 0)),
    ],
)
def test_the_shares_of_a_tally_add_up(tally, shares):
    assert (tally.agree_share, tally.disagree_share, tally.passed_share) == shares
