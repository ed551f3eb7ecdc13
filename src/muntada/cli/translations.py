"""Collect, compile and check translations, without system tools.

`collect` extracts every sentence from the code and updates the catalogues; `compile` makes the
files Django reads; `check` fails if a sentence is missing, unused or has other placeholders.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import templatize

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
SOURCE = Path(__file__).resolve().parents[1]
CATALOGUES = SOURCE / "locale"
# The catalogue folder of each language except English, the source.
LOCALES = {"ar": "ar", "zh-hans": "zh_Hans", "fr": "fr", "ru": "ru", "es": "es"}
KEYWORDS: dict[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "ngettext_noop": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["collect", "compile", "check"], help="what to do")


def run(arguments: argparse.Namespace) -> int:
    if arguments.what == "collect":
        wanted = template()
        for locale in LOCALES.values():
            collect(locale, wanted)
        return 0
    if arguments.what == "compile":
        compile_all(anew=True)
        return 0
    faults = list(all_faults())
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    print(f"{len(LOCALES)} languages, {len(template())} sentences, {len(faults)} faults")
    return 1 if faults else 0


def template() -> Catalog:
    """Return every translatable sentence of code and templates."""
    if not settings.configured:
        settings.configure()
    catalog = Catalog(charset="utf-8")
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")]):
        for line, function, messages in _sentences(path):
            _add(catalog, path, line, function, messages)
    return catalog


def _sentences(path: Path) -> Iterator[tuple[int, object, object]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # The result is parsed as Python, where indentation matters.
        text = INDENTATION.sub("", templatize(text, origin=str(path.relative_to(SOURCE))))
    for line, function, messages, _ in extract_python(
        BytesIO(text.encode()), KEYWORDS, [], {"encoding": "utf-8"}
    ):
        yield line, function, messages


def _add(catalog: Catalog, path: Path, line: int, function: object, messages: object) -> None:
    function = str(function)
    where = [(str(path.relative_to(SOURCE.parent)), line)]
    parts = [
        part for part in (messages if isinstance(messages, tuple) else (messages,)) if isinstance(part, str)
    ]
    context = parts.pop(0) if function in {"pgettext", "pgettext_lazy", "npgettext"} and parts else None
    if not parts or not parts[0]:
        return
    is_plural = function.startswith(("ngettext", "npgettext"))
    if is_plural and len(parts) < 2:  # noqa: PLR2004  (a plural has two forms in English)
        return
    catalog.add(tuple(parts[:2]) if is_plural else parts[0], locations=where, context=context)


def catalogue_path(locale: str) -> Path:
    return CATALOGUES / locale / "LC_MESSAGES" / "django.po"


def read_catalogue(locale: str) -> Catalog:
    path = catalogue_path(locale)
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def collect(locale: str, wanted: Catalog) -> None:
    """Update a catalogue: new sentences are empty, unused ones are removed."""
    catalogue = read_catalogue(locale)
    # A changing date would cause conflicts between branches.
    wanted.creation_date = catalogue.creation_date
    catalogue.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    path = catalogue_path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, sort_output=True, no_location=True, omit_header=False, width=100)


def compile_all(*, anew: bool = False) -> None:
    """Compile the catalogues that are newer than their output."""
    for locale in LOCALES.values():
        source = catalogue_path(locale)
        made = source.with_suffix(".mo")
        if not source.exists() or (
            not anew and made.exists() and made.stat().st_mtime >= source.stat().st_mtime
        ):
            continue
        with made.open("wb") as file:
            write_mo(file, read_catalogue(locale))


def all_faults() -> Iterator[str]:
    """Yield missing, unused and broken sentences of each catalogue."""
    wanted = template()
    for locale in LOCALES.values():
        catalogue = read_catalogue(locale)
        for message in wanted:
            if message.id:
                yield from _faults(locale, message, catalogue.get(message.id, message.context))
        for message in catalogue:
            if message.id and wanted.get(message.id, message.context) is None:
                yield f"{locale}: no longer used: {message.id!r}"


def _faults(locale: str, wanted: Message, found: Message | None) -> Iterator[str]:
    strings = () if found is None else found.string if isinstance(found.string, tuple) else (found.string,)
    if not strings or not all(strings):
        yield f"{locale}: not translated: {wanted.id!r}"
        return
    singular_id, plural_id = wanted.id if isinstance(wanted.id, tuple) else (wanted.id, wanted.id)
    allowed = _placeholders(singular_id) | _placeholders(plural_id)
    for string in strings:
        if not _placeholders(string) <= allowed:
            yield f"{locale}: unknown placeholder: {wanted.id!r}"
    if isinstance(wanted.id, str) and _placeholders(strings[0]) != allowed:
        yield f"{locale}: placeholder left out: {wanted.id!r}"


def _placeholders(text: object) -> set[str]:
    return {first or second for first, second in _PLACEHOLDER.findall(str(text))}
