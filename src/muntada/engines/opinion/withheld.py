"""Which small numbers are kept back, and which others with them so that nobody finds them by subtraction."""

from collections.abc import Collection, Sequence


def withheld(sizes: Sequence[int], rest: int, smallest: int, already: Collection[int] = ()) -> frozenset[int]:
    """Give the places of the sizes to keep back.

    Everybody's total is known, and so is each size that is shown: what is kept back together with the `rest`
    (who belongs to none) can be found by subtraction. So it must be `smallest` people or more, and never a
    single group alone; the next smallest group is kept back with it until that holds. A size of 0 is known.
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
