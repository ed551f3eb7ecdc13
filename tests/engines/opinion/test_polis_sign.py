import json
from collections.abc import Sequence

import numpy as np
import pytest

from engines.opinion.exports import (
    COMMENTS,
    COMMENTS_HEADER,
    DECLARED,
    LENIENT,
    TURNED,
    VOTES,
    VOTES_HEADER,
    Folder,
    fault_of,
    place,
)
from muntada.engines.opinion.polis import Wishes, read_polis

UNCOUNTED = COMMENTS.replace(",2,0,1,", ",0,0,1,").replace(",0,1,-1,", ",0,0,-1,")
PEOPLE = "participant,group-id,n-agree,n-disagree,3,7\n0,,1,0,1,\n1,,1,1,1,-1\n"


def votes_of(cells: Sequence[tuple[int, int, int]], sign: int = 1) -> str:
    return VOTES_HEADER + "".join(
        f"1403058993700,x,{text},{person},{sign * value}\n" for person, text, value in cells
    )


def comments_of(counts: Sequence[tuple[int, int]]) -> str:
    return COMMENTS_HEADER + "".join(
        f"1403058993627,x,{text},0,{agrees},{disagrees},1,Words\n"
        for text, (agrees, disagrees) in enumerate(counts)
    )


def crowd(people: int, statements: int) -> tuple[list[tuple[int, int, int]], list[tuple[int, int]]]:
    """Everybody votes on everything, each statement has its own number of agreements."""
    dice = np.random.default_rng(0)
    values = np.where(dice.random((people, statements)) < dice.random(statements), 1, -1)
    cells = [(person, text, int(value)) for (person, text), value in np.ndenumerate(values)]
    counts = [(int((column > 0).sum()), int((column < 0).sum())) for column in values.T]
    return cells, counts


def test_votes_whose_sign_is_turned_are_turned_back(folder: Folder) -> None:
    export = read_polis(folder(votes=TURNED))
    assert export.agree_sign == -1
    assert [vote.value for vote in export.votes] == [1, 1, -1]


def test_a_declaration_decides_where_the_counts_say_nothing(folder: Folder) -> None:
    comments = COMMENTS.replace(",2,0,1,", ",0,0,1,").replace(",0,1,-1,", ",0,0,-1,")
    assert read_polis(folder(comments=comments, summary=DECLARED)).agree_sign == 1
    turned = DECLARED.replace("agree=+1;disagree=-1", "agree=-1;disagree=+1")
    assert read_polis(folder(comments=comments, summary=turned)).agree_sign == -1


def test_a_declaration_in_format_json_is_read(folder: Folder) -> None:
    comments = COMMENTS.replace(",2,0,1,", ",0,0,1,").replace(",0,1,-1,", ",0,0,-1,")
    words = {"format": "polis-export/1", "vote": {"agree": 1, "disagree": -1, "pass": 0}}
    assert read_polis(folder(comments=comments, format_json=json.dumps(words))).agree_sign == 1


def test_counts_of_an_export_that_was_still_growing_decide_by_distance(folder: Folder) -> None:
    comments = COMMENTS.replace(",2,0,1,", ",3,0,1,").replace(",0,1,-1,", ",0,2,-1,")
    assert read_polis(folder(comments=comments)).agree_sign == 1
    assert read_polis(folder(comments=comments, votes=TURNED)).agree_sign == -1


def test_a_sign_that_nothing_tells_is_refused(folder: Folder) -> None:
    fault = fault_of(folder(comments=COMMENTS.replace(",2,0,1,", ",0,0,1,").replace(",0,1,-1,", ",0,0,-1,")))
    assert place(fault) == ("comments.csv", None)
    assert "Nothing tells whether 1 or -1 means agree" in str(fault)


def test_counts_that_contradict_the_declaration_are_refused_with_a_witness(folder: Folder) -> None:
    fault = fault_of(folder(votes=TURNED, summary=DECLARED))
    assert place(fault) == ("comments.csv", 2)
    assert "declared as 1, but the counts of the statement 3 fit only with -1" in str(fault)


def test_counts_that_contradict_each_other_are_refused_with_both_witnesses(folder: Folder) -> None:
    votes = VOTES.replace("7,1,-1", "7,1,1\n1403058993703,x,7,0,1")
    fault = fault_of(folder(comments=COMMENTS.replace(",0,1,-1,", ",0,2,-1,"), votes=votes))
    assert place(fault) == ("comments.csv", 3)
    assert "statement 7 fit only with agreement as -1, those of the statement 3 (line 2) only with 1" in str(
        fault
    )


def test_two_declarations_that_contradict_each_other_are_refused(folder: Folder) -> None:
    words = {"vote-convention": "agree=-1;disagree=+1;pass=0"}
    fault = fault_of(folder(summary=DECLARED, format_json=json.dumps(words)))
    assert fault.file == "format.json"
    assert "contradict" in str(fault)


@pytest.mark.parametrize(
    "declaration", ["agree=yes", "agree=1;disagree=1;pass=0", "agree", "agree=1;disagree=-1;pass=1"]
)
def test_a_declaration_that_cannot_be_read_is_refused_with_its_line(folder: Folder, declaration: str) -> None:
    fault = fault_of(folder(summary=f"topic,x\nvote-convention,{declaration}\n"))
    assert place(fault) == ("summary.csv", 2)
    assert f"“{declaration}”" in str(fault)


