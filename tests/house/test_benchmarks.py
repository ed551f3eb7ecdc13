"""Benchmarks stand beside the tests on the path of modules: none may take the name of a folder of tests."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_benchmark_has_the_name_of_a_folder_of_tests():
    benchmarks = {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    assert not benchmarks & folders
