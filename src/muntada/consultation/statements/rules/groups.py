"""Which groups of a map are large enough to be shown."""

from collections.abc import Sequence

# A group of fewer people is not shown: its members could be told apart.
SMALLEST_GROUP_SHOWN = 5


def groups_shown(sizes: Sequence[int], ungrouped: int) -> tuple[int, ...]:
    """Return the places of the groups that are shown, of sizes in falling order.

    A group of a few people is not, and what could be found by taking all others off the whole, people in no
    group among it, is a few people neither: then the smallest of the others goes with it.
    """
    shown = [place for place, size in enumerate(sizes) if size >= SMALLEST_GROUP_SHOWN]
    if len(shown) == len(sizes):
        return tuple(shown)
    beside = ungrouped + sum(size for size in sizes if size < SMALLEST_GROUP_SHOWN)
    if beside < SMALLEST_GROUP_SHOWN:
        smallest = min(shown, key=lambda place: (sizes[place], -place), default=None)
        shown = [place for place in shown if place != smallest]
    return tuple(shown)
