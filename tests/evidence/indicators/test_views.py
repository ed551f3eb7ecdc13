import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence.conftest import BY_SEX, USERS, a_document
from muntada.evidence.imports.actions import figures
from muntada.record.rules import SYSTEM

pytestmark = pytest.mark.django_db


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


class TestIndicator:
    def page(self, client, query=""):
        response = client.get(f"/wsis20/d/1{query}")
        assert response.status_code == 200
        return response.content.decode()

    def test_the_series_stands_by_regions_as_chart_and_table(self, client, import_text):
        import_text(label="October")
        page = self.page(client)
        assert 'class="lines"' in page
        for words in ("South Asia", "North America", "67.4", "92.1", "CC BY 4.0", "October"):
            assert words in page
        assert "High income" not in page.split('id="countries"')[0]

    def test_the_grouping_can_be_chosen(self, client, import_text):
        import_text()
        for by, shown in [
            ("income", "High income"),
            ("development", "Least developed countries"),
            ("other", "European Union"),
            ("nonsense", "South Asia"),
        ]:
            assert shown in self.page(client, f"?by={by}").split('id="countries"')[0]

    def test_the_years_can_be_chosen(self, client, import_text):
        rows = "".join(f"WLD,World,{year},{year - 2000}\n" for year in range(2008, 2024))
        import_text(f"code,name,year,value\n{rows}SAS,South Asia,2023,3\n")
        for years, shown in [
            ("recent", [2018, 2019, 2020, 2021, 2022, 2023]),
            ("all", list(range(2008, 2024))),
            ("fives", [2010, 2015, 2020, 2023]),
            ("nonsense", [2010, 2015, 2020, 2023]),
        ]:
            head = self.page(client, f"?years={years}").split("<thead>")[1].split("</thead>")[0]
            assert [int(year) for year in re.findall(r">(\d{4})<", head)] == shown

    def test_a_line_that_ends_early_says_when(self, client, import_text):
        import_text()
        legend = self.page(client).split('class="legend"')[1].split("</ol>")[0]
        ends = {entry: "2020" in entry for entry in legend.split("<li>")[1:]}
        assert [("South Asia" in entry) for entry, is_early in ends.items() if is_early] == [True]

    def test_a_gap_is_said_to_be_one(self, client, import_text):
        import_text()
        table = self.page(client).split("<tbody>")[1].split("</tbody>")[0]
        south_asia = next(row for row in table.split("<tr>") if "South Asia" in row)
        assert "no data" in south_asia
        assert "23" in south_asia

    def test_countries_without_data_are_listed_as_such(self, client, import_text):
        import_text()
        page = self.page(client, "?q=uganda")
        assert "no data" in page.split('id="latest"')[1]
        assert "with a number for 2023: 2; with an older one only: 0; without data: 248." in page

    def test_countries_can_be_searched_and_narrowed(self, client, import_text):
        import_text()
        for query, names in (
            ("?q=nam", ["Namibia"]),
            ("?group=SSF&q=ken", ["Kenya"]),
            ("?group=NAC&q=ken", []),
        ):
            part = self.page(client, query).split('id="countries"')[1].split('id="sources"')[0]
            for name in names:
                assert name in part
            assert names or "No country was found" in part

    def test_several_editions_of_one_year_stand_side_by_side(self, client, import_text, forum, now):
        import_text(label="October", text=USERS.replace("67.4", "69.2"))
        figures.publish_figures(document=a_document(), forum=forum, actor=SYSTEM, now=now)
        part = self.page(client).split('id="same-year"')[1].split("</table>")[0]
        for words in ("2023", "67.4", ">65<", "69.2", "4.2"):
            assert words in part
        assert "not verified" in self.page(client)

    def test_an_older_edition_can_still_be_read(self, client, import_text):
        first = import_text(label="2024").vintage
        import_text(USERS.replace("92.1", "93.3"), label="2025")
        assert "93.3" in self.page(client)
        old = self.page(client, f"?vintage={first.pk}")
        assert "92.1" in old
        assert 'class="lines"' in old

    def test_an_edition_that_is_none_shows_the_current_one(self, client, import_text):
        import_text()
        for odd in ["x", "-1", "999999", "٣", "99999999999999999999999"]:
            assert "67.4" in self.page(client, f"?vintage={odd}")

    def test_women_and_men_stand_with_difference_and_ratio(self, client, import_text):
        import_text()
        import_text(BY_SEX, "IT.NET.USER_by_sex_aggregates.csv")
        part = self.page(client).split('id="by-sex"')[1].split("</section>")[0]
        for words in ("68.2", "74.2", "−6.0", "0.92", "2024", "−10.2", "0.72"):
            assert words in part
        assert "South Asia" not in part

    def test_an_indicator_of_published_figures_alone_has_no_chart_but_a_table(self, client, forum, now):
        figures.publish_figures(document=a_document(), forum=forum, actor=SYSTEM, now=now)
        page = self.page(client)
        assert 'class="lines"' not in page
        assert "Facts and Figures 2023" in page

    def test_the_world_is_not_computed_from_too_few_people(self, client, import_text):
        import_text()
        import_text(
            "code,name,year,value\nKEN,Kenya,2023,55\nNAM,Namibia,2023,3\nIND,India,2023,1400\n",
            "SP.POP.TOTL.csv",
        )
        page = self.page(client)
        assert "no number is computed here" in page
        assert re.search(r"largest countries without a number:\s+India \(<bdi>96%</bdi>\)\.", page)

    def test_the_world_is_computed_where_nearly_all_people_are_counted(self, client, import_text):
        import_text()
        import_text("code,name,year,value\nKEN,Kenya,2023,50\nNAM,Namibia,2023,50\n", "SP.POP.TOTL.csv")
        page = self.page(client)
        assert "2 of 2 countries" in page
        assert "48.5" in page

    def test_the_page_is_in_the_language_asked_for(self, client, import_text):
        import_text()
        page = self.page(client, "?lang=ar")
        assert 'dir="rtl"' in page
        assert "الأفراد الذين يستعملون الإنترنت" in page
        assert "كينيا" in page

    def test_nothing_on_the_page_breaks_the_content_security_policy(self, client, import_text):
        import_text()
        for query in ("", "?by=income", "?lang=ar"):
            page = self.page(client, query)
            assert not re.search(r"<[^>]+\sstyle=", page)
            assert "<style" not in page

    def test_more_rows_need_no_more_queries(self, client, import_text):
        import_text("code,name,year,value\nWLD,World,2023,67\nSAS,South Asia,2023,43\nKEN,Kenya,2023,30\n")
        one = queries_of(client, "/wsis20/d/1")
        import_text(label="later")
        assert queries_of(client, "/wsis20/d/1") == one

    def test_every_number_in_every_edition_can_be_downloaded(self, client, import_text, forum, now):
        import_text(label="October")
        figures.publish_figures(document=a_document(), forum=forum, actor=SYSTEM, now=now)
        response = client.get("/wsis20/d/1.csv")
        rows = list(csv.DictReader(io.StringIO(response.content.decode())))
        assert response["Content-Disposition"] == 'attachment; filename="WSIS20-D-1.csv"'
        assert len(rows) == 13 + 4
        world = [
            (row["edition"], row["value"]) for row in rows if row["area"] == "WLD" and row["year"] == "2023"
        ]
        assert sorted(world) == [("2023", "67.4"), ("2024", "65"), ("October", "67.4")]
        assert {row["code"] if "code" in row else row["area"] for row in rows} >= {"NAM", "KEN"}

    def test_words_that_a_spreadsheet_would_run_are_made_plain(self, client, import_text):
        import_text("code,name,year,value\nX1,=cmd(),2020,1\nKEN,Kenya,2020,-2.5\n")
        rows = list(csv.DictReader(io.StringIO(client.get("/wsis20/d/1.csv").content.decode())))
        assert {row["name"]: row["value"] for row in rows} == {"'=cmd()": "1", "Kenya": "-2.5"}
