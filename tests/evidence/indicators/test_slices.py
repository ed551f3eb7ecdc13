"""Slices: what is compared, in words, charts, tables, files and citations that all say the same."""

import csv
import io
import json
import re
import zipfile
from urllib.parse import unquote_plus
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.page_text import tight

from evidence.conftest import BY_SEX, USERS, a_document
from muntada.engines.readers.read import read, sight_of
from muntada.engines.readers.shape import ReadObservation, SourcePart
from muntada.evidence.imports.actions import figures
from muntada.evidence.indicators.models import Source, Vintage
from muntada.evidence.indicators.rules.slices import (
    MOST_LINES,
    ShownValue,
    SliceChoices,
    SliceForm,
    ValueMeasure,
    areas_found,
    in_measure,
)
from muntada.record.rules import SYSTEM

from .test_views import queries_of

pytestmark = pytest.mark.django_db
PAGE = "/wsis20/d/1/compare"
FILES = ("csv", "csv-metadata.json", "zip", "svg", "png", "vl.json", "bib", "ris", "json")
NAMESPACE = "{http://www.w3.org/2000/svg}"


def page(client, question: str = "") -> str:
    answer = client.get(PAGE + question)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(client, question: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{PAGE}.csv{question}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def table(text: str, caption: str) -> list[list[str]]:
    """Return the cells of a table in words."""
    body = re.search(rf'<caption id="{caption}">.*?<tbody>(.*?)</tbody>', text, re.DOTALL)[1]
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>"))
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells if row]


