"""The content of a session request as plain values, for comparing, storing and restoring."""

from collections.abc import Mapping
from typing import Any

from muntada.programme.requests.actions.requests import WORDS, NewRequest, one_line

type RequestText = Mapping[str, Any]


def words_typed(new: NewRequest) -> dict[str, Any]:
    """Return all fields of the input for comparison."""
    plain = {name: getattr(new, name) for name in WORDS}
    return plain | {
        "title": one_line(new.title),
        "answers": new.answers.strip(),
        "said": dict(new.said),
        **{name: sorted(set(plain[name])) for name in ("needs", "spoken", "line_codes", "goal_codes")},
    }


def request_from(words: RequestText) -> NewRequest:
    """Restore a request from plain values; unknown ones are dropped."""
    return NewRequest(**{name: words[name] for name in WORDS if name in words})
