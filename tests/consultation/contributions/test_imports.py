"""What came by letter, in a meeting or in a table is taken in whole, once, with where it is from."""

import argparse
import csv
import io
from dataclasses import replace

import pytest
import xlsxwriter
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from consultation.conftest import a_saying
from muntada.cli import imports
from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.consultation.calls.models import Call
from muntada.consultation.contributions.actions import entries, uploads
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.contributions.queries.imports import known_ids, read_table, template_rows
from muntada.consultation.contributions.rules.contributions import CameBy
from muntada.consultation.contributions.rules.imports import ReceivedContribution
from muntada.consultation.replies import tasks as replies
from muntada.forums.models import Line
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.sheets import as_csv, as_xlsx, read_rows
from muntada.people.models import Organisation
from muntada.record.models import Edge, LogEntry, Receipt
from muntada.record.queries import check_log, receipt, same_content

COLUMNS = ("id", "language", "title", "views", "why", "name", "email", "organisation", "kind", "country")
GOOD = {
    "id": "L-1",
    "language": "fr",
    "title": "Des mâts",
    "views": "Des mâts d’abord.",
    "why": "Moins cher.",
    "name": "Awa Exemple",
    "email": "awa@example.org",
    "organisation": "Union des mâts",
    "kind": "civil-society",
    "country": "SN",
    "lines": "C1 C3",
    "goals": "9",
    "publish": "yes",
}


@pytest.fixture
def asked(make_call) -> Call:
    questions = [CallQuestion("views", {"en": "What?"}), CallQuestion("why", {"en": "Why?"}, words=3)]
    return make_call("asked", questions=questions)


def a_csv(*rows: dict[str, str]) -> bytes:
    written = io.StringIO()
    writer = csv.DictWriter(written, list(GOOD))
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def test_a_row_becomes_a_contribution_with_who_says_it_and_where_it_is_from(asked, now, secretariat):
    reading = read_table(asked, a_csv(GOOD))
    (said,) = uploads.take_in(
        call=asked, rows=reading.taken, file_name="letters.csv", actor=secretariat, now=now
    )
    kept = Contribution.objects.get(pk=said.pk)
    assert (kept.title, kept.text, kept.answers) == ("Des mâts", "Des mâts d’abord.", {"why": "Moins cher."})
    assert (kept.author, kept.author_name, kept.author_email) == (None, "Awa Exemple", "awa@example.org")
    assert (kept.organisation.name, kept.kind, kept.country) == ("Union des mâts", "civil-society", "SN")
    assert [line.code for line in kept.lines.all()] == ["C1", "C3"]
    assert [goal.code for goal in kept.goals.all()] == ["9"]
    assert (kept.came_by, kept.provenance, kept.external_id) == (CameBy.FILE, "letters.csv:2", "L-1")
    assert kept.is_public
    assert Receipt.objects.count() == 1
    (args,) = ProcrastinateJob.objects.filter(task_name__endswith="receipt").values_list("args", flat=True)
    replies.send_receipt(**args)
    (letter,) = mail.outbox
    assert letter.to == ["awa@example.org"]
    assert "Moins cher." in letter.body


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": ""}, "has no id"),
        ({"language": "xx"}, "“xx” is not known as language"),
        ({"title": ""}, "title"),
        ({"views": ""}, "Please write your contribution."),
        ({"why": "one two three four"}, "4 words, and at most 3"),
        ({"kind": "ngo"}, "“ngo” is not known as kind of organization"),
        ({"country": "ZQ9"}, "“ZQ9” is not known as country"),
        ({"lines": "C1 C99"}, "“C99” is not known as action line"),
        ({"goals": "99"}, "“99” is not known as goal"),
        ({"email": "nobody"}, "“nobody” is no e-mail address"),
        ({"publish": "maybe"}, "“maybe” in publish is neither yes nor no"),
        ({"views": "🎉"}, "no letters"),
    ],
)
def test_what_is_wrong_is_named_with_its_row(asked, change, words):
    reading = read_table(asked, a_csv(GOOD, GOOD | {"id": "L-2"} | change))
    (fault,) = reading.faults
    assert fault.row == 3
    assert words in fault.sentence
    assert not Contribution.objects.exists()


