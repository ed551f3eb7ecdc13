import pytest

from muntada.evidence.initiatives.models import Initiative
from muntada.forums.models import StageWindow
from muntada.people import actions as people
from muntada.people.rules import OrganisationKind, Role

pytestmark = pytest.mark.django_db

TYPED = {
    "title": "قرى متصلة",
    "language": "ar",
    "description": "نربط القرى بشبكات يملكها أهلها.",
    "organisation": "جمعية الريف",
    "organisation_kind": "civil-society",
    "country": "EG",
    "scope": "national",
    "activity": "infrastructure",
    "status": "ongoing",
    "starts_year": "2015",
    "lines": ["C2"],
    "goals": ["9"],
}


class TestWhoMaySeeWhat:
    def test_everybody_reads(self, each_role, import_text, make_initiative):
        import_text()
        make_initiative()
        for _, browser in each_role():
            for address in ("evidence", "i/1", "d/1", "d/1.csv"):
                assert browser.get(f"/wsis20/{address}").status_code == 200

    @pytest.mark.usefixtures("forum")
    def test_who_is_not_signed_in_is_asked_to(self, client):
        for method in (client.get, client.post):
            response = method("/wsis20/evidence/register")
            assert response.status_code == 302
            assert response["Location"].startswith("/account/login")

    def test_everybody_who_is_signed_in_registers(self, each_role):
        for _, browser in each_role(Role):
            assert browser.get("/wsis20/evidence/register").status_code == 200
            assert browser.post("/wsis20/evidence/register", TYPED).status_code == 302
            assert Initiative.objects.get().registered_by is not None

    def test_of_others_only_the_secretariat_withdraws(self, each_role, make_initiative):
        make_initiative()
        for role, browser in each_role(Role):
            offered = "i/1/withdraw" in browser.get("/wsis20/i/1").content.decode()
            status = browser.post("/wsis20/i/1/withdraw").status_code
            assert (offered, status) == ((True, 302) if role is Role.SECRETARIAT else (False, 403))

    def test_its_author_withdraws_and_the_page_says_so(self, client_as, make_person, make_initiative):
        person = make_person()
        make_initiative(person)
        own = client_as(person=person)
        assert own.post("/wsis20/i/1/withdraw").status_code == 302
        assert "Withdrawn on" in own.get("/wsis20/i/1").content.decode()
        assert "Village networks" not in own.get("/wsis20/evidence").content.decode()

    def test_withdrawing_needs_a_post_and_a_person(self, client, client_as, make_initiative):
        make_initiative()
        assert client_as(Role.SECRETARIAT).get("/wsis20/i/1/withdraw").status_code == 405
        assert client.post("/wsis20/i/1/withdraw").status_code == 302
        assert Initiative.objects.get().withdrawn_at is None

    @pytest.mark.usefixtures("forum")
    @pytest.mark.parametrize("address", ["i/7", "d/7", "d/7.csv"])
    def test_a_number_nobody_has_is_not_there(self, client, address):
        assert client.get(f"/wsis20/{address}").status_code == 404

    @pytest.mark.usefixtures("other_forum")
    def test_a_thing_of_another_forum_is_not_here(self, client, import_text, make_initiative):
        import_text()
        make_initiative()
        for address in ("i/1", "d/1"):
            assert client.get(f"/nigf/{address}").status_code == 404


class TestRegister:
    def test_what_was_typed_becomes_an_initiative_and_its_author_gets_a_receipt(self, client_as):
        someone = client_as()
        response = someone.post("/wsis20/evidence/register", TYPED, follow=True)
        page = response.content.decode()
        assert response.redirect_chain == [("/wsis20/i/1", 302)]
        assert "/wsis20/receipt/" in page
        assert 'lang="ar" dir="rtl"' in page
        kept = Initiative.objects.get()
        assert (kept.organisation.name, kept.starts_year) == ("جمعية الريف", 2015)
        assert [*kept.lines.values_list("code", flat=True)] == ["C2"]

    def test_others_do_not_see_the_receipt(self, client, make_initiative):
        make_initiative()
        assert "/receipt/" not in client.get("/wsis20/i/1").content.decode()

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"description": "[D/9] says so."}, "[D/9] does not exist"),
            ({"ends_year": "2003"}, "ends before it starts"),
            ({"title": ""}, "required"),
            ({"website": "javascript:alert(1)"}, "valid URL"),
            ({"lines": ["C99"]}, "C99"),
        ],
    )
    def test_a_refusal_keeps_what_was_typed(self, client_as, changed, sentence):
        response = client_as().post("/wsis20/evidence/register", TYPED | changed)
        page = response.content.decode()
        assert response.status_code == 422
        assert sentence in page
        for kept in ("جمعية الريف", "2015", *(changed.get("description", TYPED["description"]),)):
            assert kept in page
        assert not Initiative.objects.exists()

    def test_a_closed_stage_keeps_what_was_typed_and_says_why(self, client_as, forum, now):
        StageWindow.objects.filter(forum=forum, stage="evidence").update(closes_at=now)
        response = client_as().post("/wsis20/evidence/register", TYPED)
        assert response.status_code == 422
        assert TYPED["description"] in response.content.decode()

    def test_what_is_known_of_the_person_is_filled_in(self, client_as, make_person, now):
        person = make_person()
        organisation = people.register_organisation(
            name="Rural Link", kind=OrganisationKind.CIVIL_SOCIETY, country="KE", language="en"
        )
        people.claim_affiliation(person=person, organisation=organisation, now=now)
        page = client_as(person=person).get("/wsis20/evidence/register").content.decode()
        assert 'value="Rural Link"' in page
        assert '<option value="KE" selected>' in page


def test_the_trace_panels_stand_on_both_pages(client, import_text, make_initiative):
    import_text()
    make_initiative(description="Because of [D/1].")
    assert "/wsis20/i/1" in client.get("/wsis20/d/1").content.decode().split('id="panel-led-to"')[1]
    assert "/wsis20/d/1" in client.get("/wsis20/i/1").content.decode().split('id="panel-rests-on"')[1]
