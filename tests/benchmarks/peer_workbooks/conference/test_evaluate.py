from pathlib import Path

import pytest
from workbook_solvers.conference.evaluate import evaluate
from workbook_solvers.conference.problem import Constraint, Place, Score
from workbook_solvers.conference.workbook import read_conference

from benchmarks.peer_workbooks.conference.books import SHARED, by_rule, make

C = Constraint

# From the peer's own evaluator: score, then for each constraint the number of matches and what they add.
GOLDEN: dict[str, tuple[Score, dict[Constraint, tuple[int, int]]]] = {
    "18talks-6timeslots-5rooms": (
        Score(-8130, 0, -67_125),
        {
            C.LEVEL_DIVERSITY: (19, 855),
            C.AUDIENCE_DIVERSITY: (7, 315),
            C.AUDIENCE_THEME_CONFLICT: (1, -45),
            C.PAUSE: (12, -1380),
            C.POPULAR: (43, -49_200),
            C.SPEAKER_CONFLICT: (13, -5850),
            C.PREREQUISITES: (1, -900),
            C.TALK_UNDESIRED_ROOM: (1, -2400),
            C.THEME_CONFLICT: (4, -1800),
            C.THEME_STABILITY: (14, -14_850),
        },
    ),
    "36talks-12timeslots-5rooms": (
        Score(-6540, -1, -473_940),
        {
            C.LEVEL_DIVERSITY: (34, 1530),
            C.AUDIENCE_DIVERSITY: (16, 720),
            C.AUDIENCE_THEME_CONFLICT: (2, -90),
            C.PAUSE: (3, -495),
            C.LEVEL_FLOW: (6, -6900),
            C.CONTENT_CONFLICT: (2, -9000),
            C.POPULAR: (289, -320_100),
            C.PUBLISHED_TIMESLOT: (1, -1),
            C.SAME_DAY: (66, -73_950),
            C.SPEAKER_CONFLICT: (4, -1800),
            C.SPEAKER_REQUIRED_ROOM: (1, -45),
            C.PREREQUISITES: (3, -4200),
            C.THEME_CONFLICT: (14, -6300),
            C.THEME_STABILITY: (53, -59_850),
        },
    ),
    "108talks-18timeslots-10rooms": (
        Score(-23_445, -1, -4_019_740),
        {
            C.LEVEL_DIVERSITY: (231, 10_620),
            C.AUDIENCE_DIVERSITY: (117, 5340),
            C.AUDIENCE_THEME_CONFLICT: (27, -1290),
            C.PAUSE: (20, -2250),
            C.LEVEL_FLOW: (72, -76_050),
            C.CONTENT_CONFLICT: (7, -31_500),
            C.POPULAR: (2589, -2_761_350),
            C.PUBLISHED_TIMESLOT: (1, -1),
            C.PUBLISHED_ROOM: (1, -10),
            C.SAME_DAY: (771, -843_900),
            C.SECTOR_CONFLICT: (2, -900),
            C.SPEAKER_CONFLICT: (24, -10_800),
            C.SPEAKER_UNAVAILABLE: (1, -4500),
            C.SPEAKER_PREFERRED_ROOM: (1, -900),
            C.SPEAKER_UNDESIRED_ROOM: (3, -4200),
            C.SPEAKER_PROHIBITED_ROOM: (1, -45),
            C.PREREQUISITES: (4, -5850),
            C.TALK_PREFERRED_ROOM: (1, -900),
            C.TALK_UNDESIRED_ROOM: (1, -900),
            C.THEME_CONFLICT: (54, -25_500),
            C.THEME_STABILITY: (270, -288_300),
        },
    ),
}


@pytest.mark.shared_data
@pytest.mark.parametrize("name", GOLDEN)
def test_the_given_conferences_score_as_by_the_peer_to_the_unit(name: str) -> None:
    path = SHARED / f"{name}.xlsx"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the project")
    conference = read_conference(path)
    assessment = evaluate(conference, by_rule(conference))
    score, lines = GOLDEN[name]
    assert assessment.score == score
    assert {line.constraint: (line.matches, sum(line.score)) for line in assessment.lines} == lines


def test_a_made_up_timetable_scores_as_counted_by_hand(tmp_path: Path) -> None:
    conference = read_conference(make(tmp_path / "made.xlsx"))
    # T0 and T1 stand side by side and share Ben; T2, which needs T1 first, comes ten minutes after it.
    places = [
        Place(0, 0),
        Place(0, 2),
        Place(1, 0),
        Place(1, 2),
        Place(0, 1),
        Place(3, 2),
        Place(2, 2),
    ]
    found = {line.constraint: (line.matches, sum(line.score)) for line in evaluate(conference, places).lines}
    assert found[C.SPEAKER_CONFLICT] == (1, -120)  # Ben
    assert found[C.PAUSE] == (1, -240)  # Ben
    assert found[C.SPEAKER_UNAVAILABLE] == (1, -120)  # Ana in T0
    assert found[C.SPEAKER_PREFERRED_TIMESLOT] == (1, -600)  # Ana would rather be late
    assert found[C.SPEAKER_PROHIBITED_ROOM] == (1, -120)  # Ana and the film
    assert found[C.SPEAKER_PREFERRED_ROOM] == (1, -600)  # Ben not in the large room with T1
    assert found[C.ROOM_CONFLICT] == (1, -60)  # L0 and T5 share the attic for half an hour
    assert found[C.THEME_CONFLICT] == (1, -600)  # T0 and T1: Nets
    assert C.CROWD_CONTROL not in found  # T2 and T3 are a pair, T4 is alone
    assert C.PREREQUISITES not in found
    assert C.PUBLISHED_TIMESLOT not in found
    assert C.PUBLISHED_ROOM not in found
    assert found[C.LEVEL_FLOW] == (1, -1200)  # T2 is the easier of the two on XML
    crowded = [*places[:4], Place(1, 1), *places[5:]]
    found = {line.constraint: (line.matches, sum(line.score)) for line in evaluate(conference, crowded).lines}
    assert found[C.CROWD_CONTROL] == (3, -360)
