"""The data files of the demo, and a clock for its events."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"
FRAMEWORKS = Path(__file__).resolve().parents[1] / "forums" / "data"

type DemoRow = Mapping[str, Any]


def read(name: str) -> dict[str, Any]:
    """Return a data file of the demo."""
    data: dict[str, Any] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return data


def invented(name: str) -> Sequence[DemoRow]:
    """Return the invented rows of one kind."""
    rows: Sequence[DemoRow] = read(f"invented/{name}.json")[name]
    return rows


def framework(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FRAMEWORKS / f"{name}.json").read_text(encoding="utf-8"))
    return data


class DemoClock:
    """The time of events in the demo: each is a little later than the one before."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def go_to(self, moment: datetime) -> datetime:
        self.now = max(self.now, moment)
        return self.now

    def tick(self, minutes: int = 1) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now
