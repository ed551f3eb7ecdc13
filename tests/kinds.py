"""Which tests run: the quick ones, the core, or all; and what each of them costs.

docs/developing/tests.md says what these kinds are for.
"""

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
SLOWEST = ROOT / "docs" / "developing" / "slowest-tests.md"
SHOWN = 40
# How many of the stated rounds of examples are gone through.
PERCENT_OF_ROUNDS = {"quick": 5, "core": 20, "full": 100}
FEWEST_ROUNDS = 3
WHOLLY_SLOW = re.compile(r"^pytestmark = .*\bpytest\.mark\.slow\b", re.MULTILINE)
WHOLLY_IN_DATABASE = re.compile(r"^pytestmark = .*\bpytest\.mark\.django_db\b", re.MULTILINE)
DATABASE = {"db", "transactional_db", "live_server"}
SECONDS: Counter[str] = Counter()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("muntada")
    group.addoption("--quick", action="store_true", help="rules, engines, house, and tests of what changed")
    group.addoption("--full", action="store_true", help="also what is slow by nature")
    group.addoption(
        "--day", default=os.environ.get("MUNTADA_TEST_DAY", ""), help="the day whose language the pages have"
    )
    group.addoption("--write-slowest", action="store_true", help=f"write {SLOWEST.relative_to(ROOT)}")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    for name, percent in PERCENT_OF_ROUNDS.items():
        # A busy machine is no fault of what is tested.
        settings.register_profile(
            name, max_examples=percent, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        )
    settings.load_profile(kind(config))


def kind(config: pytest.Config) -> str:
    return next((name for name in ("full", "quick") if config.getoption(name)), "core")


def day(config: pytest.Config) -> date:
    """Return the day that chooses the language in which every page is looked at."""
    given = config.getoption("day")
    return date.fromisoformat(given) if given else datetime.now(tz=UTC).date()


def rounds(examples: int) -> settings:
    """Go through so many examples in a full run, through fewer in the others."""
    return settings(max_examples=max(FEWEST_ROUNDS, examples * settings.default.max_examples // 100))


def first_in_core(values: Iterable[object]) -> list[object]:
    """Of what is alike, such as seeds or scripts, the first is in the core, and all are in a full run."""
    first, *others = values
    return [first, *(pytest.param(other, marks=pytest.mark.slow) for other in others)]


def pytest_report_header(config: pytest.Config) -> str:
    return f"muntada: {kind(config)} tests; the language of the pages is that of --day {day(config)}"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave a file alone of which no test is wanted: what it imports would be loaded by each worker."""
    if collection_path.suffix != ".py" or _is_chosen_by_name(config):
        return None
    text = collection_path.read_text(encoding="utf-8")
    if WHOLLY_SLOW.search(text):
        return True
    is_quick = config.getoption("quick") and collection_path.relative_to(ROOT) not in _changed_tests()
    return True if is_quick and WHOLLY_IN_DATABASE.search(text) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = [item for item in items if _is_wanted(config, item)]
    chosen = set(map(id, wanted))
    config.hook.pytest_deselected(items=[item for item in items if id(item) not in chosen])
    items[:] = wanted


def _is_chosen_by_name(config: pytest.Config) -> bool:
    return config.getoption("full") or any("::" in argument for argument in config.args)


def _is_wanted(config: pytest.Config, item: pytest.Item) -> bool:
    # What is asked for by its own name is run whatever it is.
    if _is_chosen_by_name(config):
        return True
    if item.get_closest_marker("slow"):
        return False
    if not config.getoption("quick"):
        return True
    if item.path.relative_to(ROOT) in _changed_tests():
        return True
    needs_database = DATABASE & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db")
    return not (needs_database or item.get_closest_marker("long"))


@cache
def _changed_tests() -> set[Path]:
    """Return the tests of what differs from the main line: changed, of its name, or of its feature."""
    changed = {
        path
        for command in ("diff --name-only origin/main", "diff --name-only HEAD")
        for path in _git(command)
    }
    changed |= set(_git("ls-files --others --exclude-standard"))
    tests = {path for path in changed if path.parts[0] == "tests"}
    for path in changed - tests:
        if path.parts[:2] == ("src", "muntada") and path.suffix == ".py":
            mirrored = ROOT / "tests" / Path(*path.parts[2:-1])
            places = (mirrored, mirrored.parent)
            if (ROOT / Path(*path.parts[:4]) / "apps.py").exists():
                folder = ROOT / "tests" / Path(*path.parts[2:4])
                tests |= {one.relative_to(ROOT) for one in folder.glob("test_*.py")}
            tests |= {(place / f"test_{path.stem}.py").relative_to(ROOT) for place in places}
    return tests


def _git(command: str) -> list[Path]:
    git = shutil.which("git")
    if git is None:
        return []
    done = subprocess.run([git, *command.split()], cwd=ROOT, capture_output=True, text=True, check=False)
    return [Path(name) for name in done.stdout.splitlines()] if done.returncode == 0 else []


class Meter:
    """Adds to each report the processor time since the last one, of this process and its children."""

    def __init__(self) -> None:
        self.before = self.now()

    @staticmethod
    def now() -> float:
        return sum(os.times()[:4])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self):
        report = yield
        now = self.now()
        report.cpu_seconds = now - self.before
        self.before = now
        return report


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.pluginmanager.register(Meter())


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    SECONDS[report.nodeid] += getattr(report, "cpu_seconds", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    # The quiet form prints no header: who looks into a failure needs the day.
    terminalreporter.write_line(pytest_report_header(config))
    if not config.getoption("write_slowest"):
        return
    if config.args != config.getini("testpaths"):
        terminalreporter.write_line("--write-slowest is for a whole run: nothing is written.")
        return
    files: Counter[str] = Counter()
    for name, seconds in SECONDS.items():
        files[name.partition("::")[0]] += seconds
    command = f"./muntada test {'--full ' if config.getoption('full') else ''}--write-slowest"
    total = sum(SECONDS.values())
    lines = [
        "# The slowest tests",
        "",
        f"<!-- Made by `{command}`. -->",
        "",
        f"{len(SECONDS)} tests took {total:.0f} seconds of processor time, without PostgreSQL",
        "and Chromium. With each file and each test stands what it took of them, its fixtures included.",
        "",
        *_table("file", files),
        "",
        *_table("test", SECONDS),
    ]
    SLOWEST.write_text("\n".join(lines) + "\n", encoding="utf-8")
    terminalreporter.write_line(f"written: {SLOWEST.relative_to(ROOT)}")


def _table(title: str, seconds: Counter[str]) -> list[str]:
    rows = [f"| {took:.1f} | `{name.replace('|', '/')}` |" for name, took in seconds.most_common(SHOWN)]
    return [f"| seconds | {title} |", "|---:|---|", *rows]
