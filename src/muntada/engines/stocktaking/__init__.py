"""Entries of a stocktaking: who works with whom, who can help whom, and which entries say the same.

    >>> from muntada.engines.stocktaking import Work, components, graph_of
    >>> graph = graph_of([Work("w1", ("ITU", "UNESCO")), Work("w2", ("UNESCO", "UNDP"))])
    >>> graph.nodes
    ('ITU', 'UNDP', 'UNESCO')
    >>> components(graph)
    (('UNESCO', 'ITU', 'UNDP'),)

`duplicates` finds entries that say the same, `matches` what is sought beside what is offered. The method is
described in docs/engines/stocktaking.md.
"""

import lazy_loader

# What is named in __init__.pyi is loaded when it is asked for, so that no import of a part loads a solver.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
