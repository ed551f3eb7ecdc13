import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engines.opinion.exports import (
    COMMENTS,
    COMMENTS_HEADER,
    SUMMARY,
    VOTES,
    VOTES_HEADER,
    Folder,
    fault_of,
    place,
)
from muntada.engines.opinion.polis import read_polis


def test_an_export_is_read_whole(folder: Folder) -> None:
    export = read_polis(folder(summary=SUMMARY))
    assert (export.topic, export.description, export.agree_sign) == ("Wages, and more", "Two\nlines", 1)
    assert [(one.id, one.moderated, one.line) for one in export.statements] == [
        ("3", 1, 2),
        ("7", -1, 3),
        ("9", 0, 5),
    ]
    assert export.statements[0].text == "First, with a comma"
    assert export.statements[1].text == 'Second "quoted"\nand on a second line'
    assert export.statements[0].created == datetime(2014, 6, 18, 2, 36, 33, 627000, tzinfo=UTC)
    assert [(vote.participant, vote.statement, vote.value) for vote in export.votes] == [
        ("0", "3", 1),
        ("1", "3", 1),
        ("1", "7", -1),
    ]
    assert export.participants == ("0", "1")
    table = export.table()
    assert table.statements == ("3", "7", "9")
    assert table.moderated_out == {"7"}


def test_times_in_seconds_are_recognised_in_each_file_by_itself(folder: Folder) -> None:
    in_seconds = VOTES.replace("14030589937", "14030589").replace("1403058900", "1403058993")
    export = read_polis(folder(votes=in_seconds))
    assert export.votes[0].at == datetime.fromtimestamp(1403058993, tz=UTC)
    assert export.statements[0].created.year == 2014


def test_a_header_without_datetime_and_with_flags_is_read(folder: Folder) -> None:
    variant = (
        "timestamp,comment-id,author-id,agrees,disagrees,moderated,is-meta,is-seed,"
        "group-informed-consensus,comment-body\n"
        "1403058993,3,85,2,0,1,false,true,0.3,First, not quoted, with commas\n"
        '1403058993,7,85,0,1,0,true,false,0.1,"Second, quoted"\n'
    )
    export = read_polis(folder(comments=variant))
    assert export.statements[0].text == "First, not quoted, with commas"
    assert export.statements[1].text == "Second, quoted"
    assert [one.meta for one in export.statements] == [False, True]
    assert export.table().left_out().tolist() == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "One, two,, and three",
        'He said "no", and left',
        '"No", he said, and left',
        'A 5" pipe, bent',
        "Ends with a comma,",
        ",begins with one",
    ],
)
def test_statements_that_are_not_quoted_are_read_from_both_ends(folder: Folder, text: str) -> None:
    comments = COMMENTS_HEADER + f"1403058993627,x,3,85,2,0,1,{text}\n1403058993627,x,7,85,0,1,1,Plain\n"
    assert [one.text for one in read_polis(folder(comments=comments)).statements] == [text, "Plain"]


def test_columns_after_an_unquoted_statement_are_found(folder: Folder) -> None:
    comments = (
        "comment-id,comment-body,author-id,agrees,disagrees,moderated,timestamp\n"
        "3,One, two, three,85,2,0,1,1403058993627\n7,Plain,85,0,1,1,1403058993627\n"
    )
    assert read_polis(folder(comments=comments)).statements[0].text == "One, two, three"


def test_a_vote_of_seven_is_refused_with_file_and_line(folder: Folder) -> None:
    fault = fault_of(folder(votes=VOTES.replace("7,1,-1", "7,1,7")))
    assert str(fault) == "votes.csv, line 4: The vote is 7; a vote is 1, -1 or 0."


@pytest.mark.parametrize("cell", ["yes", "", "1.5", "١"])
def test_a_vote_that_is_no_number_is_refused_with_file_and_line(folder: Folder, cell: str) -> None:
    fault = fault_of(folder(votes=VOTES.replace("7,1,-1", f"7,1,{cell}")))
    assert place(fault) == ("votes.csv", 4)
    assert f"“{cell}” in the column vote is not a whole number" in str(fault)


def test_a_vote_on_an_unknown_statement_is_refused_with_its_line(folder: Folder) -> None:
    fault = fault_of(folder(votes=VOTES.replace("7,1,-1", "8,1,-1")))
    assert place(fault) == ("votes.csv", 4)
    assert "comment-id 8, which is not in comments.csv" in str(fault)


def test_a_doubled_comment_id_is_refused_with_both_lines(folder: Folder) -> None:
    fault = fault_of(folder(comments=COMMENTS.replace(",9,86,", ",3,86,")))
    assert place(fault) == ("comments.csv", 5)
    assert "comment-id 3 stands already on line 2" in str(fault)


def test_a_doubled_participant_is_refused_with_both_lines(folder: Folder) -> None:
    fault = fault_of(folder(participants0votes="participant,group-id,3,7\n0,1,1,\n0,,,\n"))
    assert place(fault) == ("participants-votes.csv", 3)


def test_participants_without_votes_and_published_groups_are_kept(folder: Folder) -> None:
    export = read_polis(folder(participants0votes="participant,group-id,3,7\n0,1,1,\n5,,,\n"))
    assert export.participants == ("0", "1", "5")
    assert export.published_groups == {"0": "1"}


