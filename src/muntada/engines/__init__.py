"""Pure computing: problem in, result out. No Django, no database, no clock, no network.

Each engine is a folder with one function at its door; `tables` reads the plain files they all start from, and
`reasons` marks the sentences that somebody else will translate.
"""
