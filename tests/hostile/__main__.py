"""Make every hostile file in a folder: `python -m hostile FOLDER`, from the folder of the tests."""

import sys
from itertools import chain
from pathlib import Path

from hostile.archives import archives
from hostile.spreadsheets import workbooks
from hostile.texts import pdfs, pictures, texts

for name, content in chain(workbooks(), archives(), pdfs(), pictures(), texts()):
    (Path(sys.argv[1]) / name).write_bytes(content)
