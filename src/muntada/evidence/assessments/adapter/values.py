"""The stored form of results: plain values, rounded numbers, reasons as sentences."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext

from muntada.engines.reasons import Reason

DIGITS = 6


def rounded(value: float | None) -> float | None:
    """Return a number rounded for storage; None for None."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.{DIGITS}g}")


def kept(found: Any) -> dict[str, Any]:
    """Return a flat dataclass of the engine in stored form; a reason becomes its English sentence."""
    return {name: _plain(value) for name, value in asdict(found).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return rounded(value)
    if isinstance(value, Mapping) and "sentence" in value:
        return str(Reason(value["sentence"], value["params"]))
    return value


def said(sentence: str | None) -> str:
    """Return a stored reason in the language of the page."""
    return gettext(sentence) if sentence else ""