class TestPage:
    def test_without_choices_the_world_and_its_regions_are_compared(self, client, import_text):
        import_text()
        assert table(page(client), "ends") == [
            ["A North America", "90.5 2020", "92.1 2023", "+1.6", "+2%", "+0.5"],
            ["W World", "39.9 2015", "67.4 2023", "+27.5", "+69%", "+3.4"],
            ["B South Asia", "17.0 2015", "40.0 2020", "+23.0", "+135%", "+4.6"],
        ]

    def test_the_years_can_be_chosen_and_turned_round(self, client, import_text):
        import_text()
        text = page(client, "?area=WLD&from=2023&to=2020")
        assert table(text, "ends") == [["W World", "59.3 2020", "67.4 2023", "+8.1", "+14%", "+2.7"]]
        assert table(text, "every-year") == [["W World", "59.3", "67.4"]]

    @pytest.mark.parametrize(
        ("measure", "latest"), [("index", ["168.9", "154.2"]), ("world", ["100.0", "51.9"])]
    )
    def test_relative_values_are_to_the_first_year_or_to_the_world(
        self, client, import_text, measure, latest
    ):
        import_text()
        text = page(client, f"?area=WLD&area=KEN&measure={measure}")
        assert [row[2].split()[0] for row in table(text, "ends")] == latest

    def test_a_name_or_a_code_adds_an_area(self, client, import_text):
        import_text()
        for words in ("Kenya", "kenya", "ken"):
            answer = client.get(PAGE, {"area": "WLD", "find": words})
            assert answer.status_code == 302
            assert answer["Location"] == f"{PAGE}?area=WLD&area=KEN"

    def test_an_english_name_is_known_on_an_arabic_page(self, client, import_text):
        import_text()
        answer = client.get(PAGE, {"area": "WLD", "find": "Namibia", "lang": "ar"})
        assert answer["Location"] == f"{PAGE}?area=WLD&area=NAM"

    def test_a_name_of_several_offers_them(self, client, import_text):
        import_text()
        text = page(client, "?area=WLD&find=i")
        assert "Several are called like this" in text
        assert 'value="EUU">' in text
        assert 'value="EUU" checked' not in text

    def test_a_name_nobody_has_is_said_and_kept(self, client, import_text):
        import_text()
        text = page(client, "?area=WLD&find=<Atlantis>")
        assert "no country or group called “&lt;Atlantis&gt;”" in text
        assert 'value="&lt;Atlantis&gt;"' in text

    def test_no_more_lines_are_shown_than_can_be_told_apart(self, client, import_text):
        codes = [
            "WLD",
            "AFG",
            "AGO",
            "ALB",
            "AND",
            "ARE",
            "ARG",
            "ARM",
            "ATG",
            "AUS",
            "AUT",
            "AZE",
            "BDI",
            "BEL",
        ]
        import_text(
            "code,name,year,value\n" + "".join(f"{code},,2023,{10 + n}\n" for n, code in enumerate(codes))
        )
        every = "&".join(f"area={code}" for code in codes)
        text = page(client, f"?{every}")
        assert "Only the first 12 lines" in text
        assert len(table(text, "ends")) == MOST_LINES
        text = page(client, f"?{'&'.join(f'area={code}' for code in codes[:12])}&find=Belgium")
        assert "Please take one away first" in text

    @pytest.mark.parametrize("form", SliceForm)
    def test_every_form_is_drawn_with_its_table(self, client, import_text, form):
        import_text()
        text = page(client, f"?form={form}")
        drawings = re.findall(r"<svg[^>]*role=\"img\".*?</svg>", text, re.DOTALL)
        assert len(drawings) == (3 if form is SliceForm.PANELS else 1)
        for one in drawings:
            ET.fromstring(one)  # noqa: S314 - our own drawing
        assert ("Every year" in text) is (form in (SliceForm.LINES, SliceForm.PANELS))

    def test_in_arabic_every_form_runs_from_right_to_left(self, client, import_text):
        import_text()
        ring = re.compile(r'chart-ring[^>]*cx="([\d.]+)"')
        dot = re.compile(r'chart-point[^>]*cx="([\d.]+)"')
        for form in ("slope", "dots"):
            left = page(client, f"?form={form}&area=WLD&lang=en")
            right = page(client, f"?form={form}&area=WLD&lang=ar")
            assert float(ring.search(left)[1]) < float(dot.search(left)[1])
            assert float(ring.search(right)[1]) > float(dot.search(right)[1])

    def test_an_edition_with_parts_of_the_people_alone_shows_them(self, client, import_text):
        import_text(BY_SEX, name="IT.NET.USER_by_sex.csv", code="IT.NET.USER.ZS")
        names = [row[0] for row in table(page(client), "ends")]
        assert "A World: Men" in names or "B World: Men" in names
        assert any(name.endswith("World: Women") for name in names)
        assert "World: Women" in page(client, "?part=female&area=WLD")

    def test_an_edition_of_several_files_is_one_edition(self, client, import_text):
        import_text(label="2024")
        import_text(BY_SEX, name="IT.NET.USER_by_sex.csv", code="IT.NET.USER.ZS", label="2024")
        text = page(client)
        assert len(re.findall(r"<option[^>]*>2024 \(", tight(text))) == 1
        assert [row[0] for row in table(page(client, "?area=WLD&part=total&part=male"), "ends")] == [
            "A World: Men",
            "W World: All",
        ]

    def test_retyped_figures_can_be_compared_too_and_say_what_was_not_verified(self, client, forum, now):
        figures.publish_figures(document=a_document(), forum=forum, actor=SYSTEM, now=now)
        assert client.get(PAGE).status_code == 200

    def test_an_older_edition_stays_what_it_was(self, client, import_text):
        first = import_text(label="2024").vintage
        import_text(USERS.replace("67.4", "65.0"), label="2025")
        assert "65.0" in table(page(client, "?area=WLD"), "ends")[0][2]
        assert "67.4" in table(page(client, f"?area=WLD&edition={first.pk}"), "ends")[0][2]

    def test_an_indicator_without_numbers_says_so(self, client, import_text, now):
        import_text()
        Vintage.objects.update(withdrawn_at=now)
        assert "There are no numbers" in page(client)
        assert client.get(f"{PAGE}.csv").status_code == 404

    def test_what_cannot_be_chosen_is_passed_over(self, client, import_text):
        import_text()
        for question in [
            "?form=pie&measure=log&area=&area=NOBODY&part=nobody&from=x&to=²²²²&edition=99999999999&band=NOBODY",
            "?edition=١٢&from=0000&to=9999",
            "?area=KEN&from=1900&to=1901",
            "?measure=world&area=KEN&from=2015&to=2015",
        ]:
            assert client.get(PAGE + question).status_code == 200
            for form in FILES:
                assert client.get(f"{PAGE}.{form}{question}").status_code in (200, 404)

    def test_everybody_may_compare_and_take_files(self, each_role, import_text):
        import_text()
        for _, browser in each_role():
            assert browser.get(PAGE).status_code == 200
            assert browser.get(f"{PAGE}.csv").status_code == 200
            assert browser.post(PAGE).status_code == 405

    def test_the_queries_do_not_grow_with_lines(self, client, import_text):
        import_text()
        few = queries_of(client, f"{PAGE}?area=WLD")
        many = queries_of(client, f"{PAGE}?area=WLD&area=SAS&area=NAC&area=HIC&area=LDC&area=KEN")
        assert few == many <= 12

    def test_the_pages_of_an_indicator_lead_to_each_other(self, client, import_text):
        import_text()
        names = (
            "",
            "/compare",
            "/map",
            "/divides",
            "/groups",
            "/trends",
            "/progress",
            "/coverage",
            "/editions",
        )
        for name in names:
            text = client.get(f"/wsis20/d/1{name}").content.decode()
            nav = re.search(r'<nav aria-label="Pages of this indicator">.*?</nav>', text, re.DOTALL)[0]
            assert nav.count("<a ") == len(names)
            assert f'href="/wsis20/d/1{name}" aria-current="page"' in nav


