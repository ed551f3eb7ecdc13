"""The checks: all of them, or those that are named."""

import argparse
import sys

import pytest

from muntada.cli import check


@pytest.fixture
def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser()
    check.add_arguments(made)
    return made


def test_without_names_everything_runs(parser):
    names = parser.parse_args([]).names
    assert check.chosen(names, has_tests=True) == [*check.CHECKS, "tests"]
    assert check.chosen(names, has_tests=False) == [*check.CHECKS]


def test_named_checks_run_alone(parser):
    names = parser.parse_args(["contracts", "types"]).names
    assert check.chosen(names, has_tests=True) == ["types", "contracts"]


def test_an_unknown_check_is_refused(parser):
    with pytest.raises(SystemExit):
        parser.parse_args(["weather"])


@pytest.mark.parametrize("code", [0, 1])
def test_only_what_is_named_is_run_and_decides(parser, monkeypatch, capsys, code: int):
    commands = {"types": [sys.executable, "-c", f"raise SystemExit({code})"], "style": ["no-such-command"]}
    monkeypatch.setattr(check, "CHECKS", commands)
    assert check.run(argparse.Namespace(names=["types"], no_tests=False, full=False)) == code
    said = capsys.readouterr().out
    assert "types" in said
    assert "style" not in said