@pytest.mark.parametrize("name", ["comments", "votes"])
def test_broken_utf8_is_refused_with_file_and_line(folder: Folder, name: str) -> None:
    content = {"comments": COMMENTS, "votes": VOTES}[name].encode() + b"\xff\n"
    fault = fault_of(folder(**{name: content}))
    assert place(fault) == (f"{name}.csv", content.count(b"\n"))
    assert "not UTF-8" in str(fault)


@pytest.mark.parametrize("name", ["comments", "votes"])
@pytest.mark.parametrize("content", ["", "only,a,header\n", "header"])
def test_an_empty_or_foreign_file_is_refused(folder: Folder, name: str, content: str) -> None:
    wanted = {"comments": COMMENTS_HEADER, "votes": VOTES_HEADER}[name]
    fault = fault_of(folder(**{name: wanted if content == "header" else content}))
    assert fault.file == f"{name}.csv"


@pytest.mark.parametrize("name", ["comments", "votes"])
def test_a_file_of_200_megabytes_is_refused_unread(folder: Folder, name: str) -> None:
    path = folder()
    with (path / f"{name}.csv").open("r+b") as stream:
        stream.truncate(200_000_000)
    fault = fault_of(path)
    assert place(fault) == (f"{name}.csv", None)
    assert "200.0 MB" in str(fault)


@pytest.mark.parametrize("name", ["comments", "votes"])
def test_a_missing_file_is_named(folder: Folder, name: str) -> None:
    path = folder()
    (path / f"{name}.csv").unlink()
    assert str(fault_of(path)) == f"{name}.csv: There is no such file."


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert "nowhere: This is not a folder" in str(fault_of(tmp_path / "nowhere"))


@pytest.mark.parametrize("cell", ["", "1.40306E+12", "-5", "140305899370012"])
def test_a_time_that_is_none_is_refused_with_its_line(folder: Folder, cell: str) -> None:
    fault = fault_of(folder(votes=VOTES.replace("1403058993702", cell)))
    assert place(fault) == ("votes.csv", 4)
    assert "is not a time" in str(fault)


def test_times_in_two_units_are_refused(folder: Folder) -> None:
    fault = fault_of(folder(votes=VOTES.replace("1403058993702", "1403058993")))
    assert place(fault) == ("votes.csv", 4)
    assert "another unit" in str(fault)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        (",0,Third", ",2,Third", 5, "moderated is 2"),
        (",2,0,1,", ",many,0,1,", 2, "“many” in the column agrees"),
        (",2,0,1,", ",-2,0,1,", 2, "agrees is -2"),
        (",9,86,0", ",,86,0", 5, "The cell in the column comment-id is empty"),
        (",0,0,0,Third", ",0,Third", 5, "The row has 6 cells; the header has 8 columns"),
        (",Third\n", ',"Third\n', 5, "quotation mark"),
        ("comment-body", "text", 1, "These columns are missing: comment-body"),
    ],
)
def test_a_statement_that_makes_no_sense_is_refused_with_its_line(
    folder: Folder, old: str, new: str, line: int, words: str
) -> None:
    assert COMMENTS.count(old) == 1
    fault = fault_of(folder(comments=COMMENTS.replace(old, new)))
    assert place(fault) == ("comments.csv", line)
    assert words in str(fault)


def test_a_votes_row_that_is_cut_off_is_refused(folder: Folder) -> None:
    fault = fault_of(folder(votes=VOTES[:-10]))
    assert place(fault) == ("votes.csv", 4)


def test_a_summary_that_is_broken_is_refused(folder: Folder) -> None:
    assert fault_of(folder(summary='topic,"x\n')).file == "summary.csv"


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "statements", "events", "votes", "people"),
    [
        ("15-per-hour-seattle", 54, 2995, 2872, 339),
        ("canadian-electoral-reform", 174, 12018, 11950, 448),
        ("scoop-hivemind.biodiversity", 316, 29802, 29719, 536),
        ("vtaiwan.uberx", 197, 49997, 49443, 1921),
    ],
)
def test_the_latest_votes_of_real_exports_are_those_that_polis_published(
    shared_data: Path, name: str, statements: int, events: int, votes: int, people: int
) -> None:
    path = shared_data / "polis" / name
    export = read_polis(path)
    table = export.table()
    assert (len(export.statements), len(export.votes), table.value.size) == (statements, events, votes)
    assert (len(export.participants), export.agree_sign) == (people, 1)
    with (path / "participants-votes.csv").open(encoding="utf-8", newline="") as stream:
        published = {
            (row["participant"], statement): int(row[statement])
            for row in csv.DictReader(stream)
            for statement in table.statements
            if row.get(statement)
        }
    assert published == {
        (table.participants[person], table.statements[text]): int(value)
        for person, text, value in zip(table.participant, table.statement, table.value, strict=True)
    }


@pytest.mark.shared_data
def test_a_chinese_consultation_keeps_its_words(shared_data: Path) -> None:
    export = read_polis(shared_data / "polis" / "vtaiwan.uberx")
    assert export.topic == "UberX 自用車載客 — vTaiwan.tw"
    assert export.description.count("\n") == 10
    assert export.statements[0].text.startswith("Uber的出現")
