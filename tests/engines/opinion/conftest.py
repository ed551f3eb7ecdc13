from functools import partial
from pathlib import Path

import pytest

from engines.opinion.exports import Folder, write_export


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return partial(write_export, tmp_path)
