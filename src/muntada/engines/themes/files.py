"""Read texts and descriptions from tables with one row per text or per wording."""

import re
from collections.abc import Iterator
from pathlib import Path

from muntada.engines.reasons import gettext_noop
from muntada.engines.tables import ReadRow, TableFault, read_table
from muntada.engines.themes.texts import Description, IdentifiedText

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
NO_FILES = gettext_noop("There is no table (*.csv) in this folder.")
NO_ID = gettext_noop("The id is empty.")
ID_TWICE = gettext_noop("The id %(id)s stood in a row before.")
NO_LANGUAGE = gettext_noop('"%(found)s" is not the code of a language, such as en, fr or zh-hans.')
WORDING_TWICE = gettext_noop("%(code)s was described in the language %(language)s before.")


def read_texts(path: Path) -> list[IdentifiedText]:
    """Read a table with the columns id, language and text, or all such tables of a folder."""
    texts: dict[str, IdentifiedText] = {}
    for file in _tables(path):
        for row in read_table(file, required=("id", "language", "text")):
            text_id = row.values["id"].strip()
            if not text_id:
                raise TableFault(file.name, row.line, NO_ID)
            if text_id in texts:
                raise TableFault(file.name, row.line, ID_TWICE, {"id": text_id})
            texts[text_id] = IdentifiedText(text_id, _language(file, row), row.values["text"])
    return list(texts.values())


def read_descriptions(path: Path) -> list[Description]:
    """Read a table with the columns code, language and text: one row per wording of a line or goal."""
    wordings: dict[str, dict[str, str]] = {}
    for row in read_table(path, required=("code", "language", "text")):
        code, language = row.values["code"].strip(), _language(path, row)
        if not code:
            raise TableFault(path.name, row.line, NO_ID)
        if language in wordings.setdefault(code, {}):
            raise TableFault(path.name, row.line, WORDING_TWICE, {"code": code, "language": language})
        wordings[code][language] = row.values["text"]
    return [Description(code, texts) for code, texts in wordings.items()]


def _tables(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    files = sorted(path.glob("*.csv"))
    if not files:
        raise TableFault(path.name, None, NO_FILES)
    yield from files


def _language(file: Path, row: ReadRow) -> str:
    language = row.values["language"].strip().replace("_", "-")
    if not LANGUAGE.fullmatch(language):
        raise TableFault(file.name, row.line, NO_LANGUAGE, {"found": language})
    return language.lower()
