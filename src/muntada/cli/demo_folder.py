"""The folder of the demo, separate from the data of a real forum."""

import os
import shutil
from pathlib import Path

from muntada.cli.database import var_folder
from muntada.foundations import embedded
from muntada.foundations.faults import CannotRun

SIGN = "demo.txt"
WHAT_IT_IS = "The demo forum of Muntada lies here. ./muntada demo --fresh deletes it.\n"
# Deleted by --fresh, beside the database.
CLEARED = ("files", "mail", "static")


def demo_folder() -> Path:
    """Return the demo folder under `var`, or `var` itself if it is the demo's."""
    var = var_folder()
    return var if (var / SIGN).exists() else var / "demo"


def enter(folder: Path) -> None:
    """Create the folder if missing, refuse one with other content, and make all modules use it."""
    if not (folder / SIGN).exists():
        if folder.exists() and any(folder.iterdir()):
            raise CannotRun(
                f"{folder} holds something that is not the demo's: move it away, then start again."
            )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SIGN).write_text(WHAT_IT_IS)
    os.environ["MUNTADA_VAR"] = str(folder)


def clear(folder: Path) -> None:
    """Delete the demo with its embedded database; an external database is left unchanged."""
    if os.environ.get("DATABASE_URL"):
        raise CannotRun("--fresh does not empty a database of your own (DATABASE_URL). Empty it yourself.")
    if not folder.exists():
        return
    if not (folder / SIGN).exists():
        raise CannotRun(f"{folder} is not the demo's, so it was not deleted: look at it.")
    if (folder / "postgres").exists():
        embedded.remove(folder / "postgres")
    for name in CLEARED:
        shutil.rmtree(folder / name, ignore_errors=True)
