r"""Readers of statistical sources: each format has a small reader; all yield the same observations.

    >>> from muntada.engines.readers import SourcePart, read, sight_of
    >>> part = SourcePart("users.csv", b"series,area,year,value\nusers,CHE,2023,98\nusers,KEN,2023,35\n")
    >>> sight = sight_of(part)
    >>> [(one.area, one.year, one.value) for one in read([part], sight, sight.columns)]
    [('CHE', 2023, 98.0), ('KEN', 2023, 35.0)]

Formats are recognized by content: tables as CSV or XLSX, SDMX-CSV, SDMX-JSON and SDMX-ML, the APIs
of the World Bank, UNSD and ITU, and data packages. See docs/engines/readers.md.
"""

import lazy_loader

# Names listed in __init__.pyi are loaded on first use, so importing one part does not load a solver.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
