"""A form that is sent twice can be told: each carries the token by which a sending is known."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

import muntada

ROOT = Path(muntada.__file__).parent
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL | re.IGNORECASE)
TOKEN = re.compile(r"{% csrf_token %}")
WITHOUT = {
    "foundations/templates/503.html": "Gives back what was sent, the token of that sending among it.",
}
# Views whose effect is the same however often they are asked for.
MAY_REPEAT = {
    "consultation:cast",
    "evidence:showcase_vote",
    "programme:mark",
}


def posting_forms() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob("*.html")):
        for tag, inside in FORM.findall(path.read_text(encoding="utf-8")):
            if re.search(r"method=.?post", tag, re.IGNORECASE):
                yield str(path.relative_to(ROOT)), inside


def views(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern, pattern.namespace or space)
        else:
            yield f"{space}:{pattern.name}", pattern


def test_each_form_that_posts_carries_the_token():
    found = list(posting_forms())
    assert len(found) > 150
    assert {place for place, inside in found if not TOKEN.search(inside)} == WITHOUT.keys()


def test_what_may_repeat_is_known_and_has_a_reason():
    found = {name: one.callback for name, one in views(get_resolver()) if hasattr(one.callback, "may_repeat")}
    assert found.keys() == MAY_REPEAT
    assert all(len(view.may_repeat) > 20 for view in found.values())
