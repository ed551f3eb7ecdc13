import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engines.opinion.random_votes import camps
from muntada.cli import opinion, opinion_cluster, words
from muntada.engines.opinion import cluster

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
WITHOUT_DISTRIBUTED = """
import importlib, pkgutil, sys
sys.modules["distributed"] = sys.modules["dask"] = None
import muntada.engines.opinion as rooms
names = [one.name for one in pkgutil.iter_modules(rooms.__path__, rooms.__name__ + ".")]
for name in [*names, "muntada.cli.opinion"]:
    if not name.endswith(".cluster"):
        importlib.import_module(name)
print(len(names))
"""


def run(word: Any, *said: str) -> int:
    parser = argparse.ArgumentParser()
    word.add_arguments(parser)
    return word.run(parser.parse_args(list(said)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    votes = [
        (person, text, vote)
        for person, row in enumerate(camps(60, 12))
        for text, vote in enumerate(row)
        if vote is not None
    ]
    rows = [
        f"1403058993,x,{text},0,{sum(v == 1 for _, at, v in votes if at == text)},"
        f"{sum(v == -1 for _, at, v in votes if at == text)},1,Statement {text}\n"
        for text in range(12)
    ]
    header = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    (tmp_path / "comments.csv").write_text(header + "".join(rows))
    (tmp_path / "votes.csv").write_text(
        "timestamp,datetime,comment-id,voter-id,vote\n"
        + "".join(f"1403058993,x,{text},{person},{vote}\n" for person, text, vote in votes)
    )
    return tmp_path


def test_a_cluster_prints_what_one_process_prints(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(opinion, str(folder), "--quick", "--json") == 0
    alone = json.loads(capsys.readouterr().out, parse_float=lambda word: round(float(word), 9))
    parts = tmp_path / "parts"
    assert run(opinion_cluster, str(folder), "--json", "--parts", "3", "--parts-in", str(parts)) == 0
    together = json.loads(capsys.readouterr().out, parse_float=lambda word: round(float(word), 9))
    assert len(together["groups"]) == 2
    assert together == alone
    assert [path.name for path in sorted(parts.iterdir())] == [f"part-000{number}.npz" for number in range(3)]


def test_a_cluster_that_is_not_there_is_said_in_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    for address in ("tcp://127.0.0.1:9", "nonsense"):
        assert run(opinion_cluster, str(folder), "--cluster", address) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith(f"The votes could not be analysed on the cluster '{address}': ")
        assert "Traceback" not in said.err


@pytest.mark.parametrize("option", ["--workers", "--parts"])
def test_no_workers_and_no_parts_are_refused(
    folder: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(opinion_cluster, str(folder), option, "0") == 2
    assert capsys.readouterr().err == "--workers and --parts are at least 1.\n"


def test_a_folder_without_votes_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(opinion_cluster, str(tmp_path)) == 2
    assert capsys.readouterr().err.startswith("votes.csv: ")


def test_without_the_extra_the_word_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "muntada.cli.opinion_cluster")
    assert words.main(["opinion-cluster", "folder"]) == 2
    assert capsys.readouterr().err == (
        "muntada: 'opinion-cluster' needs distributed, which is not there;"
        " the extra 'cluster' in pyproject.toml says what to install.\n"
    )


def test_nothing_else_of_the_engine_needs_the_extra() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DISTRIBUTED],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20
