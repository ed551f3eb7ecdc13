"""Counting people by group, and withholding small numbers."""

from collections.abc import Mapping

from muntada.forums.rules.schemes import SHOWN_FIRST, Scheme, SchemeDimension, schemes

SMALLEST_NUMBER_SHOWN = 5
# The group of people without declarations.
UNKNOWN = ""


def counted_by() -> tuple[Scheme, Scheme]:
    """Return the schemes that count everybody: the default ones of stakeholders and regions."""
    first = {scheme.dimension: scheme for scheme in reversed(schemes()) if scheme.key in SHOWN_FIRST}
    return first[SchemeDimension.STAKEHOLDER], first[SchemeDimension.REGION]


def withheld_count(numbers: Mapping[str, int], smallest: int = SMALLEST_NUMBER_SHOWN) -> frozenset[str]:
    """Return the groups whose numbers are withheld, if all others and the total are shown.

    Numbers from 1 to `smallest` are withheld. A single one could be found by subtraction, and so could
    several with the smallest possible values. So the following groups are withheld, too, whatever their
    size (a choice by size would reveal it), until each could be any number from 1 to `smallest`. If
    there are too few groups, nothing is shown.
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
