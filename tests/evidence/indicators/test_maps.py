"""The map of an indicator and the map of the initiatives, as pages."""

import csv
import io
import re
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.evidence.assessments.test_progress import a_target
from tests.page_text import tight

from muntada.evidence.assessments import actions as assessing
from muntada.evidence.indicators.models import Indicator
from muntada.record.rules import SYSTEM

pytestmark = pytest.mark.django_db

MAP, INITIATIVES = "/wsis20/d/1/map", "/wsis20/evidence/initiatives/map"
SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = """code,name,year,value
WLD,World,2022,60.0
KEN,Kenya,2022,15.0
KEN,Kenya,2023,35.0
NAM,Namibia,2022,45.0
NAM,Namibia,2023,62.0
TUV,Tuvalu,2023,70.0
FRA,France,2023,87.0
NZL,New Zealand,2023,87.0
XKX,Kosovo,2024,90.0
"""


def svg_of(page: str) -> ET.Element:
    found = re.search(
        r'<svg xmlns="http://www.w3.org/2000/svg" class="world-map view-.*?</svg>', page, re.DOTALL
    )
    return ET.fromstring(found[0])  # noqa: S314 - our own drawing


def said(page: str) -> dict[str, str]:
    """Return what the map says of each area, by the class of its layer."""
    layers = svg_of(page).iter(f"{SVG}g")
    return {
        title.text: layer.get("class")
        for layer in layers
        for title in layer.iter(f"{SVG}title")
        if title.text and ":" in title.text
    }


def rows(page: str) -> list[str]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    cells = (re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in body.split("<tr>")[1:])
    return [" ".join(re.sub("<[^>]+>", "", cell) for cell in row) for row in cells]


class TestTheMapOfAnIndicator:
    def test_everybody_sees_it(self, each_role, import_text):
        import_text(NUMBERS)
        for _, browser in each_role():
            assert browser.get(MAP).status_code == 200

    def test_it_shows_the_newest_year_that_most_countries_have(self, client, import_text):
        import_text(NUMBERS)
        page = client.get(MAP).content.decode()
        assert '<option value="2023" selected>' in page
        assert rows(page) == [
            "1 France 87.0 5",
            "1 New Zealand 87.0 5",
            "3 Tuvalu 70.0 4",
            "4 Namibia 62.0 4",
            "5 Kenya 35.0 2",
        ]

    def test_each_area_stands_in_the_layer_of_its_class(self, client, import_text):
        import_text(NUMBERS)
        told = said(client.get(MAP).content.decode())
        assert told["Kenya: 35.0 (class 2)"] == "tone-2"
        assert told["Tuvalu: 70.0 (class 4)"] == "tone-4"
        assert told["Brazil: no data"] == "no-data"
        assert told["No value: its status is not settled"] == "nobodys"

    def test_the_number_of_a_class_stands_in_a_country_with_room(self, client, import_text):
        import_text(NUMBERS)
        drawn = svg_of(client.get(f"{MAP}?region=002").content.decode())
        numbers = [one for one in drawn.iter(f"{SVG}g") if "class-number" in one.get("class", "")]
        assert sorted(text.text for one in numbers for text in one.iter(f"{SVG}text")) == ["2", "4"]

    def test_it_says_what_it_is_without_being_seen(self, client, import_text):
        import_text(NUMBERS)
        drawn = svg_of(client.get(MAP).content.decode())
        assert (drawn.get("role"), drawn.get("direction"), drawn.get("lang")) == ("img", "ltr", "en")
        assert drawn.find(f"{SVG}title").text == "Individuals using the Internet, % of population, 2023"
        assert "80 and more (2)" in drawn.find(f"{SVG}desc").text
        assert not [one for one in drawn.iter() if one.get("style")]

    def test_a_part_of_the_world_has_its_countries_and_their_rank_in_the_world(self, client, import_text):
        import_text(NUMBERS)
        page = client.get(f"{MAP}?region=002&year=2023").content.decode()
        assert rows(page) == ["4 Namibia 62.0 4", "5 Kenya 35.0 2"]
        assert "France" not in page

    def test_in_oceania_islands_beyond_the_line_lie_in_the_east(self, client, import_text):
        import_text(NUMBERS)
        drawn = svg_of(client.get(f"{MAP}?region=009").content.decode())
        places = {
            one.find(f"{SVG}title").text: float(one.get("cx"))
            for one in drawn.iter(f"{SVG}circle")
            if one.find(f"{SVG}title") is not None
        }
        assert (
            places["Tuvalu: 70.0 (class 4)"] < places["Samoa: no data"] < places["Pitcairn Islands: no data"]
        )

    def test_another_year_and_another_edition_can_be_asked_for(self, client, import_text):
        import_text(NUMBERS, label="2024")
        import_text(NUMBERS.replace("35.0", "36.0"), label="2025")
        page = client.get(f"{MAP}?year=2022").content.decode()
        assert rows(page) == ["1 Namibia 45.0 2", "2 Kenya 15.0 1"]
        editions = re.findall(r'<select name="vintage">(.*?)</select>', tight(page))[0]
        first = re.findall(r'value="(\d+)"', editions)[0]
        assert "5 Kenya 36.0 2" in rows(client.get(MAP).content.decode())
        assert "5 Kenya 35.0 2" in rows(client.get(f"{MAP}?vintage={first}").content.decode())

    def test_what_is_no_choice_shows_the_usual_map(self, client, import_text):
        import_text(NUMBERS)
        for asked in ["year=soon", "vintage=x", "region=Atlantis", "year=1700&vintage=-1"]:
            page = client.get(f"{MAP}?{asked}").content.decode()
            assert len(rows(page)) == 5
            # The files are those of the map that is shown; another one is not given.
            for address in re.findall(rf'href="({MAP}\.[^"]*)"', page):
                assert client.get(address.replace("&amp;", "&")).status_code == 200
            assert client.get(f"{MAP}.csv?{asked}").status_code == 404

    def test_it_says_how_far_each_country_is_from_the_target(self, client, import_text, now):
        import_text(NUMBERS)
        target = a_target(value=80.0)
        assessing.set_target(indicator=Indicator.objects.get(), new=target, actor=SYSTEM, now=now)
        page = client.get(MAP).content.decode()
        assert "Target: 80 by 2030" in page
        assert rows(page)[0] == "1 France 87.0 5 reached"
        assert rows(page)[4] == "5 Kenya 35.0 2 −45.0"

    def test_the_notice_the_source_and_the_licence_stand_beneath(self, client, import_text):
        import_text(NUMBERS)
        page = client.get(MAP).content.decode()
        for words in ("legal status of a country", "Natural Earth 4.1", "public domain", "Equal Earth"):
            assert words in page

    def test_without_numbers_of_countries_there_is_nothing_to_draw(self, client, import_text):
        import_text("code,name,year,value\nWLD,World,2023,67.4\n")
        page = client.get(MAP).content.decode()
        assert "There are no numbers for countries" in page
        assert "world-map" not in page

    @pytest.mark.usefixtures("forum")
    def test_an_indicator_that_is_not_there_has_no_map(self, client):
        assert client.get(MAP).status_code == 404

    def test_the_page_of_the_indicator_leads_there(self, client, import_text):
        import_text(NUMBERS)
        assert f'href="{MAP}"' in client.get("/wsis20/d/1").content.decode()

    def test_more_countries_and_years_ask_no_more_of_the_database(self, client, import_text):
        import_text(NUMBERS, label="2024")
        client.get(MAP)
        with CaptureQueriesContext(connection) as few:
            client.get(MAP)
        more = "".join(f"{code},{code},{year},50\n" for code in ("BRA", "IND") for year in (2021, 2023))
        import_text(NUMBERS + more, label="2025")
        with CaptureQueriesContext(connection) as many:
            assert client.get(MAP).status_code == 200
        assert len(many) == len(few)


