"""Indicators from files by the command line: the plain table, wide tables and data packages."""

import argparse

import pytest
import xlsxwriter

from muntada.cli import imports
from muntada.evidence.indicators.models import Import, Indicator, Observation

pytestmark = pytest.mark.django_db


def told(*paths, vintage: str = "2025") -> int:
    arguments = argparse.Namespace(
        what="indicators",
        path=paths,
        forum="wsis20",
        call="",
        language="",
        source="Somebody",
        vintage=vintage,
    )
    return imports.run(arguments)


def values() -> list[tuple[str, str, int, float]]:
    rows = Observation.objects.order_by("area__code", "year", "breakdown")
    return list(rows.values_list("vintage__indicator__code", "area__code", "year", "value"))


@pytest.mark.usefixtures("forum")
class TestIndicators:
    def test_a_wide_table_is_read(self, tmp_path, capsys):
        file = tmp_path / "X.Y.csv"
        file.write_text("area,name,2022,2023\nKEN,Kenya,5,6\nNAM,Namibia,,8\n")
        assert told(file) == 0
        assert "3 numbers of 1 indicator, edition 2025." in capsys.readouterr().out
        assert values() == [("X.Y", "KEN", 2022, 5.0), ("X.Y", "KEN", 2023, 6.0), ("X.Y", "NAM", 2023, 8.0)]
        assert Import.objects.get().state == "done"

    def test_a_wide_workbook_is_read(self, tmp_path):
        file = tmp_path / "X.Y.xlsx"
        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["area", 2022, 2023])
            sheet.write_row(1, 0, ["KEN", 5, 6])
        assert told(file) == 0
        assert values() == [("X.Y", "KEN", 2022, 5.0), ("X.Y", "KEN", 2023, 6.0)]

    def test_the_package_of_one_indicator_is_read_by_another_forum_too(self, tmp_path, client):
        plain = tmp_path / "X.Y.csv"
        plain.write_text("code,name,year,value\nKEN,Kenya,2022,5\nKEN,Kenya,2023,6\n")
        assert told(plain) == 0
        number = Indicator.objects.get().symbol.number
        package = tmp_path / "package.zip"
        package.write_bytes(client.get(f"/wsis20/d/{number}/compare.zip").content)
        assert told(package, vintage="again") == 0
        assert values() == [("X.Y", "KEN", 2022, 5.0)] * 2 + [("X.Y", "KEN", 2023, 6.0)] * 2

    def test_what_cannot_be_read_leaves_nothing(self, tmp_path, capsys):
        file = tmp_path / "X.Y.csv"
        file.write_text("area,2022\nKEN,5\nNAM,many\n")
        assert told(file) == 2
        said = capsys.readouterr().err
        assert "Line 3" in said
        assert "Nothing of X.Y.csv was kept." in said
        assert not Import.objects.exists()
        assert not Indicator.objects.exists()

    @pytest.mark.parametrize("text", ["colour,size\nred,5\n", "", "\0\0", "<html>"])
    def test_what_is_no_table_of_figures_is_refused(self, tmp_path, text):
        file = tmp_path / "X.Y.csv"
        file.write_text(text)
        assert told(file) == 2
        assert not Import.objects.exists()
