"""Plain values that engines give out."""

from typing import Any

type JsonObject = dict[str, Any]
