"""The commands of the command line: each is a module, loaded when it is called."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, cast

from muntada import __version__
from muntada.foundations.faults import CannotRun


@dataclass(frozen=True)
class CommandSpec:
    """A command: its module, a line of help, and its requirements.

    A command that `needs_checkout` works on sources and tests, and does not exist in an installed
    package; one that `needs_platform` needs the extra of that name.
    """

    module: str
    help: str
    needs_database: bool = False
    needs_platform: bool = False
    needs_checkout: bool = False


CHECKOUT = Path(__file__).resolve().parents[3]

COMMANDS: dict[str, CommandSpec] = {
    "demo": CommandSpec(
        "muntada.cli.demo",
        "start everything with a demo forum, and print sign-in links",
        needs_platform=True,
    ),
    "serve": CommandSpec("muntada.cli.serve", "serve the platform on its database", needs_platform=True),
    "test": CommandSpec(
        "muntada.cli.test", "run the tests: the core, the quick ones, or all", needs_checkout=True
    ),
    "check": CommandSpec(
        "muntada.cli.check",
        "check format, style, types, contracts, migrations, translations, docs, tests",
        needs_checkout=True,
    ),
    "fix": CommandSpec(
        "muntada.cli.fix", "mend format and style where that can be done by itself", needs_checkout=True
    ),
    "bench": CommandSpec(
        "muntada.cli.bench",
        "measure the engines, and write the tables in benchmarks/results",
        needs_checkout=True,
    ),
    "docs": CommandSpec(
        "muntada.cli.docs", "write the pages of the docs that are made from the code", needs_checkout=True
    ),
}
TOOLS: dict[str, CommandSpec] = {
    "import": CommandSpec(
        "muntada.cli.imports",
        "read opinion votes, indicators or session requests from files",
        needs_database=True,
        needs_platform=True,
    ),
    "schedule": CommandSpec(
        "muntada.cli.schedule",
        "make a timetable of the accepted session requests",
        needs_database=True,
        needs_platform=True,
    ),
    "opinion": CommandSpec(
        "muntada.cli.opinion", "analyse the votes of a folder of files, without a database"
    ),
    "progress": CommandSpec(
        "muntada.cli.progress", "judge series against targets by several methods, from files"
    ),
    "selection": CommandSpec(
        "muntada.cli.selection", "choose session requests from files, without a database"
    ),
    "themes": CommandSpec("muntada.cli.themes", "suggest what texts are about, and which say the same"),
    "timetable": CommandSpec("muntada.cli.timetable", "make a timetable from files, without a database"),
    "divides": CommandSpec("muntada.cli.divides", "measure how unequal areas are, from files"),
    "trends": CommandSpec("muntada.cli.trends", "tell trends and turning points of series, from files"),
    "index": CommandSpec("muntada.cli.index", "build a composite index with intervals of ranks, from files"),
    "coverage": CommandSpec("muntada.cli.coverage", "say what is known of targets, from files"),
    "world-map": CommandSpec(
        "muntada.cli.world_map", "make the shapes of the maps from an atlas in TopoJSON", needs_platform=True
    ),
    "worker": CommandSpec(
        "muntada.cli.worker", "work off the queue beside the server", needs_database=True, needs_platform=True
    ),
    "person": CommandSpec(
        "muntada.cli.person",
        "give a person a role in a forum, or a sign-in link",
        needs_database=True,
        needs_platform=True,
    ),
    "verify": CommandSpec(
        "muntada.cli.verify",
        "check that the log of a forum is whole",
        needs_database=True,
        needs_platform=True,
    ),
    "translations": CommandSpec(
        "muntada.cli.translations", "collect, compile and check the translated sentences", needs_checkout=True
    ),
    "forum": CommandSpec(
        "muntada.cli.forum",
        "set up a forum from its file, or check the file",
        needs_database=True,
        needs_platform=True,
    ),
    "backup": CommandSpec(
        "muntada.cli.backup",
        "write database, files and key of the running installation into one file",
        needs_database=True,
        needs_platform=True,
    ),
    "restore": CommandSpec(
        "muntada.cli.restore",
        "make an installation of a backup, or try one out with --drill",
        needs_platform=True,
    ),
    "migrate": CommandSpec(
        "muntada.cli.migrate", "bring the database to this version", needs_database=True, needs_platform=True
    ),
}
# Processes started by `serve` and `demo`; not listed, because users do not call them.
PROCESSES: dict[str, CommandSpec] = {
    "prepare": CommandSpec(
        "muntada.cli.prepare", "bring database, translations and static files to this version"
    ),
    "web": CommandSpec("muntada.cli.web", "serve pages on an open socket"),
    "load-demo": CommandSpec("muntada.cli.load_demo", "prepare, and load the demo forum where it is missing"),
}


class PlatformMissing(CannotRun):
    """A command needs the platform, an optional extra."""


class CommandModule(Protocol):
    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, arguments: argparse.Namespace) -> int: ...


class DjangoSetup(Protocol):
    def with_database(self) -> AbstractContextManager[None]: ...
    def without_database(self) -> None: ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0 for success, 1 if it found something wrong, 2 if it could not run as asked."""
    argv = sys.argv[1:] if argv is None else argv
    if not argv or argv[0] in {"-h", "--help", "help", "-V", "--version"}:
        is_version = [*argv[:1]] in (["-V"], ["--version"])
        sys.stdout.write(f"muntada {__version__}\n" if is_version else overview())
        return 0
    command = (available(COMMANDS | TOOLS) | PROCESSES).get(argv[0])
    if command is None:
        sys.stderr.write(f"muntada: there is no command '{argv[0]}'. These are the commands:\n\n{overview()}")
        return 2
    try:
        require_platform(argv[0], command)
        with _setup_of(command, needs_help=bool({"-h", "--help"}.intersection(argv[1:]))):
            module = module_of(command)
            return module.run(_arguments(argv[0], module, argv[1:]))
    except CannotRun as fault:
        sys.stderr.write(f"muntada: {fault}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def available(commands: Mapping[str, CommandSpec]) -> dict[str, CommandSpec]:
    """Return the available commands: without those that need a checkout in an installed package."""
    is_checkout = (CHECKOUT / "pyproject.toml").is_file()
    return {name: command for name, command in commands.items() if is_checkout or not command.needs_checkout}


def _setup_of(command: CommandSpec, *, needs_help: bool) -> AbstractContextManager[None]:
    """Return the setup of a command: none, or database and Django, loaded only for it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muntada.settings")
    if not command.needs_database:
        return nullcontext()
    module = cast("DjangoSetup", import_module("muntada.cli.django_setup"))
    if needs_help:
        module.without_database()
        return nullcontext()
    return module.with_database()


def module_of(command: CommandSpec) -> CommandModule:
    return cast("CommandModule", import_module(command.module))


def require_platform(name: str, command: CommandSpec) -> None:
    """Refuse a platform command if only the engines are installed, and say what to install."""
    if command.needs_platform and find_spec("django") is None:
        raise PlatformMissing(
            f"'{name}' is a command of the platform, which is not installed here."
            ' Install it with: pip install "muntada[platform]".'
        )


def _arguments(name: str, module: CommandModule, rest: Sequence[str]) -> argparse.Namespace:
    """Parse the arguments, or pass them unchanged to the tool behind the command."""
    if getattr(module, "PASSES_ON", False) and not {"-h", "--help"}.intersection(rest):
        return argparse.Namespace(passed_on=list(rest))
    return parser_of(name, module).parse_args(rest)


def parser_of(name: str, module: CommandModule) -> argparse.ArgumentParser:
    """Return the parser of a command; its description is the module docstring."""
    description = (module.__doc__ or "").strip().replace("`", "")
    parser = argparse.ArgumentParser(
        prog=f"muntada {name}", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    module.add_arguments(parser)
    return parser


def overview() -> str:
    """Return the list of all commands with one line each."""
    width = max(len(name) for name in COMMANDS | TOOLS)
    lines = ["Muntada: a review forum from the open call to the adopted text, each word traceable.", ""]
    for title, commands in (("Commands", available(COMMANDS)), ("Tools", available(TOOLS))):
        lines.append(f"{title}:")
        lines += [f"  {name:<{width}}  {command.help}" for name, command in commands.items()]
        lines.append("")
    lines.append(
        "`muntada COMMAND --help` says more about a command; `muntada --version` says which version this is."
    )
    return "\n".join(lines) + "\n"
