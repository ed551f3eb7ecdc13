import numpy as np
import pytest

from muntada.engines.opinion.bootstrap import Redrawn
from muntada.engines.opinion.chance import Support
from muntada.engines.opinion.result import Verdict
from muntada.engines.opinion.steadiness import judged

APART = Support(19, 100, 0.5, 0.4, 0.3, 0.1)
NOT_APART = Support(19, 100, 0.4, 0.5, 0.3, 0.1)


def redrawn(likeness: float, same_number: float) -> Redrawn:
    return Redrawn(60, 100, likeness, same_number, np.zeros(2), np.zeros(100), ((), ()))


@pytest.mark.parametrize(
    ("likeness", "same_number", "support", "verdict"),
    [
        (0.9, 0.95, APART, "supported"),
        (0.9, 0.95, None, "supported"),
        (0.9, 0.5, APART, "weakly supported"),
        (0.9, 0.95, NOT_APART, "weakly supported"),
        (0.7, 0.95, APART, "weakly supported"),
        (0.7, 0.95, NOT_APART, "not supported"),
        (0.5, 0.95, APART, "not supported"),
    ],
)
def test_the_verdict_needs_all_that_was_tried(
    likeness: float, same_number: float, support: Support | None, verdict: Verdict
) -> None:
    found = judged(redrawn(likeness, same_number), support)
    assert found.verdict == verdict
    assert len(found.reasons) == (2 if support is None else 3)


def test_the_reasons_name_the_figures() -> None:
    words = [str(reason) for reason in judged(redrawn(0.71, 0.5), NOT_APART).reasons]
    assert "only partly alike (likeness 0.71;" in words[0]
    assert "in only 50% of the draws" in words[1]
    assert "some show groups as clearly apart" in words[2]
