"""What a session request says, as plain values: to compare two versions, to keep one, to put one back."""

from collections.abc import Mapping
from typing import Any

from muntada.programme.requests.actions.requests import WORDS, NewRequest, one_line

type RequestText = Mapping[str, Any]


def words_typed(new: NewRequest) -> dict[str, Any]:
    """Return every field of what is typed, so that it can be compared with what stands."""
    plain = {name: getattr(new, name) for name in WORDS}
    return plain | {
        "title": one_line(new.title),
        "answers": new.answers.strip(),
        "said": dict(new.said),
        **{name: sorted(set(plain[name])) for name in ("needs", "spoken", "line_codes", "goal_codes")},
    }


def request_from(words: RequestText) -> NewRequest:
    """Put plain values back into what a request says; what is not known of them is left out."""
    return NewRequest(**{name: words[name] for name in WORDS if name in words})
