"""Pure computation: a problem goes in, a result comes out. No Django, database, clock or network.

Each engine is a package with one main function. `tables` reads the plain files, `reasons` marks
sentences for translation by the caller.
"""
