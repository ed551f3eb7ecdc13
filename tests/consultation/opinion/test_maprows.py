"""What is said to unite or to divide is what the numbers beside it say."""

from muntada.consultation.opinion.queries.maprows import MapRow, MapStatement, divisive, uniting, uniting_most
from muntada.consultation.statements.queries.statements import VoteTally

ONE, TWO, THREE = (
    MapStatement(number, f"T/{number}", "", f"Statement {number}", "en") for number in range(1, 4)
)


def a_row(statement: MapStatement, *groups: tuple[int, int], unites: float = 0.6) -> MapRow:
    """A statement with the people who agree and disagree in each group."""
    by_group = tuple(VoteTally(agree, disagree, 0) for agree, disagree in groups)
    over_all = VoteTally(sum(one.agree for one in by_group), sum(one.disagree for one in by_group), 0)
    agreement = [one.agree / one.total for one in by_group]
    agrees = over_all.agree >= over_all.disagree
    return MapRow(statement, over_all, by_group, unites, agrees, max(agreement) - min(agreement))


def test_what_one_group_is_against_unites_nobody_however_large_the_others_are() -> None:
    rows = [a_row(ONE, (90, 10), (4, 6), unites=0.9), a_row(TWO, (60, 40), (6, 4))]
    assert [row.statement for row in uniting(rows, None)] == [TWO]


def test_where_nothing_unites_all_it_is_said_in_how_many_groups_each_is_so() -> None:
    rows = [a_row(ONE, (90, 10), (8, 2), (4, 6)), a_row(TWO, (90, 10), (4, 6), (4, 6), unites=0.5)]
    assert uniting(rows, None) == ()
    assert [(row.statement, row.on_side) for row in uniting_most(rows, None)] == [(ONE, 2), (TWO, 1)]


def test_without_groups_more_than_half_of_everybody_is_on_one_side() -> None:
    rows = [a_row(ONE, (50, 50)), a_row(TWO, (51, 49)), a_row(THREE, (10, 90))]
    assert [row.statement for row in uniting(rows, None)] == [TWO, THREE]


def test_too_few_votes_unite_nobody_beside_what_was_found() -> None:
    findings = {
        "enough_seen": 20,
        "unites": [{"statement": "2", "direction": "agree", "backed": True}],
        "divides": [],
    }
    rows = [a_row(ONE, (5, 0), (5, 0)), a_row(TWO, (20, 5), (20, 5)), a_row(THREE, (15, 5), (15, 5))]
    assert [row.statement for row in uniting(rows, findings)] == [TWO, THREE]


def test_shares_that_chance_would_part_divide_nobody() -> None:
    rows = [a_row(ONE, (8, 4), (6, 6)), a_row(TWO, (90, 10), (10, 90))]
    assert [row.statement for row in divisive(rows, None)] == [TWO]
