from dataclasses import replace

import pytest

from muntada.evidence.areas.models import Area
from muntada.evidence.assessments.pages.forecasts import ShownForecast

WORLD = ShownForecast(
    area=Area(code="WLD"),
    areas=(("WLD", "World"),),
    points=((2023, 67.4),),
    ahead=((2030, 84.8, 74.4, 91.4),),
    level=0.9,
    curve="logit",
    tried=({"ahead": 1, "covered": 0.88}, {"ahead": 2, "covered": None}),
    back=5,
    chart="",
    is_country=False,
)


@pytest.mark.parametrize(("covered", "is_narrow"), [(0.88, False), (0.84, True), (1.0, False), (None, False)])
def test_a_shade_that_held_clearly_fewer_cases_than_it_claims_is_told(covered, is_narrow):
    tried = ({"ahead": 1, "covered": covered}, {"ahead": 2, "covered": 0.95})
    assert replace(WORLD, tried=tried).is_narrow is is_narrow
