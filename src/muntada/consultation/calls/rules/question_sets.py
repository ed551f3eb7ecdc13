"""Question sets shipped as data, with their sources."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from muntada.foundations.languages import in_language

_DATA = files("muntada.consultation.calls") / "data" / "question_sets.json"


@dataclass(frozen=True)
class QuestionTemplate:
    """A question set to start from; its `status` is `after` (as published) or `own`."""

    key: str
    titles: Mapping[str, str]
    source: str
    source_url: str
    status: str
    items: Sequence[Mapping[str, Any]]

    @property
    def title_here(self) -> str:
        return in_language(self.titles)


@cache
def question_templates() -> tuple[QuestionTemplate, ...]:
    return tuple(QuestionTemplate(**one) for one in json.loads(_DATA.read_text(encoding="utf-8")))


def template_called(key: str) -> QuestionTemplate | None:
    return next((one for one in question_templates() if one.key == key), None)
