"""Find groups of people who vote alike, and the statements that unite or divide them.

    >>> from datetime import UTC, datetime
    >>> from muntada.engines.opinion import AGREE, DISAGREE, VoteEvent, VoteTable, analyse
    >>> now = datetime(2025, 7, 7, tzinfo=UTC)
    >>> votes = [
    ...     VoteEvent(f"p{person}", f"s{text}", AGREE if person % 2 == text % 2 else DISAGREE, now)
    ...     for person in range(20)
    ...     for text in range(10)
    ... ]
    >>> opinion = analyse(VoteTable.from_events(votes), seed=1)
    >>> [group.size for group in opinion.groups]
    [10, 10]

`read_polis` reads the votes of a Polis export; `as_plain_values` turns a result into values for
JSON. The method is described in docs/engines/opinion.md.
"""

import lazy_loader

# Names listed in __init__.pyi are loaded on first use, so importing one part does not load a solver.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