@pytest.mark.parametrize("content", ["{", "[1]", "[" * 100_000])
def test_a_broken_format_json_is_refused(folder: Folder, content: str) -> None:
    fault = fault_of(folder(format_json=content))
    assert fault.file == "format.json"
    assert "not a JSON object" in str(fault)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("summary", ["topic,x\n", "vote-convention,agree={0};disagree={1};pass=0\n"])
def test_one_statement_of_54_with_swapped_counts_changes_nothing(
    folder: Folder, sign: int, summary: str
) -> None:
    cells, counts = crowd(20, 54)
    furthest = max(range(54), key=lambda text: abs(counts[text][0] - counts[text][1]))
    counts[furthest] = counts[furthest][::-1]
    path = folder(
        comments=comments_of(counts), votes=votes_of(cells, sign), summary=summary.format(sign, -sign)
    )
    assert read_polis(path).agree_sign == sign


@pytest.mark.parametrize("sign", [1, -1])
def test_rows_that_are_there_twice_leave_the_sign_plain(folder: Folder, sign: int) -> None:
    cells, counts = crowd(10, 12)
    again = [(person + 10, text, value) for person, text, value in cells]
    for doubled in (cells + cells, cells + again):
        read = read_polis(folder(comments=comments_of(counts), votes=votes_of(doubled, sign)))
        assert read.agree_sign == sign


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("people", [1, 3])
def test_few_people_of_many_leave_the_sign_plain(folder: Folder, sign: int, people: int) -> None:
    cells, counts = crowd(40, 30)
    few = [cell for cell in cells if cell[0] < people]
    assert read_polis(folder(comments=comments_of(counts), votes=votes_of(few, sign))).agree_sign == sign


@pytest.mark.parametrize("sign", [1, -1])
def test_a_single_vote_that_is_counted_tells_the_sign(folder: Folder, sign: int) -> None:
    files = {"comments": comments_of([(1, 0)]), "votes": votes_of([(0, 0, 1)], sign)}
    assert read_polis(folder(**files)).agree_sign == sign


def test_whoever_knows_the_sign_has_the_last_word(folder: Folder) -> None:
    path = folder(comments=UNCOUNTED, summary="vote-convention,nonsense\n")
    assert read_polis(path, Wishes(agree_is=1)).votes[0].value == 1
    assert read_polis(path, Wishes(agree_is=-1)).votes[0].value == -1


@pytest.mark.parametrize("sign", [1, -1])
def test_counts_of_people_decide_where_those_of_statements_do_not(folder: Folder, sign: int) -> None:
    votes = VOTES if sign > 0 else TURNED
    read = read_polis(folder(comments=UNCOUNTED, votes=votes, participants0votes=PEOPLE))
    assert read.agree_sign == sign


def test_counts_of_people_that_contradict_what_is_declared_are_refused(folder: Folder) -> None:
    turned = PEOPLE.replace(",1,\n", ",-1,\n").replace(",1,-1\n", ",-1,1\n")
    path = folder(comments=None, votes=None, participants0votes=turned, summary=DECLARED)
    fault = fault_of(path, LENIENT)
    assert place(fault) == ("participants-votes.csv", 2)
    assert "n-agree and n-disagree of the participant 0 fit only with -1" in str(fault)


def test_counts_of_people_that_fit_both_readings_are_refused(folder: Folder) -> None:
    even = "participant,n-agree,n-disagree,3,7\n0,1,1,1,-1\n"
    fault = fault_of(folder(comments=None, votes=None, participants0votes=even), LENIENT)
    assert "n-agree and n-disagree fit both readings or neither" in str(fault)


def test_without_any_counts_one_means_agree_and_this_is_said(folder: Folder) -> None:
    read = read_polis(folder(comments=None), LENIENT)
    assert read.agree_sign == 1
    assert "1 is taken to" in read.notes[-1]
    declared = read_polis(
        folder(comments=None, format_json='{"vote-convention": "agree=-1;disagree=1"}'), LENIENT
    )
    assert declared.agree_sign == -1


@pytest.mark.parametrize("sign", [1, -1])
def test_a_single_person_against_all_others_is_told_by_the_counts_of_people(
    folder: Folder, sign: int
) -> None:
    votes = votes_of([(7, 0, -1), (7, 1, -1), (7, 2, 1)], sign)
    people = "participant,group-id,n-agree,n-disagree\n7,,1,2\n8,,0,5\n"
    path = folder(comments=comments_of([(9, 1), (9, 2), (1, 5)]), votes=votes, participants0votes=people)
    assert read_polis(path).agree_sign == sign


def test_where_everybody_passed_there_is_no_sign_to_tell(folder: Folder) -> None:
    read = read_polis(folder(votes=votes_of([(0, 3, 0), (1, 7, 0)])), LENIENT)
    assert [vote.value for vote in read.votes] == [0, 0]
    assert read.notes == ()


def test_counts_that_were_never_filled_in_do_not_stop_an_analyst(folder: Folder) -> None:
    read = read_polis(folder(comments=UNCOUNTED), LENIENT)
    assert read.agree_sign == 1
    assert any("1 is taken to" in note for note in read.notes)