def test_everything_that_is_wrong_is_named_with_row_and_column_at_the_first_look(asked):
    wrong = {
        "id": "L-2",
        "language": "xx",
        "title": "",
        "why": "one two three four",
        "kind": "ngo",
        "email": "x",
    }
    faults = read_table(asked, a_csv(GOOD, GOOD | wrong, GOOD | {"lines": "C99" * 99})).faults
    assert [(fault.row, fault.column) for fault in faults] == [
        (3, "language"),
        (3, "kind"),
        (3, "email"),
        (3, "title"),
        (3, "why"),
        (4, "lines"),
        (4, "id"),
    ]
    assert all(len(fault.sentence) < 400 for fault in faults)


def test_what_only_the_record_can_tell_is_named_at_the_first_look_too(asked):
    rows = [
        GOOD | {"views": "As [C/99] says.", "why": "See [C/98]."},
        GOOD | {"id": "L-2", "kind": "", "organisation": "Nobody knows them"},
        GOOD | {"id": "L-3", "kind": ""},
    ]
    reading = read_table(asked, a_csv(*rows))
    faults = uploads.wrong_here(asked, reading.taken)
    assert [(fault.row, fault.column) for fault in faults] == [(2, "views"), (3, "kind")]
    assert not Organisation.objects.exists()


def test_a_table_stands_in_the_record_as_if_each_row_were_typed_in(asked, contribute, now, secretariat):
    contribute()
    rows = [
        GOOD | {"id": f"L-{number}", "views": f"As [C/1] says, {number} poteaux."} for number in range(30)
    ]
    reading = read_table(asked, a_csv(*rows))
    told: list[float] = []
    with CaptureQueriesContext(connection) as asked_for:
        cut = uploads.cut_rows(asked, reading.taken, told.append)
        kept = uploads.store(cut, call=asked, file_name="x.csv", actor=secretariat, now=now)
    locked = [query["sql"] for query in asked_for]
    first = next(place for place, sql in enumerate(locked) if "record_counter" in sql)
    assert len(locked) - first < 20
    assert told[-1] == 1
    assert [one.symbol.short for one in kept] == [f"C/{number}" for number in range(2, 32)]
    assert Edge.objects.filter(target__number=1, relation="cites").count() == 30
    said = Contribution.objects.get(symbol__number=9)
    assert "poteaux" in said.symbol.found_by.text
    version = said.versions.get()
    assert same_content(receipt(asked.forum_id, version.receipt.code), said.whole_text)
    assert version.receipt.entry.verb == "enter_contribution"
    assert check_log(asked.forum_id).is_whole


def test_one_wrong_citation_keeps_everything_out(asked, now, secretariat):
    reading = read_table(asked, a_csv(GOOD, GOOD | {"id": "L-2", "views": "As [C/99] says."}))
    assert not reading.faults
    with pytest.raises(Refused, match=r"Row 3: \[C/99\] does not exist"):
        uploads.take_in(call=asked, rows=reading.taken, file_name="x.csv", actor=secretariat, now=now)
    assert not Contribution.objects.exists()
    assert not Organisation.objects.exists()


def test_a_row_is_taken_in_once_however_often_the_table_is_read(asked, now, secretariat):
    for content in (a_csv(GOOD), a_csv(GOOD | {"title": "Otherwise"}, GOOD | {"id": "L-2"})):
        reading = read_table(asked, content)
        uploads.take_in(call=asked, rows=reading.taken, file_name="x.csv", actor=secretariat, now=now)
    assert sorted(Contribution.objects.values_list("external_id", "title")) == [
        ("L-1", "Des mâts"),
        ("L-2", "Des mâts"),
    ]
    assert known_ids(asked, ["L-1", "L-3"]) == {"L-1"}
    assert Organisation.objects.count() == 1


def test_the_same_id_twice_in_a_table_is_wrong(asked):
    (fault,) = read_table(asked, a_csv(GOOD, GOOD)).faults
    assert (fault.row, "row 2 already" in fault.sentence) == (3, True)


@pytest.mark.parametrize("write", [lambda rows: as_csv(list(rows[0]), rows), as_xlsx], ids=["csv", "xlsx"])
def test_the_template_is_read_back_and_its_example_is_not_taken_in(asked, write):
    rows = template_rows(asked)
    assert set(COLUMNS) <= set(rows[0])
    reading = read_table(asked, write([*rows, rows[0] | GOOD]))
    assert (len(reading.taken), list(reading.faults)) == (1, [])


