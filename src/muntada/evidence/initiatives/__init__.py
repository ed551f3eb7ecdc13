"""Initiatives of the stocktaking: registered, checked, listed, compared, imported; who works with whom."""
