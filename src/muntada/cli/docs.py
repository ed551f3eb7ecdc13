"""Generate the docs pages made from code: commands, permissions, features, the engines as a library.

`--check` writes nothing and fails if a page is out of date or a link of any page is broken.
"""

import argparse
import inspect
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import cast

import django
from django.urls import URLPattern, URLResolver, get_resolver

from muntada.cli import commands, features, links

ROOT = Path(__file__).resolve().parents[3]
MADE = "<!-- Made by `./muntada docs`; change the code, not this page. -->"
HELP_WIDTH = "100"
ENGINES = ("opinion", "themes", "selection", "timetable", "progress", "stocktaking", "readers")
LIBRARY = """\
`pip install muntada` brings the engines and their commands, without the platform: no Django, no database.
`pip install "muntada[platform]"` brings all. What goes in and comes out are frozen dataclasses of plain
values; the same problem, settings and seed give the same answer. The examples below are run by the tests;
each engine has a page with its method, and a longer example. How to use them in a notebook:
[notebook.md](notebook.md). Most engines are also commands on plain files: `opinion`, `selection`,
`timetable`, `themes`, `progress`, `trends`, `divides`, `coverage` and `index`, as in `muntada timetable`.
Stocktaking and readers have no command.
"""

FEATURES = """\
A stage is a folder of features; a feature is an app with everything of one thing: its law, tables, questions,
actions, pages, addresses and templates ([decision 45](../decisions/0045-features-before-rooms.md)).
Which may use which is a contract in `pyproject.toml`; imports go one way.

| room | what is there |
|---|---|
| `rules` | the law, pure: no questions to the database, no clock |
| `models` | the tables, with what must never break as constraints |
| `task_types` | what the feature leaves to the queue, declared |
| `queries` | questions over several tables |
| `adapter` | the door to an engine: rows in, call, result out or stored |
| `pages` | what a page shows, charts included, as frozen objects |
| `exports` | a thing as a file or a feed |
| `actions` | everything that changes something; each checks who acts |
| `tasks` | what the queue or the calendar starts: load, call one action |
| `forms`, `templatetags`, `views`, `urls` | between HTTP and all that |

Before it was cut, the evidence was nine rooms across the stage: 190 modules, 710 imports between them, ten of
them against the layers that stand below; the consultation 126 modules, 575 imports, 52 of them against the
layers; the programme 190 modules, 830 imports, 40 of them against the layers. The meeting, the review and the
outcome were eight modules each with 13, 14 and 12 imports between them; of the outcome, three
definitions referred to what stands higher now. No import goes against the layers.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--check", action="store_true", help="only say what is not up to date or leads nowhere"
    )


def run(arguments: argparse.Namespace) -> int:
    django.setup()
    old = [path for path, text in pages().items() if not path.exists() or path.read_text() != text]
    for path in old:
        if arguments.check:
            sys.stderr.write(f"{path.relative_to(ROOT)} is not up to date. Run ./muntada docs.\n")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages()[path])
            print(f"written: {path.relative_to(ROOT)}")
    astray = [fault for page in links.pages(ROOT) for fault in links.faults(page)] if arguments.check else []
    for fault in astray:
        sys.stderr.write(f"{fault}\n")
    return 1 if arguments.check and (old or astray) else 0


def pages() -> dict[Path, str]:
    """Return each page with its text. Requires Django to be set up."""
    return {
        ROOT / "docs" / "using" / "command-line.md": command_line(),
        ROOT / "docs" / "operating" / "permissions.md": permissions(),
        ROOT / "docs" / "engines" / "library.md": library(),
        ROOT / "docs" / "developing" / "features.md": feature_map(),
    }


def command_line() -> str:
    """Return the page of all commands with their help."""
    os.environ["COLUMNS"] = HELP_WIDTH
    sections = [f"# The command line\n\n{MADE}\n"]
    for name, command in (commands.COMMANDS | commands.TOOLS).items():
        module = cast("commands.CommandModule", import_module(command.module))
        parser = commands.parser_of(name, module)
        sections.append(
            f"## {name}\n\n{command.help.capitalize()}.\n\n```\n{parser.format_help().strip()}\n```\n"
        )
    return "\n".join(sections)


def library() -> str:
    """Return the page of the engines as a library, from the package docstrings."""
    sections = [f"# The engines as a library\n\n{MADE}\n", LIBRARY]
    for engine in ENGINES:
        package = import_module(f"muntada.engines.{engine}")
        text = inspect.cleandoc(package.__doc__ or "")
        names = ", ".join(f"`{name}`" for name in package.__all__)
        links_to = f"Page: [{engine}.md]({engine}.md). Example: [examples/{engine}.py](examples/{engine}.py)."
        sections.append(f"## muntada.engines.{engine}\n\n{text}\n\nNames: {names}.\n\n{links_to}\n")
    return "\n".join(sections)


def feature_map() -> str:
    """Return the map of the features."""
    return f"# The map of the features\n\n{MADE}\n\n{FEATURES}\n{features.feature_map()}"


def permissions() -> str:
    """Return the table of all addresses with their permissions and methods."""
    rows = [
        f"# Who may do what\n\n{MADE}\n",
        "Every address of our own with its permission; signing in is django-allauth's, under `/account/`.\n",
        "| address | methods | who |",
        "|---|---|---|",
    ]
    for address, pattern in sorted(_addresses(get_resolver()), key=lambda row: row[0]):
        may = getattr(pattern.callback, "permission", "")
        if may:
            methods = ", ".join(one for one in getattr(pattern.callback, "methods", ()) if one != "HEAD")
            rows.append(f"| `/{address}` | {methods} | {may} |")
    return "\n".join(rows) + "\n"


def _addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        here = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern, here)
        else:
            yield here, pattern
