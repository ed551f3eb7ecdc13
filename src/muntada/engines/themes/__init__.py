"""Suggest themes, duplicates and related texts across languages. People decide.

    >>> from muntada.engines.themes import IdentifiedText, suggest
    >>> texts = [
    ...     IdentifiedText("a", "en", "Bring affordable internet to every rural school."),
    ...     IdentifiedText("b", "en", "Bring affordable internet to every rural school!"),
    ...     IdentifiedText("c", "en", "Protect the personal data of children."),
    ... ]
    >>> [(one.one, one.other) for one in suggest.matches(texts)]
    [('a', 'b')]
    >>> suggest.near(IdentifiedText("", "en", "Protect personal data of children"), texts)[0].id
    'c'

`suggest` also has `campaigns`, `groups`, `lines` and `keywords`. The method is described in
docs/engines/themes.md.
"""

import lazy_loader

# Names listed in __init__.pyi are loaded on first use, so importing one part does not load a solver.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
