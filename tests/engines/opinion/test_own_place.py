"""One person's place from a map that was drawn before is the one the whole analysis gives."""

import numpy as np
import pytest

from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.own_place import OwnVote, nearest, own_place
from muntada.engines.opinion.settings import OpinionSettings

from .random_votes import camps, table_of

QUICK = OpinionSettings(chance_rounds=0, redraw_rounds=0, scores=False)


@pytest.mark.parametrize("seed", range(3))
def test_somebody_whose_votes_stayed_stands_where_they_stood(seed: int) -> None:
    chance = np.random.default_rng(seed)
    cells = [[said if chance.random() < 0.7 else None for said in row] for row in camps(40, 9, seed)]
    table = table_of(cells, moderated_out=("4",))
    found = analyse(table, QUICK)
    statements = {one.id: one for one in found.statements}
    said: dict[str, list[OwnVote]] = {one.id: [] for one in found.participants}
    rows = zip(table.participant.tolist(), table.statement.tolist(), table.value.tolist(), strict=True)
    for person, text, value in rows:
        one = statements[table.statements[text]]
        if not one.left_out:
            vote = OwnVote(value, one.x, one.y, one.agree, one.disagree, one.passed)
            said[table.participants[person]].append(vote)
    for one in found.participants:
        assert own_place(said[one.id]) == pytest.approx((one.x, one.y), abs=1e-9)


def test_a_statement_all_agree_with_moves_nobody() -> None:
    assert own_place([OwnVote(1, 0.0, 0.0, 9, 0, 0)]) == (0.0, 0.0)
    assert own_place([]) == (0.0, 0.0)


def test_the_nearest_middle_is_that_of_the_group() -> None:
    assert nearest((0.9, 0.1), [(0.0, 0.0), (1.0, 0.0)]) == 1
    assert nearest((0.9, 0.1), []) is None
