"""Entries of a stocktaking: networks of organizations, duplicate entries, matching of needs and offers.

    >>> from muntada.engines.stocktaking import JointWork, components, graph_of
    >>> graph = graph_of([JointWork("w1", ("ITU", "UNESCO")), JointWork("w2", ("UNESCO", "UNDP"))])
    >>> graph.nodes
    ('ITU', 'UNDP', 'UNESCO')
    >>> components(graph)
    (('UNESCO', 'ITU', 'UNDP'),)

`duplicates` finds entries that describe the same initiative, `matches` pairs what is sought with
what is offered. The method is described in docs/engines/stocktaking.md.
"""

import lazy_loader

# Names listed in __init__.pyi are loaded on first use, so importing one part does not load a solver.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
