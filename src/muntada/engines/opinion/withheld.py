"""Decide which small numbers to withhold, and which others so that none can be found by subtraction."""

from collections.abc import Collection, Sequence


def withheld(sizes: Sequence[int], rest: int, smallest: int, already: Collection[int] = ()) -> frozenset[int]:
    """Return the indices of the sizes to withhold.

    The total is known, and so is each size shown. The sum of the withheld sizes and the `rest` (people
    in no group) can therefore be found by subtraction. The withheld sum must be at least `smallest`,
    and never a single group; the next smallest group is added until both hold. A size of 0 is known to
    readers.
    """
    present = [place for place, size in enumerate(sizes) if size > 0]
    kept = {place for place in present if sizes[place] < smallest or place in already}
    others = sorted(
        (place for place in present if place not in kept), key=lambda place: (sizes[place], place)
    )
    while others:
        together = rest + sum(sizes[place] for place in kept)
        alone = len(kept) == 1 and rest == 0
        if not 0 < together < smallest and not alone:
            break
        kept.add(others.pop(0))
    return frozenset(kept)
