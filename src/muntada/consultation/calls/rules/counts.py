"""How those heard are counted, and which numbers of people are kept back."""

from collections.abc import Mapping

from muntada.forums.rules.schemes import SHOWN_FIRST, Scheme, SchemeDimension, schemes

SMALLEST_NUMBER_SHOWN = 5
# Who said nothing of themselves is counted too.
UNKNOWN = ""


def counted_by() -> tuple[Scheme, Scheme]:
    """Return by what everybody is counted: the schemes of stakeholders and of regions shown first."""
    first = {scheme.dimension: scheme for scheme in reversed(schemes()) if scheme.key in SHOWN_FIRST}
    return first[SchemeDimension.STAKEHOLDER], first[SchemeDimension.REGION]


def kept_back(numbers: Mapping[str, int], smallest: int = SMALLEST_NUMBER_SHOWN) -> frozenset[str]:
    """Return which numbers of people are not shown, where all others and their total are.

    Each number from 1 up to `smallest` is kept back. One alone could be found by subtraction, and so could
    several that are as small as they can be: the groups that follow are kept back with them, whatever their
    size (to choose by size would give the size away), until each could be any number from 1 to `smallest`.
    If there are not enough of them, nothing is shown at all.
    """
    codes = list(numbers)
    small = [code for code in codes if 0 < numbers[code] < smallest]
    if not small:
        return frozenset()
    first = codes.index(small[0])
    following = [code for code in codes[first:] + codes[:first] if numbers[code] >= smallest]
    hidden = set(small)
    while not is_safe(len(hidden), sum(numbers[code] for code in hidden), smallest):
        if not following:
            return frozenset(codes)
        hidden.add(following.pop(0))
    return frozenset(hidden)


def is_safe(hidden: int, together: int, smallest: int) -> bool:
    return hidden > 1 and together >= smallest + hidden - 1