def test_a_column_that_is_missing_is_named(asked):
    with pytest.raises(Refused, match="views"):
        read_table(asked, b"id,language,title\n1,en,x\n")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table-empty"),
        (b"id,title\n", "table-empty"),
        (b"id,id\n1,2\n", "column-doubled"),
        (b"id\n\xff\xfe\n", "table-encoding"),
        (b"id\n\x00\n", "table-broken"),
        (b"PK\x03\x04 no workbook", "table-broken"),
        # It says that it needs a program of version 22.2 to be unpacked.
        (
            as_xlsx([{"id": "1"}]).replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xde"),
            "table-broken",
        ),
        (b"id\n1\n2\n3\n", "table-too-long"),
        (b"x" * 10_000_001, "table-too-large"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(content, code):
    with pytest.raises(Refused) as refusal:
        read_rows(content, most=2)
    assert refusal.value.code == code


def test_numbers_and_days_of_a_workbook_are_read_as_they_look():
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["ID", "title"])
        sheet.write_row(2, 0, [7, "'=1+1"])
    (row,) = read_rows(written.getvalue(), most=9)
    assert (row.number, dict(row.values)) == (3, {"id": "7", "title": "=1+1"})


def a_letter(**changes) -> ReceivedContribution:
    return replace(
        ReceivedContribution(
            saying=a_saying(),
            name="Awa Example",
            email="awa@example.org",
            provenance="Letter of 3 March, file 12",
        ),
        **changes,
    )


def test_a_letter_is_typed_in_once_with_where_it_is_from(call, now, secretariat):
    words = {"call": call, "came_by": CameBy.LETTER, "actor": secretariat, "now": now}
    first = entries.enter_contribution(taken=a_letter(), **words)
    assert entries.enter_contribution(taken=a_letter(), **words) == first
    assert (first.came_by, first.provenance) == ("letter", "Letter of 3 March, file 12")
    assert first.name_shown == "Awa Example"
    assert LogEntry.objects.filter(verb="enter_contribution").count() == 1
    line = Line.objects.get(code="C2")
    about = entries.enter_contribution(taken=a_letter(saying=a_saying(line_ids=(line.pk,))), **words)
    other = entries.enter_contribution(taken=a_letter(name="Ada Example"), **words)
    assert len({first.pk, about.pk, other.pk}) == 3
    with pytest.raises(Refused) as refusal:
        entries.enter_contribution(taken=a_letter(provenance=""), **words)
    assert refusal.value.field == "provenance"


def test_an_organisation_nobody_knows_needs_its_kind(call, now, secretariat):
    letter = a_letter(organisation="Nobody knows them")
    with pytest.raises(Refused) as refusal:
        entries.enter_contribution(call=call, taken=letter, came_by=CameBy.LETTER, actor=secretariat, now=now)
    assert (refusal.value.code, refusal.value.field) == ("organisation-kind", "kind")


def test_only_the_secretariat_takes_in(call, now, moderator):
    for refused in (
        lambda: uploads.take_in(call=call, rows=[], file_name="x", actor=moderator, now=now),
        lambda: entries.enter_contribution(
            call=call, taken=a_letter(), came_by=CameBy.LETTER, actor=moderator, now=now
        ),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_the_command_line_reads_a_table_once_and_names_wrong_rows(asked, tmp_path, capsys, cli_words):
    good, wrong = tmp_path / "letters.csv", tmp_path / "wrong.csv"
    good.write_bytes(a_csv(GOOD))
    wrong.write_bytes(a_csv(GOOD | {"id": "L-9", "kind": "ngo"}, GOOD | {"id": "L-8", "views": "As [C/9]."}))
    assert imports.run(cli_words(good)) == 0
    assert "1 contributions read, 0 were there before" in capsys.readouterr().out
    assert imports.run(cli_words(good)) == 0
    assert "0 contributions read, 1 were there before" in capsys.readouterr().out
    assert imports.run(cli_words(wrong)) == 2
    said = capsys.readouterr().err
    assert "wrong.csv:2: “ngo”" in said
    assert "wrong.csv:3: [C/9] does not exist" in said
    assert imports.run(cli_words(tmp_path / "none.csv")) == 2
    assert Contribution.objects.count() == 1


@pytest.fixture
def cli_words(forum):
    parser = argparse.ArgumentParser()
    imports.add_arguments(parser)
    return lambda path: parser.parse_args(
        ["contributions", str(path), "--forum", forum.slug, "--call", "asked"]
    )
