"""Render texts safely: Markdown with citations as links."""

from collections.abc import Mapping
from typing import Any

import nh3
from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from muntada.foundations.languages import direction
from muntada.record.rules import SymbolRef, address, looks_like_symbol, markdown_reader, split_citations

register = template.Library()

_TAGS = {
    "p",
    "br",
    "em",
    "strong",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "h3",
    "h4",
    "h5",
    "hr",
}
_ATTRIBUTES = {"a": {"href", "class"}}


def _link_citations(state: StateCore) -> None:
    """Turn `[C/12]` in text into a link, after Markdown parsing."""
    for block in state.tokens:
        if block.type == "inline" and block.children:
            tokens = _without_false_citations(block.children)
            block.children = [piece for token in tokens for piece in _pieces(token, state.env)]
        if block.type in {"heading_open", "heading_close"}:
            block.tag = "h3" if block.tag in {"h1", "h2", "h3"} else "h4"


def _without_false_citations(tokens: list[Token]) -> list[Token]:
    """Remove links that contain a citation or look like one: citations only lead inside the forum."""
    kept: list[Token] = []
    opened: list[Token] = []
    for token in tokens:
        if token.type == "link_open":
            opened = [token]
        elif token.type == "link_close":
            inside = opened[1:]
            kept += inside if _reads_like_citation(inside) else [*opened, token]
            opened = []
        else:
            (opened or kept).append(token)
    return kept


def _reads_like_citation(tokens: list[Token]) -> bool:
    words = "".join("\n" if token.type.endswith("break") else token.content for token in tokens)
    return looks_like_symbol(words) or any(isinstance(part, SymbolRef) for part in split_citations(words))


def _pieces(token: Token, env: Mapping[str, Any]) -> list[Token]:
    if token.type != "text":
        return [token]
    pieces = []
    for part in split_citations(token.content):
        if isinstance(part, SymbolRef):
            slug = part.prefix.lower() if part.prefix else env["slug"]
            opened = Token(
                "link_open", "a", 1, attrs={"href": address(slug, part.kind, part.number), "class": "cite"}
            )
            pieces += [opened, Token("text", "", 0, content=str(part)), Token("link_close", "a", -1)]
        else:
            pieces.append(Token("text", "", 0, content=part))
    return pieces


_markdown = markdown_reader(breaks=True)
_markdown.core.ruler.push("citations", _link_citations)


def to_html(text: str, slug: str) -> SafeString:
    """Return safe HTML of a Markdown text of the forum with this slug."""
    html = _markdown.render(text, {"slug": slug})
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"})
    return mark_safe(clean)  # noqa: S308  (nh3 cleaned it)


@register.simple_tag
def prose(text: str, language: str, slug: str) -> SafeString:
    """`{% prose text language forum.slug %}`: a text in its own language and direction."""
    return format_html(
        '<div class="prose" lang="{}" dir="{}">{}</div>', language, direction(language), to_html(text, slug)
    )


@register.filter
def isolated(text: str) -> SafeString:
    """Isolate a name or symbol from the direction of the text around it."""
    return format_html("<bdi>{}</bdi>", conditional_escape(text))
