import pytest

from muntada.evidence import rules
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM, Actor


@pytest.mark.parametrize(
    "words", [rules.Activity, rules.Scope, rules.Progress, rules.Grouping, rules.Breakdown, rules.Nature]
)
def test_every_word_has_a_name(words):
    names = {
        rules.Activity: rules.ACTIVITY_NAMES,
        rules.Scope: rules.SCOPE_NAMES,
        rules.Progress: rules.PROGRESS_NAMES,
        rules.Grouping: rules.GROUPING_NAMES,
        rules.Breakdown: rules.BREAKDOWN_NAMES,
        rules.Nature: rules.NATURE_NAMES,
    }[words]
    assert set(names) == set(words)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_secretariat_imports(role):
    actor = Actor(1, role.value)
    if role is Role.SECRETARIAT:
        rules.require_role(actor, rules.IMPORTING_ROLES)
    else:
        with pytest.raises(NotAllowed):
            rules.require_role(actor, rules.IMPORTING_ROLES)


def test_the_command_line_may_import():
    rules.require_role(SYSTEM, rules.IMPORTING_ROLES)


def test_someone_without_an_account_is_not_the_command_line():
    with pytest.raises(NotAllowed):
        rules.require_role(Actor(None, "participant"), rules.IMPORTING_ROLES)


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
    assert rules.may_withdraw(registered_by=registered_by, person_id=person, roles=roles) is may


@pytest.mark.parametrize(
    ("starts", "ends"), [(None, None), (2015, None), (None, 2015), (2015, 2015), (2015, 2020)]
)
def test_years_in_order_are_taken(starts, ends):
    rules.require_sensible(starts, ends, "")


def test_an_initiative_that_ends_before_it_starts_is_refused_at_its_field():
    with pytest.raises(Refused) as caught:
        rules.require_sensible(2020, 2015, "")
    assert (caught.value.code, caught.value.field) == ("years-in-order", "ends_year")


@pytest.mark.parametrize("website", ["javascript:alert(1)", "www.example.org", "ftp://example.org"])
def test_a_website_is_an_address_of_the_web(website):
    with pytest.raises(Refused) as caught:
        rules.require_sensible(None, None, website)
    assert caught.value.field == "website"
