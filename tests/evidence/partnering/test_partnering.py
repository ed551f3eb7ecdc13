"""Partners sought and offered: entered for whom one may speak for, matched, closed, and written to."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.page_text import in_one_line

from muntada.evidence.partnering import actions
from muntada.evidence.partnering import tasks as partnering
from muntada.evidence.partnering.models import Introduction, Partnering
from muntada.evidence.partnering.rules import LETTERS_A_DAY, PartnerSupport, SoughtOrOffered
from muntada.foundations.errors import NotAllowed, Refused
from muntada.home.actions import withdraw_name
from muntada.people.actions import register_organisation
from muntada.people.models import Affiliation
from muntada.people.rules import OrganisationKind, Role
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM

pytestmark = pytest.mark.django_db

PAGE = "/wsis20/evidence/partnering"


@pytest.fixture
def member_of(make_person, now):
    """`member_of("Fund")`: somebody for whom an organization vouched."""

    def make(name: str, *roles: Role, is_vouched=True):
        organisation = register_organisation(
            name=name, kind=OrganisationKind.CIVIL_SOCIETY, country="KE", language="en"
        )
        person = make_person(*roles, name=f"Member of {name}")
        Affiliation.objects.create(
            person=person,
            organisation=organisation,
            claimed_at=now,
            vouched_at=now if is_vouched else None,
        )
        return person, organisation

    return make


@pytest.fixture
def make_entry(member_of, request_as, now):
    """`make_entry(Side.SOUGHT, "Fund")`: an entry of a member of an organization."""

    def make(side=SoughtOrOffered.SOUGHT, name="", **named) -> Partnering:
        person, organisation = member_of(name or f"Organization {Partnering.objects.count()}")
        new = a_new(side=side, organisation=organisation, now=now, **named)
        return actions.enter_partnering(forum_request=request_as(person=person), new=new)

    return make


def a_new(*, now, **named) -> actions.NewPartnering:
    facts = {
        "side": SoughtOrOffered.SOUGHT,
        "kinds": (PartnerSupport.FUNDING,),
        "title": "Masts for twelve villages",
        "text": "",
        "language": "en",
        "until": (now + timedelta(days=30)).date(),
    }
    return actions.NewPartnering(**(facts | named))


def typed(party: str, now, **named) -> dict[str, object]:
    facts = {
        "side": "sought",
        "party": party,
        "kinds": ["funding", "expertise"],
        "title": "Masts for twelve villages",
        "language": "en",
        "until": (now + timedelta(days=30)).date().isoformat(),
        "countries": ["KE"],
    }
    return facts | named


@pytest.fixture(autouse=True)
def at_the_time_of_the_forum(monkeypatch, now):
    monkeypatch.setattr("muntada.forums.views.timezone.now", lambda: now)


class TestEntering:
    def test_a_vouched_member_enters_for_the_organization_and_it_is_listed(
        self, client, client_as, member_of, now, forum
    ):
        person, organisation = member_of("Rural Link")
        answer = client_as(person=person).post(f"{PAGE}/new", typed(f"o{organisation.pk}", now))
        assert answer.status_code == 302
        page = client.get(f"{PAGE}?show=sought").content.decode()
        assert "Masts for twelve villages" in page
        assert "Rural Link" in page
        assert check_log(forum.pk).is_whole

    def test_the_owner_of_a_published_initiative_enters_for_it(self, client, client_as, make_initiative, now):
        made = make_initiative()
        owner = client_as(person=made.registered_by)
        assert f"?party=i{made.pk}" in owner.get("/wsis20/i/1").content.decode()
        assert owner.post(f"{PAGE}/new", typed(f"i{made.pk}", now)).status_code == 302
        assert "Masts for twelve villages" in client.get("/wsis20/i/1").content.decode()

    def test_who_is_not_vouched_for_is_told_what_to_do(self, client_as, member_of, now):
        person, organisation = member_of("Rural Link", is_vouched=False)
        someone = client_as(person=person)
        assert "whose focal point has confirmed" in someone.get(f"{PAGE}/new").content.decode()
        assert someone.post(f"{PAGE}/new", typed(f"o{organisation.pk}", now)).status_code == 422
        assert not Partnering.objects.exists()

    def test_no_action_lets_somebody_speak_for_others(self, member_of, request_as, now):
        person, _ = member_of("Rural Link")
        _, other = member_of("Fund")
        with pytest.raises(NotAllowed):
            actions.enter_partnering(
                forum_request=request_as(person=person), new=a_new(organisation=other, now=now)
            )

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"until": "2020-01-01"}, "has passed"),
            ({"until": "2031-01-01"}, "a year at most"),
            ({"until": "soon"}, "valid date"),
            ({"kinds": []}, "required"),
            ({"kinds": ["gold"]}, "gold"),
            ({"title": "…!"}, "few words"),
            ({"countries": ["ZZZ"]}, "ZZZ"),
        ],
    )
    def test_what_cannot_be_is_refused_and_what_was_typed_stays(
        self, change, sentence, client_as, member_of, now
    ):
        person, organisation = member_of("Rural Link")
        answer = client_as(person=person).post(
            f"{PAGE}/new", typed(f"o{organisation.pk}", now, text="For schools", **change)
        )
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert "For schools" in answer.content.decode()

    def test_of_others_only_the_secretariat_changes_and_closes(self, each_role, make_entry):
        entry = make_entry()
        for role, browser in each_role(Role):
            other, may = browser, role is Role.SECRETARIAT
            assert other.get(f"{PAGE}/{entry.pk}/edit").status_code == (200 if may else 403)
            assert other.post(f"{PAGE}/{entry.pk}/close").status_code == (302 if may else 403)
            entry.refresh_from_db()
            assert (entry.closed_at is not None) is may

    def test_what_is_closed_or_over_leaves_the_lists_and_stands_again_when_changed(
        self, client, client_as, make_entry, now
    ):
        entry = make_entry()
        owner = client_as(person=entry.entered_by)
        owner.post(f"{PAGE}/{entry.pk}/close")
        assert "Masts" not in client.get(f"{PAGE}?show=sought").content.decode()
        assert "This entry is closed." in client.get(f"{PAGE}/{entry.pk}").content.decode()
        answer = owner.post(f"{PAGE}/{entry.pk}/edit", typed(f"o{entry.organisation_id}", now))
        assert answer.status_code == 302
        assert "Masts" in client.get(f"{PAGE}?show=sought").content.decode()
        Partnering.objects.update(until_date=(now - timedelta(days=1)).date())
        assert "Masts" not in client.get(f"{PAGE}?show=sought").content.decode()
        assert "past its last day" in owner.get(f"{PAGE}/own").content.decode()

    def test_its_last_day_is_included(self, client, make_entry, now):
        make_entry(until=now.date())
        assert "Masts" in client.get(f"{PAGE}?show=sought").content.decode()

    def test_the_database_keeps_a_kind_and_a_side(self, make_entry):
        rows = Partnering.objects.filter(pk=make_entry().pk)
        for change in ({"kinds": []}, {"side": "wished"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(**change)


class TestMatching:
    def test_what_fits_stands_side_by_side_with_the_reasons(self, client, make_entry):
        make_entry(SoughtOrOffered.SOUGHT, "Rural Link", countries=("KE",))
        offered = make_entry(
            SoughtOrOffered.OFFERED, "Fund", title="Grants for masts", countries=("KE", "UG")
        )
        make_entry(SoughtOrOffered.OFFERED, "Far Fund", title="Grants elsewhere", countries=("PE",))
        page = client.get(PAGE).content.decode()
        assert "Grants for masts" in page
        assert "Grants elsewhere" not in page
        told = in_one_line(re.sub(r"<.*?>", "", page))
        assert "They fit by 6 of 13 points: Funding; Kenya; one language." in told
        assert "Masts for twelve villages" in client.get(f"{PAGE}/{offered.pk}").content.decode()

    def test_it_is_narrowed_by_line_region_and_kind(self, client, make_entry, framework):
        line = framework.lines.get(code="C2")
        make_entry(SoughtOrOffered.SOUGHT, lines=(line,), countries=("KE",))
        for asked, is_there in (
            ("line=C2", True),
            ("line=C3", False),
            ("support=funding", True),
            ("support=data", False),
            ("region=nowhere", False),
        ):
            page = client.get(f"{PAGE}?show=sought&{asked}").content.decode()
            assert ("Masts for twelve" in page) is is_there

    def test_its_queries_do_not_grow(self, client, make_entry):
        def queries() -> int:
            with CaptureQueriesContext(connection) as caught:
                assert client.get(PAGE).status_code == 200
            return len(caught)

        make_entry(SoughtOrOffered.SOUGHT)
        make_entry(SoughtOrOffered.OFFERED)
        first = queries()
        for side in (SoughtOrOffered.SOUGHT, SoughtOrOffered.OFFERED, SoughtOrOffered.OFFERED):
            make_entry(side)
        assert queries() == first


class TestWriting:
    WORDS = {"text": "We are a fund of two islands.", "language": "en"}

    def test_a_letter_goes_through_the_platform_and_no_address_is_told(
        self, client_as, make_entry, make_person
    ):
        entry, writer = make_entry(), make_person(name="Amina Example")
        answer = client_as(person=writer).post(f"{PAGE}/{entry.pk}/write", self.WORDS)
        assert answer.status_code == 302
        letter = Introduction.objects.get()
        partnering.send_introduction(letter_id=letter.pk)
        sent = mail.outbox[-1]
        assert sent.to == [entry.entered_by.email]
        assert "Amina Example writes to you about" in sent.subject
        assert self.WORDS["text"] in sent.body
        assert writer.email not in str(sent.message())
        receiver = client_as(person=entry.entered_by)
        assert "fund of two islands" in receiver.get(letter.get_absolute_url()).content.decode()
        answer = receiver.post(letter.get_absolute_url(), {"wish": "yes", "text": "Call us."})
        assert answer.status_code == 302
        partnering.send_answer(letter_id=letter.pk)
        assert mail.outbox[-1].to == [writer.email]
        assert "Call us." in mail.outbox[-1].body
        assert entry.entered_by.email not in str(mail.outbox[-1].message())
        assert "The answer: yes" in client_as(person=writer).get(letter.get_absolute_url()).content.decode()

    def test_a_letter_is_read_by_its_two_sides_alone_and_answered_once_by_one(
        self, client, client_as, make_entry, make_person
    ):
        entry, writer = make_entry(), make_person()
        client_as(person=writer).post(f"{PAGE}/{entry.pk}/write", self.WORDS)
        letter = Introduction.objects.get()
        address = letter.get_absolute_url()
        assert client.get(address).status_code == 302
        for role in Role:
            assert client_as(role).get(address).status_code == 404
        assert client_as(person=writer).post(address, {"wish": "yes", "text": "Yes"}).status_code == 403
        receiver = client_as(person=entry.entered_by)
        assert receiver.post(address, {"wish": "yes", "text": " "}).status_code == 422
        assert receiver.post(address, {"wish": "no"}).status_code == 302
        assert receiver.post(address, {"wish": "yes", "text": "Yes"}).status_code == 422
        letter.refresh_from_db()
        assert letter.is_accepted is False

    def test_nobody_writes_twice_to_themselves_to_what_is_closed_or_too_often(
        self, make_entry, make_person, request_as, now
    ):
        writer = make_person()
        entries = [make_entry() for _ in range(LETTERS_A_DAY + 1)]
        forum_request = request_as(person=writer)
        own = request_as(person=entries[0].entered_by)

        def written(entry, forum_request=forum_request):
            return actions.introduce(
                entry=entry, text="We are a fund.", language="en", forum_request=forum_request
            )

        with pytest.raises(Refused, match="your own"):
            written(entries[0], own)
        with pytest.raises(Refused, match="some words"):
            actions.introduce(entry=entries[0], text=" \u200b ", language="en", forum_request=forum_request)
        written(entries[0])
        with pytest.raises(Refused, match="before"):
            written(entries[0])
        for entry in entries[1:-1]:
            written(entry)
        with pytest.raises(Refused, match="letters in a day"):
            written(entries[-1])
        Introduction.objects.update(sent_at=now - timedelta(days=2))
        actions.close_partnering(entry=entries[-1], forum_request=request_as(person=entries[-1].entered_by))
        with pytest.raises(Refused, match="closed"):
            written(entries[-1])

    def test_whoever_is_not_signed_in_is_asked_to(self, client, make_entry):
        entry = make_entry()
        assert "Sign in to write to them" in client.get(f"{PAGE}/{entry.pk}").content.decode()
        assert client.post(f"{PAGE}/{entry.pk}/write", self.WORDS).status_code == 302
        assert not Introduction.objects.exists()

    def test_a_name_that_is_withdrawn_takes_letters_and_open_entries_along(
        self, make_entry, make_person, request_as, now, client
    ):
        entry, writer = make_entry(), make_person()
        actions.introduce(
            entry=entry, text="We are a fund.", language="en", forum_request=request_as(person=writer)
        )
        withdraw_name(person=entry.entered_by, actor=SYSTEM, now=now)
        assert not Introduction.objects.exists()
        assert "Masts" not in client.get(f"{PAGE}?show=sought").content.decode()

    def test_an_entry_of_another_forum_is_not_there(self, client, make_entry, other_forum):
        address = PAGE.replace("wsis20", other_forum.slug)
        assert client.get(f"{address}/{make_entry().pk}").status_code == 404
