"""Initiatives of the stocktaking: registration, checks, list, duplicates, import, cooperation."""
