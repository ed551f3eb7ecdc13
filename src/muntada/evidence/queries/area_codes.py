"""Which area a source means by its code: its own, ISO 3166, M49 with or without zeros, or a listed one."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from muntada.evidence.models import Area

CODES: Mapping[str, Any] = json.loads(
    (files("muntada.evidence") / "data" / "area_codes.json").read_text(encoding="utf-8")
)
_SAME: Mapping[str, str] = {code: here for codes in CODES["same"].values() for code, here in codes.items()}
_M49_DIGITS = 3


@dataclass(frozen=True)
class AreaCodes:
    """The areas by each code that stands for them."""

    by_code: Mapping[str, Area]
    by_alpha2: Mapping[str, Area]
    by_m49: Mapping[str, Area]

    def area(self, code: str) -> Area | None:
        """Return the area a source means. Namibia's `NA` is a code like any other."""
        known = self.by_code.get(code)
        if known is not None:
            return known
        if code.isascii() and code.isdigit() and len(code) <= _M49_DIGITS:
            return self.by_m49.get(code.zfill(_M49_DIGITS))
        listed = _SAME.get(code.upper())
        if listed is not None:
            return self.by_code.get(listed)
        return self.by_alpha2.get(code.upper()) or self.by_code.get(code.upper()[:16])

    def found(self, codes: Iterable[str]) -> dict[str, Area]:
        """Return the area of each code that is known."""
        return {code: area for code in codes if (area := self.area(code) or self.by_code.get(code[:16]))}


def area_codes() -> AreaCodes:
    areas = list(Area.objects.all())
    return AreaCodes(
        by_code={area.code: area for area in areas},
        by_alpha2={area.alpha2: area for area in areas if area.alpha2},
        by_m49={area.m49: area for area in areas if area.m49},
    )