class TestBand:
    COUNTRIES = ("KEN", "NAM", "UGA", "TZA", "ETH", "RWA", "GHA", "NGA")

    @pytest.fixture
    def with_countries(self, import_text):
        numbers = "".join(f"{code},,2020,{10 * n}\n" for n, code in enumerate(self.COUNTRIES))
        numbers += "".join(f"{code},,2021,{20 * n}\n" for n, code in enumerate(self.COUNTRIES))
        import_text(
            "code,name,year,value\nSSF,,2020,30\nSSF,,2021,60\nWLD,,2020,40\nWLD,,2021,70\n" + numbers
        )

    @pytest.mark.usefixtures("with_countries")
    def test_too_few_countries_make_no_band(self, client):
        assert "chart-band" not in page(client, "?area=WLD")

    @pytest.mark.usefixtures("with_countries")
    def test_the_middle_half_of_the_countries_is_drawn_and_told(self, client, monkeypatch):
        monkeypatch.setattr("muntada.evidence.indicators.queries.slices.LEAST_MEMBERS", 0.1)
        text = page(client, "?area=SSF&band=SSF")
        assert "chart-band series-1" in text
        assert ["Sub-Saharan Africa: upper quartile of countries", "52.5", "105"] in [
            [cell.removesuffix(".0") for cell in row] for row in table(text, "every-year")
        ]
        found = rows(client, "?area=SSF")
        assert [(row["lower_quartile"], row["upper_quartile"]) for row in found] == [
            ("17.5", "52.5"),
            ("35", "105"),
        ]
        assert {row["countries"] for row in found} == {"8"}
        assert "chart-band" not in page(client, "?area=SSF&band=none")

    @pytest.mark.usefixtures("with_countries")
    def test_the_specification_draws_the_band_behind_the_lines(self, client, monkeypatch):
        monkeypatch.setattr("muntada.evidence.indicators.queries.slices.LEAST_MEMBERS", 0.1)
        spec = client.get(f"{PAGE}.vl.json?area=SSF&band=SSF").json()
        band, lines = spec["layer"]
        assert (band["mark"]["type"], lines["mark"]["type"]) == ("area", "line")
        assert {band["encoding"]["y"]["field"], band["encoding"]["y2"]["field"]} == {
            "lower_quartile",
            "upper_quartile",
        }
        assert any("lower_quartile" in one for one in spec["data"]["values"])


