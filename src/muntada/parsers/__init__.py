"""Reading of files that strangers made: pure, with bounds, and with no part of the platform.

The platform runs these in a process of their own (`muntada.foundations.bounded`); engines and the command
line read an analyst's own files with them directly.
"""
