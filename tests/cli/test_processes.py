"""How long a process that died waits before it is started anew."""

from muntada.cli.processes import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, WELL_AFTER_SECONDS, next_pause

LONGEST_WAIT_OF_A_READER_SECONDS = 2.5


def test_the_pause_grows_with_each_death_and_no_reader_waits_long():
    pauses = [pause := next_pause(0, 0)] + [pause := next_pause(pause, 1) for _ in range(9)]
    assert pauses[0] == FIRST_PAUSE_SECONDS
    assert pauses[1] > pauses[0]
    assert max(pauses) == LONGEST_PAUSE_SECONDS < LONGEST_WAIT_OF_A_READER_SECONDS


def test_a_process_that_lived_well_is_started_anew_at_once():
    assert next_pause(LONGEST_PAUSE_SECONDS, WELL_AFTER_SECONDS + 1) == 0
