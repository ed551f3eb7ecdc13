import pytest

from muntada.evidence.areas import rules as areas
from muntada.evidence.indicators.rules import observations
from muntada.evidence.initiatives import rules as initiatives
from muntada.foundations.errors import Refused
from muntada.people.rules import Role


@pytest.mark.parametrize(
    "words",
    [
        initiatives.Activity,
        initiatives.InitiativeScope,
        initiatives.InitiativeProgress,
        areas.AreaGrouping,
        observations.Breakdown,
        observations.ValueNature,
    ],
)
def test_every_word_has_a_name(words):
    names = {
        initiatives.Activity: initiatives.ACTIVITY_NAMES,
        initiatives.InitiativeScope: initiatives.SCOPE_NAMES,
        initiatives.InitiativeProgress: initiatives.PROGRESS_NAMES,
        areas.AreaGrouping: areas.GROUPING_NAMES,
        observations.Breakdown: observations.BREAKDOWN_NAMES,
        observations.ValueNature: observations.NATURE_NAMES,
    }[words]
    assert set(names) == set(words)


@pytest.mark.parametrize(
    ("registered_by", "person", "roles", "may"),
    [
        (1, 1, {Role.PARTICIPANT}, True),
        (1, 2, {Role.PARTICIPANT}, False),
        (1, 2, {Role.SECRETARIAT}, True),
        (1, 2, {Role.MODERATOR}, False),
        (None, None, set(), False),
    ],
)
def test_who_may_withdraw_an_initiative(registered_by, person, roles, may):
    assert initiatives.may_change(registered_by=registered_by, person_id=person, roles=roles) is may


@pytest.mark.parametrize(
    ("starts", "ends"), [(None, None), (2015, None), (None, 2015), (2015, 2015), (2015, 2020)]
)
def test_years_in_order_are_taken(starts, ends):
    initiatives.require_sensible(starts, ends, "")


def test_an_initiative_that_ends_before_it_starts_is_refused_at_its_field():
    with pytest.raises(Refused) as caught:
        initiatives.require_sensible(2020, 2015, "")
    assert (caught.value.code, caught.value.field) == ("years-in-order", "ends_year")


@pytest.mark.parametrize("website", ["javascript:alert(1)", "www.example.org", "ftp://example.org"])
def test_a_website_is_an_address_of_the_web(website):
    with pytest.raises(Refused) as caught:
        initiatives.require_sensible(None, None, website)
    assert caught.value.field == "website"
