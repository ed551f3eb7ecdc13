"""Render a session in the list and the table.

A page of all days has three hundred; this takes a third of the time of a template. All texts are
escaped.
"""

from collections.abc import Iterator, Mapping
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from muntada.forums.templatetags.forum_text import named_language
from muntada.programme.public.pages import GridSession
from muntada.programme.releases.queries import ReleasedSession

EXCERPT = 240

register = template.Library()


@register.simple_tag
def held_cell(told: GridSession, marked: frozenset[int]) -> SafeString:
    """`{% held_cell cell.told marked %}`: a session in a table cell."""
    # Small screens have no columns, so the room is repeated.
    room = f'<span class="held-room" dir="auto">{escape(told.room)}</span>'
    return _safe(
        f'<p class="held-when"><bdi>{told.when}</bdi> {room}</p>\n'
        f'<p class="held-title">{held_title(told)}</p>\n'
        f'<p class="held-facts">{" · ".join(_facts(told))}</p>\n{held_from(told)}{star(told, marked)}'
    )


@register.simple_tag
def held_title(told: GridSession) -> SafeString:
    """`{% held_title one %}`: the title in its language, as a link."""
    return _safe(
        f'<a href="{escape(told.url)}" lang="{escape(told.language)}" dir="{told.direction}">'
        f"{escape(told.title)}</a>"
    )


@register.simple_tag
def held_excerpt(told: GridSession) -> SafeString:
    """`{% held_excerpt one %}`: the beginning of the description, if any."""
    words = " ".join(told.description.split())
    if not words:
        return SafeString()
    shown = words if len(words) <= EXCERPT else f"{words[: EXCERPT - 1].rstrip()}…"
    lang = escape(told.language)
    return _safe(f'<p class="held-excerpt" lang="{lang}" dir="{told.direction}">{escape(shown)}</p>')


@register.simple_tag
def held_facts(told: GridSession) -> SafeString:
    """`{% held_facts one %}`: symbol, kind, track, lines, and languages that differ from the page's."""
    track = [f"<bdi>{escape(told.track)}</bdi>"] if told.track else []
    kind, *others = _facts(told)
    return _safe(" · ".join([f"<bdi>{told.symbol}</bdi>", kind, *track, *others]))


@register.simple_tag
def held_from(told: GridSession) -> SafeString:
    """`{% held_from one %}`: its requests, if any."""
    if not told.requests:
        return SafeString()
    links = ", ".join(f'<a href="{escape(url)}"><bdi>{symbol}</bdi></a>' for symbol, url in told.requests)
    return _safe(f'<p class="held-facts">{escape(gettext("From"))} {links}</p>')


@register.simple_tag
def star(told: GridSession, marked: frozenset[int]) -> SafeString:
    """`{% star one marked %}`: the button for my programme, shown with scripts."""
    return _safe(
        f'<button type="button" class="star" hidden data-mark="{told.number}" '
        f'aria-pressed="{"true" if told.number in marked else "false"}" '
        f'aria-label="{escape(gettext("My programme"))} {told.symbol}"></button>'
    )


def _facts(told: GridSession) -> Iterator[str]:
    yield escape(told.kind_name)
    if told.languages != (get_language(),):
        yield from (escape(named_language(code)) for code in told.languages)
    yield from (f"<bdi>{escape(code)}</bdi>" for code in told.lines)
    if told.is_invented:
        yield escape(gettext("invented"))


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - see the head of this file


@register.filter
def held_with(
    overlaps: Mapping[int, tuple[ReleasedSession, ...]] | str, number: int
) -> tuple[ReleasedSession, ...]:
    """`{{ overlaps|held_with:12 }}`: the sessions at the same time as S/12."""
    return overlaps.get(number, ()) if isinstance(overlaps, Mapping) else ()
