"""Check the links of Markdown pages, including headings."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

# External addresses, and symbols of the platform used as examples.
ELSEWHERE = re.compile(r"[a-z]+:|//|[A-Z]/\d+$")
_ANCHOR = re.compile(r"<a (?:id|name)=\"([^\"]+)\"")
_NO_SLUG = re.compile(r"[^\w\- ]")


def pages(root: Path) -> list[Path]:
    """Return the pages of a project whose links are checked."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "benchmarks").rglob("*.md")])


def faults(page: Path) -> Iterator[str]:
    """Yield a sentence for each broken link of this page."""
    for link in _links(page):
        if ELSEWHERE.match(link):
            continue
        name, _, heading = unquote(link).partition("#")
        target = page.parent / name if name else page
        if not target.exists():
            yield f"{page.name}: {link} is not there"
        elif heading and target.suffix == ".md" and heading not in anchors(target):
            yield f"{page.name}: {link} names a heading that is not there"


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page, named after its headings as on GitHub."""
    text = page.read_text(encoding="utf-8")
    found, seen = set(_ANCHOR.findall(text)), Counter[str]()
    tokens = MarkdownIt().parse(text)
    for opened, inside in pairwise(tokens):
        if opened.type == "heading_open":
            words = "".join(
                one.content for one in inside.children or () if one.type in {"text", "code_inline"}
            )
            slug = _NO_SLUG.sub("", words.strip().lower()).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return found


def _links(page: Path) -> Iterator[str]:
    waiting: list[Token] = MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8"))
    for token in waiting:
        for inner in token.children or ():
            link = inner.attrGet("href" if inner.type == "link_open" else "src")
            if inner.type in {"link_open", "image"} and isinstance(link, str):
                yield link