class TestFiles:
    def test_each_has_its_name_its_kind_and_is_given_once(self, client, import_text):
        import_text(label="2024, revised")
        tags = {}
        for form, media_type in [
            ("csv", "text/csv"),
            ("csv-metadata.json", "application/csvm+json"),
            ("zip", "application/zip"),
            ("svg", "image/svg+xml"),
            ("png", "image/png"),
            ("bib", "application/x-bibtex"),
            ("ris", "application/x-research-info-systems"),
            ("json", "application/vnd.citationstyles.csl+json"),
        ]:
            answer = client.get(f"{PAGE}.{form}")
            assert answer["Content-Type"].split(";")[0] == media_type
            assert f'filename="WSIS20-D-1-2024-revised.{form}"' in answer["Content-Disposition"]
            tags[form] = answer["ETag"]
            again = client.get(f"{PAGE}.{form}", headers={"If-None-Match": tags[form]})
            assert (again.status_code, again.content) == (304, b"")
        import_text(USERS.replace("67.4", "65.0"), label="2025")
        for form, tag in tags.items():
            assert client.get(f"{PAGE}.{form}", headers={"If-None-Match": tag}).status_code == 200, form

    def test_a_form_that_is_none_is_not_there(self, client, import_text):
        import_text()
        assert client.get(f"{PAGE}.exe").status_code == 404

    def test_the_table_of_the_page_and_the_file_say_the_same(self, client, import_text):
        import_text()
        found = rows(client, "?area=WLD&area=KEN&measure=index")
        assert [(row["area"], row["year"], row["published"]) for row in found] == [
            ("WLD", "2015", "39.9"),
            ("WLD", "2020", "59.3"),
            ("WLD", "2023", "67.4"),
            ("KEN", "2020", "22.7"),
            ("KEN", "2023", "35"),
        ]
        assert [round(float(row["value"]), 1) for row in found] == [100.0, 148.6, 168.9, 100.0, 154.2]
        assert {row["unit"] for row in found} == {"first year = 100"}
        assert {row["edition"] for row in found} == {Vintage.objects.get().label}

    def test_the_description_names_every_column_and_the_table_names_it(self, client, import_text):
        import_text()
        answer = client.get(f"{PAGE}.csv?area=WLD")
        address = re.match(r"<(.*?)>; rel=\"describedby\"", answer["Link"])[1]
        described = client.get(address.partition("localhost:8000")[2]).json()
        names = answer.content.decode("utf-8-sig").splitlines()[0].split(",")
        assert [column["titles"] for column in described["tableSchema"]["columns"]] == names
        assert set(described["tableSchema"]["primaryKey"]) <= set(names)
        assert described["url"].partition("?")[0].endswith("/wsis20/d/1/compare.csv")

    @pytest.mark.parametrize("address", [f"{PAGE}.zip?area=WLD&area=KEN", "/wsis20/d/1.zip"])
    def test_our_own_reader_reads_the_data_package(self, client, import_text, address):
        import_text(label="2024")
        content = client.get(address).content
        assert client.get(address).content == content
        part = SourcePart("package.zip", content)
        sight = sight_of(part)
        found = list(read([part], sight, sight.columns))
        assert all(isinstance(one, ReadObservation) for one in found)
        wanted = {line.split(",")[0]: 0 for line in USERS.splitlines()[1:]}
        if "compare" in address:
            assert sight.edition == "2024"
            wanted = {"WLD": 0, "KEN": 0}
        assert {one.area for one in found} == set(wanted)
        assert {one.series for one in found} == {"IT.NET.USER.ZS"}
        assert {(one.year, one.value) for one in found if one.area == "KEN"} == {(2020, 22.7), (2023, 35.0)}

    def test_the_specification_holds_the_numbers_of_the_chart(self, client, import_text):
        import_text()
        for form in SliceForm:
            question = f"?area=WLD&area=KEN&form={form}"
            spec = client.get(f"{PAGE}.vl.json{question}").json()
            told = {(one["area"], str(one["year"]), str(one["value"])) for one in spec["data"]["values"]}
            wanted = {(row["area"], row["year"], row["value"]) for row in rows(client, question)}
            if form in (SliceForm.SLOPE, SliceForm.DOTS):
                wanted.discard(("WLD", "2020", "59.3"))
            assert told == wanted
            assert re.fullmatch(r"https://vega\.github\.io/schema/vega-lite/v\d\.json", spec["$schema"])
            assert "WSIS20/D/1" in spec["usermeta"]["citation"]
            columns = {name for one in spec["data"]["values"] for name in one}
            for layer in spec.get("layer", [spec]):
                assert layer["mark"]
                for channel in layer["encoding"].values():
                    fields = channel if isinstance(channel, list) else [channel]
                    assert {one["field"] for one in fields} <= columns
                    scale = fields[0].get("scale", {})
                    assert len(scale.get("domain", ())) == len(scale.get("range", ()))

    def test_a_package_describes_what_is_in_it(self, client, import_text):
        import_text()
        with zipfile.ZipFile(io.BytesIO(client.get(f"{PAGE}.zip").content)) as archive:
            described = json.loads(archive.read("datapackage.json"))
            content = archive.read("data.csv")
        resource = described["resources"][0]
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert content.decode().splitlines()[0].split(",") == fields
        assert resource["bytes"] == len(content)
        assert re.fullmatch(r"[a-z0-9._-]+", described["name"])

    def test_each_source_and_each_row_name_their_own_licence(self, client, import_text):
        first = import_text(label="2024").vintage
        other = import_text(USERS.replace("67.4", "65.0"), label="2025").vintage
        licences = {"2024": "CC BY 4.0", "2025": "CC BY-NC-SA 3.0 IGO"}
        for vintage in (first, other):
            licence = licences[vintage.label]
            source = Source.objects.create(name=f"Numbers of {vintage.label}", publisher="P", licence=licence)
            Vintage.objects.filter(pk=vintage.pk).update(source=source)
        with zipfile.ZipFile(io.BytesIO(client.get("/wsis20/d/1.zip").content)) as archive:
            described = json.loads(archive.read("datapackage.json"))
            table = list(csv.DictReader(io.StringIO(archive.read("data.csv").decode())))
        assert {row["edition"]: row["licence"] for row in table} == licences
        assert {one["title"] for one in described["licenses"]} == set(licences.values())
        assert sorted(one["licenses"][0]["title"] for one in described["sources"]) == sorted(
            licences.values()
        )
        csvw = client.get("/wsis20/d/1.csv-metadata.json").json()
        assert len(csvw["dc:license"]) == len(csvw["dc:source"]) == 2
        kept = client.get(f"{PAGE}.zip?edition={other.pk}").content
        with zipfile.ZipFile(io.BytesIO(kept)) as archive:
            described = json.loads(archive.read("datapackage.json"))
        assert [one["title"] for one in described["licenses"]] == ["CC BY-NC-SA 3.0 IGO"]

    @pytest.mark.parametrize(
        "question",
        [
            *("?edition=999999", "?edition=x", "?area=ATL", "?area=WLD&area=ATL", "?part=left"),
            *("?form=pie", "?measure=none", "?from=20", "?band=ATL", "?areas=WLD", "?year=2020"),
        ],
    )
    @pytest.mark.parametrize("form", ["csv", "svg", "bib"])
    def test_a_file_that_cannot_be_given_as_asked_for_is_not_given(self, client, import_text, question, form):
        import_text()
        assert client.get(f"{PAGE}.{form}").status_code == 200
        answer = client.get(f"{PAGE}.{form}{question}")
        assert answer.status_code == 404
        assert answer.context["refusal"].code in {"parameter", "parameter-value"}

    def test_all_numbers_are_described_where_programs_look(self, client, import_text):
        import_text()
        described = client.get("/wsis20/d/1.csv-metadata.json").json()
        names = client.get("/wsis20/d/1.csv").content.decode("utf-8-sig").splitlines()[0].split(",")
        assert [column["name"] for column in described["tableSchema"]["columns"]] == names

    @pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
    def test_a_picture_stands_alone(self, client, import_text, language):
        import_text(label="2024")
        answer = client.get(f"{PAGE}.svg?lang={language}")
        picture = ET.fromstring(answer.content)  # noqa: S314 - our own drawing
        words = " ".join(one.text for one in picture.iter(f"{NAMESPACE}text"))
        assert "2024" in words
        assert "/wsis20/d/1/compare" in words.replace(" ", "")
        assert picture.get("width")
        for shape in (*picture.iter(f"{NAMESPACE}path"), *picture.iter(f"{NAMESPACE}line")):
            assert shape.get("stroke") or shape.get("fill")
        png = client.get(f"{PAGE}.png?lang={language}").content
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        assert int.from_bytes(png[16:20]) == 2 * round(float(picture.get("width")))

    def test_a_picture_is_the_same_bytes_again(self, client, import_text):
        import_text()
        assert client.get(f"{PAGE}.svg").content == client.get(f"{PAGE}.svg").content

    def test_a_citation_names_source_edition_and_the_address_of_that_edition(self, client, import_text):
        kept = import_text(label="2024").vintage
        import_text(USERS.replace("67.4", "65.0"), label="2025")
        text = page(client, f"?edition={kept.pk}&area=WLD")
        said = re.search(r'<blockquote class="citation"><p[^>]*>(.*?)</p>', tight(text))[1]
        assert "edition 2024" in said
        assert "WSIS20/D/1" in said
        assert f"edition={kept.pk}" in said
        bibtex = client.get(f"{PAGE}.bib?edition={kept.pk}").content.decode()
        assert bibtex.startswith("@misc{wsis20-d-1-2024,\n")
        assert "version = {2024}" in bibtex
        reference = client.get(f"{PAGE}.json?edition={kept.pk}").json()[0]
        assert (reference["type"], reference["version"]) == ("dataset", "2024")
        ris = client.get(f"{PAGE}.ris").content.decode()
        assert ris.startswith("TY  - DATA\r\n")
        assert ris.endswith("ER  - \r\n")


