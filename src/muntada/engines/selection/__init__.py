"""Choose requests by score under capacities and rules, with the price of each rule.

    >>> from muntada.engines.selection import Cap, Capacity, SelectionProblem, RequestSpec, select
    >>> requests = (
    ...     RequestSpec("r1", score=9, groups={"organisation": frozenset({"itu"})}),
    ...     RequestSpec("r2", score=8, groups={"organisation": frozenset({"itu"})}),
    ...     RequestSpec("r3", score=5, groups={"organisation": frozenset({"unesco"})}),
    ... )
    >>> rules = (Cap("one-each", scheme="organisation", most=1),)
    >>> choice = select(SelectionProblem(requests, (Capacity("all", sessions=2),), rules), seed=1)
    >>> choice.chosen, choice.score, choice.status.value
    (('r1', 'r3'), 14.0, 'optimal')
    >>> [(price.condition, price.points) for price in choice.prices if price.condition == "one-each"]
    [('one-each', 3.0)]

The price of a rule is the score lost by keeping it. The method is described in
docs/engines/selection.md.
"""

import lazy_loader

# Names listed in __init__.pyi are loaded on first use, so importing one part does not load a solver.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
