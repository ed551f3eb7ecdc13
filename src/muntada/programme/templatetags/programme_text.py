"""What the pages of the programme ask of what they are given."""

from collections.abc import Mapping

from django import template

from muntada.programme.queries.exchange import ReleasedSession

register = template.Library()


@register.filter
def held_with(
    overlaps: Mapping[int, tuple[ReleasedSession, ...]] | str, number: int
) -> tuple[ReleasedSession, ...]:
    """`{{ overlaps|held_with:12 }}`: the sessions held at the same time as S/12; none where nobody looked."""
    return overlaps.get(number, ()) if isinstance(overlaps, Mapping) else ()
