import numpy as np
import pytest

from engines.opinion.random_votes import one_crowd, table_of
from muntada.engines.opinion.analysis import analyse
from muntada.engines.opinion.bootstrap import Redrawn
from muntada.engines.opinion.chance import ChanceSupport
from muntada.engines.opinion.result import ClaimVerdict
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.steadiness import CAUTION, judged

APART = ChanceSupport(19, 100, 0.5, 0.4, 0.3, 0.1)
NOT_APART = ChanceSupport(19, 100, 0.4, 0.5, 0.3, 0.1)


def redrawn(likeness: float, same_number: float) -> Redrawn:
    return Redrawn(60, 100, likeness, same_number, np.zeros(2), np.zeros(100), ((), ()))


@pytest.mark.parametrize(
    ("likeness", "same_number", "support", "verdict"),
    [
        (0.9, 0.95, APART, "steady"),
        (0.9, 0.95, None, "steady"),
        (0.9, 0.5, APART, "partly steady"),
        (0.9, 0.95, NOT_APART, "partly steady"),
        (0.7, 0.95, APART, "partly steady"),
        (0.7, 0.95, NOT_APART, "not steady"),
        (0.5, 0.95, APART, "not steady"),
    ],
)
def test_the_verdict_needs_all_that_was_tried(
    likeness: float, same_number: float, support: ChanceSupport | None, verdict: ClaimVerdict
) -> None:
    found = judged(redrawn(likeness, same_number), support)
    assert found.verdict == verdict
    assert len(found.reasons) == (2 if support is None else 3)


def test_the_reasons_name_the_figures() -> None:
    words = [str(reason) for reason in judged(redrawn(0.71, 0.5), NOT_APART).reasons]
    assert "only partly alike (likeness 0.71;" in words[0]
    assert "in only 50% of the draws" in words[1]
    assert "some show groups as clearly apart" in words[2]


@pytest.mark.long
def test_one_crowd_without_camps_is_steady_too_and_the_result_says_so() -> None:
    found = analyse(table_of(one_crowd(200, 20)), OpinionSettings(scores=False)).grouping.steadiness
    assert found is not None
    assert found.verdict == "steady"
    assert found.caution.sentence == CAUTION
