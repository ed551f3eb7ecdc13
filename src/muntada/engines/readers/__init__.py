r"""Readers of figures: each source a small reader, one shape out. No network, no database, no clock.

    >>> from muntada.engines.readers import Part, read, sight_of
    >>> part = Part("users.csv", b"series,area,year,value\nusers,CHE,2023,98\nusers,KEN,2023,35\n")
    >>> sight = sight_of(part)
    >>> [(one.area, one.year, one.value) for one in read([part], sight, sight.columns)]
    [('CHE', 2023, 98.0), ('KEN', 2023, 35.0)]

Tables as CSV or XLSX, SDMX-CSV, SDMX-JSON and SDMX-ML, the answers of the World Bank, of UNSD and of ITU, and
data packages are recognised by their content: docs/engines/readers.md.
"""

import lazy_loader

# What is named in __init__.pyi is loaded when it is asked for, so that no import of a part loads a solver.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
