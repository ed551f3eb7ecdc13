"""The opinion map of many votes: computed in parts, on the cluster of the settings or on this machine."""

import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from distributed import Client

from engines.opinion.dask_cluster import kill_the_worker_with_most_parts, local_cluster
from engines.opinion.test_parts import numbers
from muntada.consultation.calls.models import Call
from muntada.consultation.opinion.actions.maps import redraw_opinion_map
from muntada.consultation.opinion.adapter import polled
from muntada.consultation.opinion.adapter.opinion import comes_out_again
from muntada.consultation.statements.models import OpinionMap, Statement, Vote, Voter
from muntada.engines.opinion import cluster

ACROSS_ROUNDING = 1e-7


@pytest.fixture
def nobody_listens() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture
def camps(call: Call, put_statement: Callable[..., Statement], now: datetime) -> list[Voter]:
    """Forty people in two camps on ten statements; some voted twice, and one statement was hidden."""
    statements = [put_statement(f"Statement {number}") for number in range(10)]
    dice = np.random.default_rng(5)  # no two axes are equally good
    voters = [Voter.objects.create(call=call, kind=("government", "academia")[n % 2]) for n in range(40)]
    for place, voter in enumerate(voters):
        for number, statement in enumerate(statements):
            luck, value = dice.random(), 1 if (place < 22) == (number < 6) else -1
            value = 0 if luck < 0.1 else -value if luck < 0.25 else value
            if (place + number) % 7 == 0:
                Vote.objects.create(
                    voter=voter, statement=statement, value=-value, cast_at=now, is_current=False
                )
            Vote.objects.create(voter=voter, statement=statement, value=value, cast_at=now)
    Voter.objects.create(call=call)
    Statement.objects.filter(pk=statements[4].pk).update(state="hidden", hidden_reason="It names a person.")
    return voters


def warnings(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [one for one in caplog.records if one.name == polled.__name__]


def stored(kept: OpinionMap) -> dict[str, Any]:
    return dict(numbers(json.loads(json.dumps([kept.points, kept.priorities, kept.result, kept.voices]))))


def same(one: OpinionMap, other: OpinionMap) -> None:
    assert (one.voters, one.votes, one.statements) == (other.voters, other.votes, other.statements)
    ours, theirs = stored(one), stored(other)
    assert ours.keys() == theirs.keys()
    for path, value in theirs.items():
        if isinstance(value, float):
            assert ours[path] == pytest.approx(value, abs=ACROSS_ROUNDING), path
        else:
            assert ours[path] == value, path


def test_up_to_the_size_in_the_settings_no_cluster_is_asked(
    call: Call, camps: list[Voter], now: datetime, settings: Any, nobody_listens: str, caplog: Any
) -> None:
    settings.DASK, settings.DASK_ABOVE = nobody_listens, Vote.objects.count()
    kept = redraw_opinion_map(call=call, now=now, seed=3)
    assert "people_in_a_part" not in kept.settings
    assert warnings(caplog) == []


def test_without_a_cluster_many_votes_are_read_in_parts_here(
    call: Call,
    camps: list[Voter],
    now: datetime,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = redraw_opinion_map(call=call, now=now, seed=3)
    monkeypatch.setattr(polled, "PEOPLE_IN_A_PART", 9)
    settings.DASK_ABOVE = 100
    kept = redraw_opinion_map(call=call, now=now, seed=3)
    assert kept.settings["people_in_a_part"] == 9
    assert warnings(caplog) == []
    same(kept, before)


@pytest.mark.slow
def test_where_the_cluster_is_away_this_machine_draws_the_same_map_and_says_so(
    call: Call,
    camps: list[Voter],
    now: datetime,
    settings: Any,
    nobody_listens: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = redraw_opinion_map(call=call, now=now, seed=3)
    monkeypatch.setattr(cluster, "CONNECTED_WITHIN", 0.5)
    monkeypatch.setattr(polled, "PEOPLE_IN_A_PART", 7)
    settings.DASK, settings.DASK_ABOVE = nobody_listens, 100
    kept = redraw_opinion_map(call=call, now=now, seed=3)
    ours = warnings(caplog)
    assert [one.levelno for one in ours] == [logging.WARNING]
    assert f"The cluster {nobody_listens} does not answer" in ours[0].getMessage()
    assert kept.settings["people_in_a_part"] == 7
    same(kept, before)

    settings.DASK = ""
    kept.refresh_from_db()
    assert comes_out_again(kept)


@pytest.fixture
def cluster_address() -> Iterator[str]:
    with local_cluster() as workers:
        yield workers.scheduler_address


@pytest.mark.slow
def test_a_worker_of_the_cluster_killed_half_way_leaves_the_map_as_it_is(
    call: Call,
    camps: list[Voter],
    now: datetime,
    settings: Any,
    cluster_address: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = redraw_opinion_map(call=call, now=now, seed=3)
    monkeypatch.setattr(polled, "PEOPLE_IN_A_PART", 7)
    settings.DASK, settings.DASK_ABOVE = cluster_address, 100
    killed = threading.Event()

    def kill_once_there_are_parts() -> None:
        with Client(cluster_address, set_as_default=False) as client:
            while sum(map(len, client.has_what().values())) < 5:
                time.sleep(0.01)
        kill_the_worker_with_most_parts(cluster_address)
        killed.set()

    killer = threading.Thread(target=kill_once_there_are_parts)
    killer.start()
    kept = redraw_opinion_map(call=call, now=now, seed=3)
    killer.join()
    assert killed.is_set()
    assert warnings(caplog) == []
    same(kept, before)
    settings.DASK = ""
    kept.refresh_from_db()
    assert comes_out_again(kept)
