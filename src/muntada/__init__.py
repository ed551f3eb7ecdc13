"""Muntada: a review forum from the open call to the adopted text, each word traceable."""

__version__ = "0.1.0"
