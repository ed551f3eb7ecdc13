"""A small Polis export to be written as files, and changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from muntada.engines.opinion.polis import WHOLE, Wishes, read_polis
from muntada.engines.tables import TableFault

COMMENTS_HEADER = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
COMMENTS = COMMENTS_HEADER + (
    '1403058993627,Wed Jun 18,3,85,2,0,1,"First, with a comma"\n'
    '1403058993628,Wed Jun 18,7,85,0,1,-1,"Second ""quoted""\nand on a second line"\n'
    "1403058993629,Wed Jun 18,9,86,0,0,0,Third\n"
)
VOTES_HEADER = "timestamp,datetime,comment-id,voter-id,vote\n"
VOTES = VOTES_HEADER + (
    "1403058993700,Wed Jun 18,3,0,1\n1403058993701,Wed Jun 18,3,1,1\n1403058993702,Wed Jun 18,7,1,-1\n"
)
TURNED = VOTES.replace(",1\n", ",x\n").replace(",-1\n", ",1\n").replace(",x\n", ",-1\n")
DECLARED = "vote-convention,agree=+1;disagree=-1;pass=0;format=polis-export/1\n"
SUMMARY = 'topic,Wages, and more\nconversation-description,"Two\nlines"\n'

LENIENT = Wishes(lenient=True)

type Folder = Callable[..., Path]


def write_export(folder: Path, **files: str | bytes | None) -> Path:
    """Write the files of an export: others are `participants0votes` and `format_json`; None leaves out."""
    for name, content in ({"comments": COMMENTS, "votes": VOTES} | files).items():
        file = name.replace("_", ".") if "_" in name else f"{name.replace('0', '-')}.csv"
        if content is not None:
            (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def fault_of(folder: Path, wishes: Wishes = WHOLE) -> TableFault:
    with pytest.raises(TableFault) as caught:
        read_polis(folder, wishes)
    str(caught.value)
    return caught.value


def place(fault: TableFault) -> tuple[str, int | None]:
    return fault.file, fault.line