POINTS = st.dictionaries(st.integers(1990, 2025), st.floats(-1e9, 1e9), min_size=1, max_size=9)
CELLS = POINTS.map(lambda points: [ShownValue(year, value, value) for year, value in sorted(points.items())])


@given(CELLS)
def test_an_index_begins_at_a_hundred_or_is_not_told(cells):
    found = in_measure(cells, ValueMeasure.INDEX, {})
    if cells[0].published > 0:
        assert found[0].value == pytest.approx(100)
        assert [one.year for one in found] == [one.year for one in cells]
    else:
        assert found == ()


@given(CELLS)
def test_the_world_is_a_hundred_to_itself(cells):
    world = {cell.year: cell.published for cell in cells}
    assert all(one.value == pytest.approx(100) for one in in_measure(cells, ValueMeasure.TO_WORLD, world))


@given(
    st.builds(
        SliceChoices,
        form=st.sampled_from(SliceForm),
        measure=st.sampled_from(ValueMeasure),
        areas=st.lists(st.text("ABC-1é&=", min_size=1, max_size=9), unique=True, max_size=4).map(tuple),
        parts=st.lists(st.sampled_from(["female", "male+rural"]), unique=True).map(tuple),
        first=st.none() | st.integers(1000, 9999),
        last=st.none() | st.integers(1000, 9999),
        edition=st.none() | st.integers(0, 10**9 - 1),
        band=st.sampled_from(["", "none", "WLD"]),
    )
)
def test_an_address_says_what_was_chosen(choices):
    from_address = {}
    for pair in filter(None, choices.query.split("&")):
        name, _, value = pair.partition("=")
        from_address.setdefault(name, []).append(unquote_plus(value))
    assert SliceChoices.of(from_address) == choices


def test_an_area_is_found_by_its_whole_name_first():
    names = {"GIN": "Guinea", "GNB": "Guinea-Bissau", "NER": "Niger", "NGA": "Nigeria"}
    assert areas_found("niger", names) == ["NER"]
    assert areas_found("guin", names) == ["GIN", "GNB"]
    assert areas_found("gnb", names) == ["GNB"]
    assert areas_found("kenya", names, {"KEN": "Kenya"}) == ["KEN"]
    assert areas_found("xx", names) == []
