"""Which opinion groups may be shown."""

from collections.abc import Sequence

# Members of a smaller group could be identified.
SMALLEST_GROUP_SHOWN = 5


def groups_shown(sizes: Sequence[int], ungrouped: int) -> tuple[int, ...]:
    """Return the indices of the groups shown, given sizes in descending order.

    Small groups are hidden, and so is a remainder that is small: the next smallest group is then
    hidden, too.
    """
    shown = [place for place, size in enumerate(sizes) if size >= SMALLEST_GROUP_SHOWN]
    if len(shown) == len(sizes):
        return tuple(shown)
    beside = ungrouped + sum(size for size in sizes if size < SMALLEST_GROUP_SHOWN)
    if beside < SMALLEST_GROUP_SHOWN:
        smallest = min(shown, key=lambda place: (sizes[place], -place), default=None)
        shown = [place for place in shown if place != smallest]
    return tuple(shown)