class TestFiles:
    def test_the_picture_has_its_title_its_classes_its_source_and_the_notice(self, client, import_text):
        import_text(NUMBERS, label="July")
        answer = client.get(f"{MAP}.svg?year=2023")
        drawn = ET.fromstring(answer.content)  # noqa: S314 - our own drawing
        words = " ".join(one.text for one in drawn.iter(f"{SVG}text"))
        for said_there in (
            "Individuals using the Internet, % of population, 2023",
            "80 and more (2)",
            "no data (2",
            "edition July",
            "legal status",
            "Natural Earth",
        ):
            assert said_there in words
        assert answer["Content-Type"] == "image/svg+xml"
        assert 'filename="WSIS20-D-1-map-2023.svg"' in answer["Content-Disposition"]

    def test_a_picture_keeps_its_words_on_the_sheet_in_every_language(self, client, import_text):
        import_text(NUMBERS)
        for language in ("ar", "zh-hans", "ru"):
            client.cookies["django_language"] = language
            drawn = ET.fromstring(client.get(f"{MAP}.svg").content)  # noqa: S314 - our own drawing
            assert drawn.get("lang") == language
            lines = [one.text for one in drawn.findall(f"{SVG}g/{SVG}text")]
            assert max(len(one) for one in lines) < 200

    def test_the_table_has_what_the_map_shows(self, client, import_text):
        import_text(NUMBERS, label="July")
        table = client.get(f"{MAP}.csv?region=002&year=2023").content.decode("utf-8-sig")
        first, *others = csv.DictReader(io.StringIO(table))
        assert (first["area"], first["value"], first["rank"], first["class"]) == ("NAM", "62", "4", "4")
        assert (first["edition"], first["year"], first["unit"]) == ("July", "2023", "% of population")
        assert [one["area"] for one in others] == ["KEN"]

    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_the_picture_is_there_as_png_too(self, language, client, import_text):
        import_text(NUMBERS)
        client.cookies["django_language"] = language
        answer = client.get(f"{MAP}.png")
        assert answer["Content-Type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")
        assert int.from_bytes(answer.content[16:20]) == 2 * 1000

    @pytest.mark.parametrize("form", ["pdf", "SVG", "svg.gz"])
    def test_a_form_that_is_not_there_is_refused(self, form, client, import_text):
        import_text(NUMBERS)
        assert client.get(f"{MAP}.{form}").status_code == 404

    def test_a_map_without_numbers_is_no_file(self, client, import_text):
        import_text("code,name,year,value\nWLD,World,2023,67.4\n")
        for form in ("svg", "csv"):
            assert client.get(f"{MAP}.{form}").status_code == 404

    def test_the_page_leads_to_the_files_of_what_it_shows(self, client, import_text):
        import_text(NUMBERS)
        page = client.get(f"{MAP}?region=002&year=2023").content.decode()
        (address,) = re.findall(rf'href="{MAP}\.svg\?([^"]*)"', page)
        assert re.fullmatch(r"vintage=\d+&amp;year=2023&amp;region=002", address)


