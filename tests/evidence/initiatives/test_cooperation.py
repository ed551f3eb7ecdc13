"""The pages on who works with whom."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.page_text import tight

from muntada.evidence.initiatives.queries.cooperation import scheme_of_regions
from muntada.forums.models import Line
from muntada.people.rules import OrganisationKind

pytestmark = pytest.mark.django_db

PAGE = "/wsis20/evidence/cooperation"
AMERICAS = scheme_of_regions().members["PE"]


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>(.*?)</a>', tight(page))


@pytest.fixture
def three_work_together(make_initiative, framework):
    lines = {line.code: line for line in Line.objects.all()}
    make_initiative(partners="School of Maps\nNobody Knows Us", lines=(lines["C2"],))
    make_initiative(
        title="Maps of masts",
        organisation="School of Maps",
        organisation_kind=OrganisationKind.ACADEMIA,
        partners="RURAL LINK (lead); Fund of Two",
        lines=(lines["C3"],),
    )
    make_initiative(title="Alone", organisation="Lone Star", partners="")
    return make_initiative(
        title="Funds",
        organisation="Office",
        organisation_kind=OrganisationKind.GOVERNMENT,
        partners="Fund of Two",
    )


class TestNetwork:
    @pytest.mark.usefixtures("three_work_together")
    def test_partners_named_in_words_are_found_among_the_organizations(self, client):
        page = client.get(PAGE).content.decode()
        assert set(names(page)) == {"Fund of Two", "Rural Link", "School of Maps", "Office"}
        assert names(page)[-1] == "Office"
        assert "Lone Star" not in page
        assert page.count('<use href="#k-civil-society"') == 2  # the organization, and the key
        assert "1 name is met in one initiative only" in page

    @pytest.mark.usefixtures("three_work_together")
    def test_a_name_met_once_is_shown_when_asked_for(self, client):
        assert "Nobody Knows Us" not in client.get(PAGE).content.decode()
        assert "Nobody Knows Us" in names(client.get(f"{PAGE}?once=yes").content.decode())

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ("line=C2", {"Rural Link", "School of Maps"}),
            ("kind=government", {"Office"}),
            ("kind=named", {"Fund of Two"}),
            ("line=C2&kind=government", set()),
            ("region=nowhere&line=%00", None),
        ],
    )
    @pytest.mark.usefixtures("three_work_together")
    def test_it_is_narrowed_by_line_kind_and_region(self, client, asked, expected):
        response = client.get(f"{PAGE}?{asked}")
        if expected is None:
            assert response.status_code == 400
        else:
            assert set(names(response.content.decode())) == expected

    def test_by_region_the_seat_counts(self, client, make_initiative):
        make_initiative(organisation="Seat in Kenya", organisation_country="KE", partners="Seat in Peru")
        make_initiative(title="Other", organisation="Seat in Peru", organisation_country="PE")
        assert names(client.get(f"{PAGE}?region={AMERICAS}").content.decode()) == ["Seat in Peru"]

    def test_a_name_that_several_bear_is_the_one_of_the_country(self, client, make_initiative):
        for code in ("KE", "PE"):
            make_initiative(
                title=f"Of {code}", organisation="Ministry", organisation_country=code, country=code
            )
        make_initiative(title="Third", organisation="Third", partners="Ministry", country="PE")
        page = client.get(PAGE).content.decode()
        assert "Peru" in page
        assert "Kenya" not in page.split("<tbody>")[1]

    def test_what_is_changed_is_seen_at_once(self, client, three_work_together, now):
        assert "New Partner" not in client.get(f"{PAGE}?once=yes").content.decode()
        three_work_together.partners = "New Partner"
        three_work_together.save()
        type(three_work_together).objects.filter(pk=three_work_together.pk).update(
            confirmed_at=now.replace(hour=20)
        )
        assert "New Partner" in client.get(f"{PAGE}?once=yes").content.decode()

    def test_its_queries_do_not_grow(self, client, make_initiative):
        def queries() -> int:
            with CaptureQueriesContext(connection) as caught:
                client.get(PAGE)
            return len(caught)

        make_initiative(partners="A One; B Two")
        client.get("/wsis20/evidence")
        first = queries()
        for number in range(3):
            make_initiative(title=f"Other {number}", organisation=f"Org {number}", partners="A One; B Two")
        assert queries() == first

    @pytest.mark.usefixtures("forum")
    def test_before_anything_is_there_it_says_what_will_be(self, client):
        assert "No initiative names a partner yet" in client.get(PAGE).content.decode()


class TestOneOrganization:
    @pytest.mark.usefixtures("three_work_together")
    def test_its_partners_stand_with_what_is_done_together(self, client):
        found = re.search(rf'href="({PAGE}/o\d+)"[^>]*>School of Maps', client.get(PAGE).content.decode())
        page = client.get(found[1]).content.decode()
        assert set(names(page)) == {"Fund of Two", "Rural Link", "Nobody Knows Us"}
        assert "Maps of masts" in page
        assert client.get(f"{PAGE}/n-fund of two").status_code == 200
        assert client.get(f"{PAGE}/o999999").status_code == 404

    def test_one_that_works_alone_has_its_page(self, client, make_initiative):
        made = make_initiative()
        page = client.get(f"{PAGE}/o{made.organisation_id}").content.decode()
        assert "names no partner" in page


class TestOpenData:
    @pytest.mark.usefixtures("three_work_together")
    def test_nodes_and_ties_are_given_as_tables(self, client):
        nodes = b"".join(client.get(f"{PAGE}/nodes.csv").streaming_content).decode("utf-8-sig")
        edges = b"".join(client.get(f"{PAGE}/edges.csv?line=C2").streaming_content).decode("utf-8-sig")
        assert nodes.splitlines()[0].startswith("id,name,kind")
        assert len(nodes.splitlines()) == 5
        assert edges.splitlines()[1].endswith(",1,WSIS20/I/1")
        assert len(edges.splitlines()) == 2
