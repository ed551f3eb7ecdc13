from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from muntada.forums.actions import roles
from muntada.foundations.errors import NotAllowed, NotThere, Refused
from muntada.people import actions, queries
from muntada.people.models import Affiliation, Organisation, Person, SignInLink
from muntada.people.rules import OrganisationKind, Role
from muntada.record.rules import SYSTEM, Actor


@pytest.fixture
def organisation(db):
    return actions.register_organisation(
        name="Example Society", kind=OrganisationKind.CIVIL_SOCIETY, country="KE", language="en"
    )


@pytest.fixture
def focal_point(make_person, organisation, now):
    person = make_person()
    affiliation = actions.claim_affiliation(person=person, organisation=organisation, now=now)
    actions.name_focal_point(affiliation=affiliation, actor=SYSTEM, now=now)
    return person


def test_a_claimed_affiliation_counts_only_once_it_is_vouched(make_person, organisation, focal_point, now):
    person = make_person()
    affiliation = actions.claim_affiliation(person=person, organisation=organisation, now=now)
    assert queries.organisations_of(person, vouched_only=True) == []
    assert queries.waiting_for(focal_point) == [affiliation]
    actions.vouch_for(affiliation=affiliation, voucher=focal_point, now=now)
    assert queries.organisations_of(person, vouched_only=True) == [organisation]
    assert queries.waiting_for(focal_point) == []


def test_only_the_command_line_names_a_focal_point(make_person, organisation, forum, now):
    person, staff = make_person(), make_person(Role.SECRETARIAT)
    affiliation = actions.claim_affiliation(person=person, organisation=organisation, now=now)
    for actor in (Actor(person.pk, Role.PARTICIPANT, forum.pk), Actor(staff.pk, Role.SECRETARIAT, forum.pk)):
        with pytest.raises(NotAllowed):
            actions.name_focal_point(affiliation=affiliation, actor=actor, now=now)
    assert not Affiliation.objects.filter(is_focal_point=True).exists()


def test_nobody_vouches_for_themselves_or_for_strangers(make_person, organisation, focal_point, now):
    person, stranger = make_person(), make_person()
    affiliation = actions.claim_affiliation(person=person, organisation=organisation, now=now)
    for voucher in (person, stranger):
        with pytest.raises(NotAllowed):
            actions.vouch_for(affiliation=affiliation, voucher=voucher, now=now)


def test_claiming_twice_is_claiming_once(make_person, organisation, now):
    person = make_person()
    for _ in range(2):
        actions.claim_affiliation(person=person, organisation=organisation, now=now)
    assert Affiliation.objects.filter(person=person).count() == 1


def test_an_organisation_is_registered_once_however_it_is_written(organisation):
    again = actions.register_organisation(
        name=" EXAMPLE society ", kind=OrganisationKind.OTHER, country="KE", language="en"
    )
    assert again == organisation
    assert Organisation.objects.count() == 1


def test_the_database_refuses_a_focal_point_who_is_not_vouched(make_person, organisation, now):
    with pytest.raises(DatabaseError), transaction.atomic():
        Affiliation.objects.create(
            person=make_person(), organisation=organisation, is_focal_point=True, claimed_at=now
        )


def test_one_address_is_one_person(make_person):
    person = make_person()
    with pytest.raises(DatabaseError), transaction.atomic():
        Person.objects.create_user(person.email.upper())


def test_a_role_is_given_in_one_forum_and_can_be_taken(make_person, forum, other_forum, now):
    person = make_person()
    for _ in range(2):
        roles.give_role(person=person, forum_id=forum.pk, role=Role.MODERATOR, actor=SYSTEM, now=now)
    assert queries.roles_of(person, forum.pk) == {Role.PARTICIPANT, Role.MODERATOR}
    assert queries.roles_of(person, other_forum.pk) == {Role.PARTICIPANT}
    roles.take_role(person=person, forum_id=forum.pk, role=Role.MODERATOR, actor=SYSTEM, now=now)
    assert queries.roles_of(person, forum.pk) == {Role.PARTICIPANT}


def test_a_sign_in_link_holds_until_it_expires_and_only_its_digest_is_kept(make_person, now):
    person = make_person()
    token = actions.issue_sign_in_link(person=person, now=now, days=2)
    assert not SignInLink.objects.filter(token_digest=token).exists()
    assert actions.follow_sign_in_link(token=token, now=now + timedelta(days=1)) == person
    with pytest.raises(Refused):
        actions.follow_sign_in_link(token=token, now=now + timedelta(days=2))
    with pytest.raises(NotThere):
        actions.follow_sign_in_link(token="guessed", now=now)
