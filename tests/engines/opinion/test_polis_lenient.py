"""What an export may lack without being refused where only its votes are to be analysed."""

from pathlib import Path

import pytest

from engines.opinion.exports import (
    COMMENTS,
    DECLARED,
    LENIENT,
    SUMMARY,
    VOTES,
    VOTES_HEADER,
    Folder,
    fault_of,
    place,
)
from muntada.engines.opinion.polis import PolisExport, read_polis

MATRIX = """participant,group-id,n-comments,n-votes,n-agree,n-disagree,3,7,9
5,,0,1,1,0,1,,
0,1,0,2,1,1,1.0,-1,
1,0,0,2,0,0,,0,0
8,,0,0,0,0,,,
"""
CELLS = [("0", "3", 1), ("1", "3", 1), ("1", "7", -1)]


def cells_of(export: PolisExport) -> list[tuple[str, str, int]]:
    return [(vote.participant, vote.statement, vote.value) for vote in export.votes]


def lenient(path: Path) -> PolisExport:
    export = read_polis(path, LENIENT)
    export.table()
    return export


@pytest.mark.parametrize("name", ["participants0votes", "participant0votes"])
def test_the_votes_of_the_participants_are_enough(folder: Folder, name: str) -> None:
    export = lenient(folder(comments=None, votes=None, **{name: MATRIX}))
    assert cells_of(export) == [
        ("5", "3", 1),
        ("0", "3", 1),
        ("0", "7", -1),
        ("1", "7", 0),
        ("1", "9", 0),
    ]
    assert (export.participants, export.agree_sign) == (("0", "1", "5", "8"), 1)
    assert [(one.id, one.text, one.moderated) for one in export.statements] == [
        ("3", "", 0),
        ("7", "", 0),
        ("9", "", 0),
    ]
    assert export.published_groups == {"0": "1", "1": "0"}
    assert len(export.notes) == 2
    assert (
        "no comments.csv: the statements have no words, and none is taken to be moderated" in export.notes[0]
    )
    assert "no votes.csv: the votes are those of participant" in export.notes[1]


def test_the_rows_of_participants_are_the_order_in_which_they_came(folder: Folder) -> None:
    table = lenient(folder(comments=None, votes=None, participants0votes=MATRIX)).table()
    assert dict(zip(table.participants, table.arrival.tolist(), strict=True)) == {
        "5": 0,
        "0": 1,
        "1": 2,
        "8": 3,
    }


def test_votes_of_participants_keep_the_words_and_the_moderation(folder: Folder) -> None:
    export = lenient(folder(votes=None, participants0votes=MATRIX))
    assert export.statements[0].text == "First, with a comma"
    assert export.table().moderated_out == {"7"}
    assert len(export.notes) == 1


def test_turned_votes_of_participants_are_turned_back_by_what_they_agreed_with(folder: Folder) -> None:
    turned = MATRIX.replace("1,0,1,,", "1,0,-1,,").replace("1,1,1.0,-1,", "1,1,-1.0,1,")
    export = lenient(folder(comments=None, votes=None, participants0votes=turned))
    assert export.agree_sign == -1
    assert cells_of(export)[:3] == [("5", "3", 1), ("0", "3", 1), ("0", "7", -1)]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("0,0,,0,0", "0,0,,7,0", 4, "The vote is 7"),
        ("0,0,,0,0", "0,0,,0", 4, "The row has 8 cells; the header has 9 columns"),
        ("8,,", "5,,", 5, "participant 5 stands already on line 2"),
        (",3,7,9", ",a,b,c", None, "These columns are missing"),
    ],
)
def test_votes_of_participants_that_make_no_sense_are_refused(
    folder: Folder, old: str, new: str, line: int | None, words: str
) -> None:
    fault = fault_of(folder(votes=None, participants0votes=MATRIX.replace(old, new)), LENIENT)
    assert place(fault) == ("participants-votes.csv", line)
    assert words in str(fault)


def test_a_folder_without_any_votes_names_what_is_missing(folder: Folder) -> None:
    assert str(fault_of(folder(votes=None), LENIENT)) == "votes.csv: There is no such file."


def test_votes_without_comments_are_read(folder: Folder) -> None:
    export = lenient(folder(comments=None))
    assert [one.id for one in export.statements] == ["3", "7"]
    assert export.table().left_out().tolist() == [False, False]
    assert "no comments.csv" in export.notes[0]


def test_a_vote_on_a_statement_without_words_counts(folder: Folder) -> None:
    export = lenient(folder(votes=VOTES + "1403058993703,x,12,1,1\n1403058993704,x,11,1,1\n"))
    assert [one.id for one in export.statements] == ["3", "7", "9", "11", "12"]
    assert export.notes[0].startswith(
        "Statements that are not in comments.csv: 2 (11, 12). They have no words"
    )


def test_votes_without_times_came_in_the_order_of_their_rows(folder: Folder) -> None:
    votes = "comment-id,voter-id,vote\n3,1,0\n3,0,1\n7,1,-1\n3,1,1\n"
    export = lenient(folder(votes=votes))
    table = export.table()
    assert (table.arrival.tolist(), table.value.tolist()) == ([1, 0], [1, 1, -1])
    assert "votes.csv tells no times" in export.notes[0]


