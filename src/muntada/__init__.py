"""Muntada: a platform for a multistakeholder review forum, from the call to the adopted text."""

__version__ = "0.1.0"
