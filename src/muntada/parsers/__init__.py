"""Parsers for untrusted files: pure functions with limits, independent of the platform.

The platform runs them in a separate process (`muntada.foundations.bounded`); engines and the
command line call them directly for files of analysts.
"""