def test_of_statements_no_more_is_needed_than_their_ids(folder: Folder) -> None:
    export = lenient(folder(comments="comment-id\n3\n7\n9\n"))
    assert [(one.id, one.text, one.moderated) for one in export.statements] == [
        ("3", "", 0),
        ("7", "", 0),
        ("9", "", 0),
    ]
    assert "no column moderated" in export.notes[0]


@pytest.mark.parametrize(
    ("people", "listed", "words"),
    [
        ("", ("0", "1"), "The file is empty. The rest of the file was left aside"),
        ("participant,n-votes,3\n4,1,1\n", ("0", "1", "4"), ""),
        (
            "participant,group-id,3,7\n0,1,1,\n0,,,\n4,,,\n",
            ("0", "1", "4"),
            "line 3: The participant 0 stands",
        ),
        ("participant,group-id,3,7\n0\n4,,,\n,1,1,1\n", ("0", "1", "4"), "such reasons: 2"),
        ('participant,group-id,3,7\n"4",1,1\n', ("0", "1", "4"), ""),
        (b"participant,group-id,3,7\n4,1,1\n\xff\n", ("0", "1", "4"), "line 3: The text is not UTF-8"),
    ],
)
def test_a_broken_list_of_participants_is_no_reason_to_refuse_whole_votes(
    folder: Folder, people: str | bytes, listed: tuple[str, ...], words: str
) -> None:
    export = lenient(folder(participants0votes=people))
    assert (export.participants, cells_of(export)) == (listed, CELLS)
    assert len(export.notes) == bool(words)
    assert words in "".join(export.notes)


@pytest.mark.parametrize(
    "summary", ["", 'topic,Wages\nconversation-description,"x\n', b"topic,Wages\nurl,\xff\n"]
)
def test_a_broken_summary_is_no_reason_to_refuse_whole_votes(folder: Folder, summary: str | bytes) -> None:
    export = lenient(folder(summary=summary))
    assert export.topic == ("Wages" if summary else "")
    assert export.notes[0].startswith("summary.csv")


def test_what_a_broken_summary_declares_is_heeded(folder: Folder) -> None:
    turned = DECLARED.replace("agree=+1;disagree=-1", "agree=-1;disagree=+1")
    path = folder(comments=None, summary='conversation-description,"x\n' + turned)
    assert lenient(path).agree_sign == -1


def test_a_whole_export_needs_no_notes(folder: Folder) -> None:
    assert read_polis(folder(summary=SUMMARY), LENIENT).notes == ()


@pytest.mark.parametrize("change", [str.upper, lambda name: f" {name} "])
def test_names_of_columns_may_be_written_otherwise(folder: Folder, change: object) -> None:
    assert callable(change)

    def changed(text: str) -> str:
        header, rows = text.split("\n", 1)
        return ",".join(change(name) for name in header.split(",")) + "\n" + rows

    export = read_polis(folder(comments=changed(COMMENTS), votes=changed(VOTES)))
    assert cells_of(export) == cells_of(read_polis(folder()))
    assert export.statements[0].text == "First, with a comma"


def test_lines_may_end_with_carriage_returns(folder: Folder) -> None:
    plain = read_polis(folder(summary=SUMMARY.replace('"Two\nlines"', "x")))
    files = {
        "comments": COMMENTS,
        "votes": VOTES,
        "summary": "topic,Wages, and more\nconversation-description,x\n",
    }
    for end in ("\r", "\r\n"):
        read = read_polis(folder(**{name: text.replace("\n", end) for name, text in files.items()}))
        assert cells_of(read) == cells_of(plain)
        assert (read.topic, [one.id for one in read.statements]) == (plain.topic, ["3", "7", "9"])


@pytest.mark.parametrize("name", ["comments", "votes"])
def test_a_stray_carriage_return_in_a_header_is_a_fault_like_others(folder: Folder, name: str) -> None:
    content = {"comments": COMMENTS, "votes": VOTES_HEADER}[name].replace("vote\n", "vo\rte\n")
    content = content.replace("agrees,dis", "agr\rees,dis")
    assert fault_of(folder(**{name: content}), LENIENT).file == f"{name}.csv"


def test_many_megabytes_are_read_where_the_files_are_the_user_s_own(folder: Folder) -> None:
    row = "1403058993703,{},3,1,1\n".format("x" * 1000)
    path = folder(votes=VOTES + row * 60_000)
    assert fault_of(path).sentence.startswith("The file has")
    wishes = LENIENT.__class__(lenient=True, max_bytes=10**11)
    assert len(read_polis(path, wishes).votes) == 60_003


def test_without_any_counts_it_is_not_said_that_they_fit_both_readings(folder: Folder) -> None:
    export = lenient(folder(comments=None))
    (note,) = [note for note in export.notes if "1 or -1" in note]
    assert note.startswith("votes.csv: ")
    assert "comments.csv" not in note


def test_ids_written_with_a_decimal_point_are_those_without(folder: Folder) -> None:
    rows = VOTES.removeprefix(VOTES_HEADER).strip().splitlines()
    before = [row.split(",") for row in rows]
    at = [VOTES_HEADER.strip().split(",").index(name) for name in ("comment-id", "voter-id")]
    after = [
        ",".join(f"{cell}.0" if number in at else cell for number, cell in enumerate(row)) for row in before
    ]
    plain, decimal = lenient(folder()), lenient(folder(votes=VOTES_HEADER + "\n".join(after) + "\n"))
    assert cells_of(decimal) == cells_of(plain)
    assert decimal.notes == plain.notes