class TestTheMapOfTheInitiatives:
    def test_everybody_sees_it(self, each_role, make_initiative):
        make_initiative()
        for _, browser in each_role():
            assert browser.get(INITIATIVES).status_code == 200

    def test_an_initiative_counts_in_every_country_it_names(self, client, make_initiative):
        make_initiative(country="KE", also_in=("UG", "TZ"))
        make_initiative(country="KE", title="Schools online")
        page = client.get(INITIATIVES).content.decode()
        assert rows(page) == ["Kenya 2", "Tanzania 1", "Uganda 1"]
        links = {one.get("aria-label"): one for one in svg_of(page).iter(f"{SVG}a")}
        assert links["Kenya: 2 initiatives"].get("href") == "/wsis20/evidence/initiatives?country=KE"
        radius = {label: float(one.find(f"{SVG}circle").get("r")) for label, one in links.items()}
        assert radius["Kenya: 2 initiatives"] ** 2 == pytest.approx(
            2 * radius["Uganda: 1 initiative"] ** 2, rel=0.02
        )

    def test_the_filters_of_the_list_are_those_of_the_map(self, client, make_initiative):
        make_initiative(country="KE")
        make_initiative(country="PE", title="Radio", status="completed")
        page = client.get(f"{INITIATIVES}?status=completed&region=019").content.decode()
        assert rows(page) == ["Peru 1"]
        assert "/wsis20/evidence/initiatives?status=completed&amp;country=PE" in page
        assert 'href="/wsis20/evidence/initiatives?status=completed"' in page
        assert '<input type="hidden" name="region" value="019">' in page
        listed = client.get("/wsis20/evidence/initiatives?status=completed&page=1").content.decode()
        assert f'href="{INITIATIVES}?status=completed"' in listed

    def test_a_circle_leads_to_as_many_as_it_says(self, client, make_initiative):
        make_initiative(country="KE", also_in=("UG",))
        make_initiative(country="UG", title="Radio")
        page = client.get(INITIATIVES).content.decode()
        links = {one.get("aria-label"): one.get("href") for one in svg_of(page).iter(f"{SVG}a")}
        assert "2 initiatives" in client.get(links["Uganda: 2 initiatives"]).content.decode()

    def test_what_reaches_far_and_names_no_country_is_counted_beside_it(self, client, make_initiative):
        make_initiative(country="KE")
        make_initiative(country="", scope="international", title="Everywhere")
        page = client.get(INITIATIVES).content.decode()
        assert rows(page) == ["Kenya 1"]
        assert re.search(
            r"International</dt><dd>1 initiative<span class=\"hint\">1 without a country", tight(page)
        )

    def test_what_waits_to_be_read_is_on_no_map(self, client, make_initiative):
        make_initiative(is_published=False)
        assert "No initiative that you look for" in client.get(INITIATIVES).content.decode()

    def test_a_country_without_a_place_is_named_beneath(self, client, make_initiative):
        make_initiative(country="TW")
        page = client.get(INITIATIVES).content.decode()
        assert "Not on the map:" in page
        assert rows(page) == ["Taiwan 1"]

    def test_more_initiatives_ask_no_more_of_the_database(self, client, make_initiative):
        make_initiative()
        client.get(INITIATIVES)
        with CaptureQueriesContext(connection) as few:
            client.get(INITIATIVES)
        for country in ("PE", "FR", "NZ"):
            make_initiative(country=country, title=f"Radio of {country}")
        with CaptureQueriesContext(connection) as many:
            client.get(INITIATIVES)
        assert len(many) == len(few)

    def test_words_are_looked_for_as_in_the_list(self, client, make_initiative):
        make_initiative(country="KE")
        make_initiative(country="PE", title="Radio of the hills", description="Radio.")
        assert rows(client.get(f"{INITIATIVES}?q=hills").content.decode()) == ["Peru 1"]
