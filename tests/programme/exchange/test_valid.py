"""Every export that is no schedule against its schema: the feed, the events, the tables."""

import csv
import io
import json
from copy import deepcopy
from typing import Any

from lxml import etree
from python_calamine import CalamineWorkbook

from programme.exchange.conftest import SCHEMAS, faults_of


def rows_of_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def rows_of_xlsx(content: bytes) -> list[dict[str, str]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    head, *rows = sheet.to_python()
    return [dict(zip(map(str, head), map(_as_text, row), strict=True)) for row in rows]


def _as_text(cell: object) -> str:
    """A number comes out of a workbook with a point it was not written with."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def test_the_feed_of_changes_is_valid_atom(fetch, second):
    grammar = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
    content = fetch("programme/changes.atom").content
    grammar.assertValid(etree.fromstring(content))
    for wrong in (
        content.replace(b"<updated>", b"<updated>the ", 1),
        content.replace(b"</author>", b"<email>amina@example.org</email></author>", 1),
        content.replace(b"<title>", b"<title>A</title><title>", 1),
    ):
        assert not grammar.validate(etree.fromstring(wrong))


def test_the_programme_and_each_session_are_valid_events(fetch, second):
    whole = json.loads(fetch("programme.jsonld").content)
    assert faults_of(whole, "event.json") == []
    assert len(whole["subEvent"]) == 3
    assert faults_of(json.loads(fetch("s/1.jsonld").content), "event.json") == []


def test_an_event_that_is_wrong_is_refused(fetch, second):
    whole = json.loads(fetch("programme.jsonld").content)
    changes: list[dict[str, Any]] = [
        {"startDate": "9 July"},
        {"eventStatus": "cancelled"},
        {"location": []},
        {"email": "amina@example.org"},
        {"inLanguage": "Arabic"},
    ]
    for change in changes:
        wrong = deepcopy(whole)
        wrong["subEvent"][0] |= change
        assert len(faults_of(wrong, "event.json")) == 1, change


def test_the_table_is_valid_as_csv_and_as_a_workbook_and_both_say_the_same(fetch, second):
    told = rows_of_csv(fetch("programme.csv").content)
    assert [fault for row in told for fault in faults_of(row, "table.json")] == []
    sheet = rows_of_xlsx(fetch("programme.xlsx").content)
    assert [fault for row in sheet for fault in faults_of(row, "table.json")] == []
    assert [row["uid"] for row in sheet] == [row["uid"] for row in told]
    assert [row["status"] for row in told] == ["confirmed", "confirmed", "cancelled"]


def test_a_table_that_is_wrong_is_refused(fetch, second):
    row = rows_of_csv(fetch("programme.csv").content)[0]
    for change in ({"starts": "25:00"}, {"status": "maybe"}, {"seats": "many"}, {"extra": ""}):
        assert len(faults_of(row | change, "table.json")) == 1, change
